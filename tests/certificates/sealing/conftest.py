"""One demo authority and a key of each kind for all tests: making RSA keys is slow."""

import datetime as dt

import pytest

from certificates.sealing import (
    Algorithm,
    Authority,
    FileSigner,
    LocalTimestamper,
    PublishedSeal,
    Sealer,
    Timestamper,
    Trust,
    new_authority,
    new_private_key,
    seal,
)
from tests.certificates.sealing.papers import unsealed_pdf

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


def certified(
    authority: Authority, algorithm: Algorithm, key_id: str, *, timestamps: bool = False
) -> FileSigner:
    private_key = new_private_key(algorithm)
    certify = authority.certify_timestamps if timestamps else authority.certify_seal
    return FileSigner(
        key_id=key_id,
        private_key=private_key,
        certificate=certify(private_key.public_key(), common_name=key_id, now=NOW),
        chain=(authority.certificate,),
    )


def published(signer: FileSigner, **claims: dt.datetime) -> PublishedSeal:
    return PublishedSeal(signer.key_id, signer.certificate, signer.chain, **claims)


@pytest.fixture(scope="session")
def authority() -> Authority:
    return new_authority(private_key=new_private_key(Algorithm.ES256), now=NOW)


@pytest.fixture(scope="session")
def signer(authority: Authority) -> FileSigner:
    return certified(authority, Algorithm.ES256, "seal-p256")


@pytest.fixture(scope="session")
def rsa_signer(authority: Authority) -> FileSigner:
    return certified(authority, Algorithm.RS256, "seal-rsa")


@pytest.fixture(scope="session")
def stranger() -> FileSigner:
    """A key under an authority that names itself exactly like ours."""
    return certified(
        new_authority(private_key=new_private_key(Algorithm.ES256), now=NOW), Algorithm.ES256, "seal-p256"
    )


@pytest.fixture(scope="session")
def stamping_signer(authority: Authority) -> FileSigner:
    return certified(authority, Algorithm.ES256, "timestamps", timestamps=True)


@pytest.fixture(scope="session")
def timestamper(stamping_signer: FileSigner) -> Timestamper:
    return LocalTimestamper(stamping_signer, lambda: NOW)


@pytest.fixture(scope="session")
def trust(authority: Authority, signer: FileSigner, rsa_signer: FileSigner) -> Trust:
    return Trust(
        seals=(published(signer), published(rsa_signer)),
        timestamp_roots=(authority.certificate,),
        revocation_lists=(authority.revocation_list([], now=NOW),),
    )


@pytest.fixture(scope="session")
def sealed(signer: FileSigner) -> bytes:
    return seal(unsealed_pdf(), Sealer(signer))
