"""Seals: PDFs that prove who issued them and that nothing was changed. Free of Django.

PAdES (ETSI EN 319 142-1) over CMS (RFC 5652). `seal` writes B-B in one pass, `add_long_term` makes B-LTA of it, and
`examine` verifies an uploaded file.
"""

from certificates.sealing.archive import add_long_term
from certificates.sealing.authority import Authority, new_authority
from certificates.sealing.errors import (
    KeyMismatch,
    KeyUnreadable,
    NoPlaceholder,
    NotArchivable,
    PlaceholderTooSmall,
    SealingError,
    SeveralPlaceholders,
    TimestampUnavailable,
    TokenUnavailable,
    UnsuitableKey,
)
from certificates.sealing.files import FileSigner, open_key_file, read_private_key, write_private_key
from certificates.sealing.reading import Coverage, SealReading, Verdict, examine
from certificates.sealing.sealer import BYTE_RANGE_PLACEHOLDER, Sealer, seal
from certificates.sealing.signing import (
    Algorithm,
    PrivateKey,
    PublicKey,
    Signer,
    algorithm_of,
    certificates_pem,
    fingerprint,
    is_signature_of,
    load_public_pem,
    new_private_key,
    public_pem,
)
from certificates.sealing.timestamps import HttpTimestamper, LocalTimestamper, Timestamper
from certificates.sealing.tokens import Token, TokenSigner, public_key_in, token_at
from certificates.sealing.trust import PublishedSeal, Trust

__all__ = [
    "BYTE_RANGE_PLACEHOLDER",
    "Algorithm",
    "Authority",
    "Coverage",
    "FileSigner",
    "HttpTimestamper",
    "KeyMismatch",
    "KeyUnreadable",
    "LocalTimestamper",
    "NoPlaceholder",
    "NotArchivable",
    "PlaceholderTooSmall",
    "PrivateKey",
    "PublicKey",
    "PublishedSeal",
    "SealReading",
    "Sealer",
    "SealingError",
    "SeveralPlaceholders",
    "Signer",
    "TimestampUnavailable",
    "Timestamper",
    "Token",
    "TokenSigner",
    "TokenUnavailable",
    "Trust",
    "UnsuitableKey",
    "Verdict",
    "add_long_term",
    "algorithm_of",
    "certificates_pem",
    "examine",
    "fingerprint",
    "is_signature_of",
    "load_public_pem",
    "new_authority",
    "new_private_key",
    "open_key_file",
    "public_key_in",
    "public_pem",
    "read_private_key",
    "seal",
    "token_at",
    "write_private_key",
]
