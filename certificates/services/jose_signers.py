"""Signers for JOSE and COSE: the keys of the site, limited to P-256 and Ed25519."""

from typing import cast

from certificates.enums import KeyRole
from certificates.errors import KeyRefused
from certificates.models import SigningKey
from certificates.services.signers import signer_for
from certificates.signer import PublicKey, Signer, algorithm_of


def jose_signer(role: KeyRole) -> Signer:
    """What signs for `role` now, a P-256 or Ed25519 key. Raises as `signer_for`, and KeyRefused for another kind."""
    signer = signer_for(role)
    _require_kind(signer.public_key)
    return cast("Signer", signer)


def jose_public_key(key: SigningKey) -> PublicKey:
    """The public half of a key for JOSE and COSE. Raises KeyRefused for another kind."""
    public_key = key.loaded_public_key()
    _require_kind(public_key)
    return cast("PublicKey", public_key)


def _require_kind(public_key: object) -> None:
    try:
        algorithm_of(cast("PublicKey", public_key))
    except ValueError as error:
        raise KeyRefused(why=str(error)) from error
