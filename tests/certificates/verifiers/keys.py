"""The keys to verify with."""

from collections.abc import Iterable, Mapping

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from certificates.jose import NotAuthentic, from_base64url
from certificates.openbadges.did import PublishedKey, did_of, key_url
from certificates.signer import PublicKey


def asserting_keys(*, site_url: str, keys: Iterable[PublishedKey]) -> Mapping[str, PublicKey]:
    """The keys to verify with, by the `kid` that credentials carry."""
    did = did_of(site_url)
    return {key_url(did, key.key_id): key.public_key for key in keys if key.compromised_at is None}


def key_of(jwk: Mapping[str, str]) -> PublicKey:
    """The key of a JSON Web Key. Raises NotAuthentic for other kinds and for points that are not on the curve."""
    try:
        if (jwk["kty"], jwk["crv"]) == ("OKP", "Ed25519"):
            return Ed25519PublicKey.from_public_bytes(from_base64url(jwk["x"]))
        if (jwk["kty"], jwk["crv"]) == ("EC", "P-256"):
            x, y = (int.from_bytes(from_base64url(jwk[name]), "big") for name in ("x", "y"))
            return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    except (KeyError, ValueError) as fault:
        raise NotAuthentic("This is not a public key.") from fault
    raise NotAuthentic("Only P-256 and Ed25519 keys sign certificates.")
