"""Whose seals are ours: the certificates we published, and nobody's else. No trust store of the system is asked."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cryptography import x509

from certificates.sealing.cms import CmsTemplate
from certificates.sealing.signing import algorithm_of, fingerprint


@dataclass(frozen=True)
class PublishedSeal:
    """A key that seals or once sealed PDFs. `compromised_at`: since when somebody else may have had it."""

    key_id: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    compromised_at: dt.datetime | None = None

    @cached_property
    def template(self) -> CmsTemplate:
        return _template_of(self.certificate, self.chain)

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.certificate)


@lru_cache(maxsize=64)
def _template_of(certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> CmsTemplate:
    """One template for each key of the process: building it costs more than reading a seal."""
    return CmsTemplate(certificate, chain, algorithm_of(certificate.public_key()))


@dataclass(frozen=True)
class Trust:
    """What a reader believes: our seals, and the authorities whose time stamps count.

    `timestamp_roots` are the certificates at the top of timestamp authorities, `compromised_timestamp_certificates` those below them whose
    time stamps count no more (SHA-256 in hex: whoever has such a key can stamp any day); `certificates` and `revocation_lists`
    (DER) are what long-term files carry with them besides.
    """

    seals: tuple[PublishedSeal, ...] = ()
    timestamp_roots: tuple[x509.Certificate, ...] = ()
    compromised_timestamp_certificates: frozenset[str] = frozenset()
    certificates: tuple[x509.Certificate, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
