"""The trusted seals and timestamp authorities: only the certificates we published. The trust store of the system is not used."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cryptography import x509

from certificates.sealing.cms import CmsTemplate
from certificates.sealing.signing import algorithm_of, fingerprint


@dataclass(frozen=True)
class PublishedSeal:
    """A key that seals or sealed PDFs. `compromised_at`: since when it may have been compromised."""

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
    """What a reader trusts: our seals, and timestamp authorities.

    `timestamp_roots` are the certificates at the top of timestamp authorities, `compromised_timestamp_certificates` those below them whose
    time stamps are no longer trusted (SHA-256 in hex: with such a key, any date can be stamped); `certificates` and
    `revocation_lists` (DER) are embedded in long-term files.
    """

    seals: tuple[PublishedSeal, ...] = ()
    timestamp_roots: tuple[x509.Certificate, ...] = ()
    compromised_timestamp_certificates: frozenset[str] = frozenset()
    certificates: tuple[x509.Certificate, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
