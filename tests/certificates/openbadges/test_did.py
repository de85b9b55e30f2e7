"""A site has a did:web, and its keys are found there under their names."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.jose import (
    NotAuthentic,
    jwk_of,
    thumbprint,
)
from certificates.openbadges.did import PublishedKey, did_document, did_of, multikey
from certificates.openbadges.multibase import (
    base58btc,
)
from tests.certificates.badges import DID, SITE
from tests.certificates.signers import p256_signer
from tests.certificates.verifiers.keys import key_of
from tests.certificates.verifiers.multibase import from_base58btc

from .badge_keys import PROVER, PUBLISHED, SIGNER


@pytest.mark.parametrize(
    ("site_url", "did"),
    [
        ("https://certificates.example.org", "did:web:certificates.example.org"),
        ("http://localhost:8000", "did:web:localhost%3A8000"),
        ("https://example.org:8443/training/", "did:web:example.org%3A8443:training"),
    ],
)
def test_the_site_has_a_did(site_url: str, did: str):
    assert did_of(site_url) == did


def test_old_keys_stay_and_a_compromised_one_asserts_nothing():
    stolen = PublishedKey(
        key_id="old/1", public_key=p256_signer().public_key, compromised_at=datetime(2026, 1, 2, tzinfo=UTC)
    )

    document = did_document(site_url=SITE, keys=[*PUBLISHED, stolen])

    assert [method["type"] for method in document["verificationMethod"]] == [
        "JsonWebKey",
        "Multikey",
        "JsonWebKey",
    ]
    assert document["verificationMethod"][2]["id"] == f"{DID}#old%2F1"
    assert document["verificationMethod"][2]["revoked"] == "2026-01-02T00:00:00Z"
    assert document["assertionMethod"] == [f"{DID}#credentials-2026", f"{DID}#proofs-2026"]


def test_a_key_survives_its_json_form():
    for signer in (SIGNER, PROVER):
        assert thumbprint(key_of(jwk_of(signer.public_key))) == thumbprint(signer.public_key)


def test_the_thumbprint_is_that_of_rfc_8037():
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}

    expected = base64.urlsafe_b64decode("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k=")
    assert thumbprint(key_of(jwk)) == expected


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "RSA", "crv": "", "n": "AQAB"},
        {"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AQ"},
    ],
)
def test_what_is_no_key_of_ours_is_refused(jwk: dict[str, str]):
    with pytest.raises(NotAuthentic):
        key_of(jwk)


def test_a_multikey_is_that_of_the_standard():
    # Data Integrity EdDSA Cryptosuites 1.0, B.1: the key pair of all its vectors.
    text = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    raw = from_base58btc(text)

    key = key_of(
        {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(raw[2:]).decode().rstrip("=")}
    )

    assert multikey(key) == text


@given(st.binary(max_size=70))
def test_base58_gives_its_bytes_back(data: bytes):
    assert from_base58btc(base58btc(data)) == data
