"""Keys in files: PEM, PKCS #8 (RFC 5958), with or without a passphrase."""

import os
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from certificates.sealing.errors import KeyMismatch, KeyUnreadable
from certificates.sealing.signing import Algorithm, PrivateKey, PublicKey, algorithm_of


class FileSigner:
    """A `Signer` whose private key is in memory. Raises UnsuitableKey, or KeyMismatch for another key's certificate."""

    def __init__(
        self,
        *,
        key_id: str,
        private_key: PrivateKey,
        certificate: x509.Certificate | None = None,
        chain: tuple[x509.Certificate, ...] = (),
    ) -> None:
        self.key_id = key_id
        self.public_key: PublicKey = private_key.public_key()
        self.algorithm: Algorithm = algorithm_of(self.public_key)
        self.certificate = certificate
        self.chain = chain
        require_match(certificate, self.public_key, key_id)
        self.sign: Callable[[bytes], bytes] = _sign_with(private_key)


def _sign_with(key: PrivateKey) -> Callable[[bytes], bytes]:
    # Built once: building these objects costs as much as a signature.
    if isinstance(key, ec.EllipticCurvePrivateKey):
        # Deterministic (RFC 6979): the same certificate and key give the same file.
        ecdsa = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        return lambda data: key.sign(data, ecdsa)
    if isinstance(key, rsa.RSAPrivateKey):
        scheme, digest = padding.PKCS1v15(), hashes.SHA256()
        return lambda data: key.sign(data, scheme, digest)
    return key.sign


def require_match(certificate: x509.Certificate | None, public_key: PublicKey, key_id: str) -> None:
    """Raise KeyMismatch where there is a certificate and it belongs to another key."""
    if certificate is not None and certificate.public_key() != public_key:
        raise KeyMismatch(f"The certificate of {key_id} belongs to another key.")


def open_key_file(
    path: Path,
    *,
    key_id: str,
    passphrase: str = "",
    certificate: x509.Certificate | None = None,
    chain: tuple[x509.Certificate, ...] = (),
) -> FileSigner:
    """Read a private key. Raises KeyUnreadable, UnsuitableKey or KeyMismatch."""
    return FileSigner(
        key_id=key_id,
        private_key=read_private_key(path, passphrase=passphrase),
        certificate=certificate,
        chain=chain,
    )


def read_private_key(path: Path, *, passphrase: str = "") -> PrivateKey:
    """Read a key. A file without a passphrase is read whether or not one is given. Raises KeyUnreadable."""
    try:
        pem = path.read_bytes()
    except OSError as error:
        raise KeyUnreadable(f"The key file {path} cannot be read: {error.strerror}.") from error
    is_encrypted = b"ENCRYPTED" in pem
    try:
        key = serialization.load_pem_private_key(pem, passphrase.encode() if is_encrypted else None)
    except (ValueError, TypeError) as error:
        raise KeyUnreadable(f"The key file {path} is damaged or has another passphrase.") from error
    algorithm_of(key.public_key())
    return key  # type: ignore[return-value]  # algorithm_of refuses every other kind


def write_private_key(path: Path, key: PrivateKey, *, passphrase: str = "") -> None:
    """Write a new key file (mode 600) in a folder for its owner alone (mode 700). An existing file is never replaced."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption(),
    )
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
