"""Signing keys, and trust in seals and time stamps."""

from django.db.models import (
    QuerySet,
)

from certificates.enums import (
    KeyRole,
)
from certificates.models import (
    SigningKey,
)
from certificates.sealing import PublishedSeal, SealReading, Trust, fingerprint


def published_keys() -> QuerySet[SigningKey]:
    """All keys, also ended ones, by role, the newest first: old certificates are verified with them."""
    return SigningKey.objects.order_by("role", "-active_from", "-pk")


def active_key(role: KeyRole) -> SigningKey | None:
    """The active key of `role`."""
    return SigningKey.objects.filter(role=role, retired_at__isnull=True).first()


def seal_trust() -> Trust:
    """The trusted seals and timestamp authorities, in one query. For `sealing.examine`."""
    seals, roots, compromised = [], [], set()
    for key in SigningKey.objects.filter(role__in=[KeyRole.PDF_SEAL, KeyRole.TIMESTAMP]).order_by("-pk"):
        certificate, *chain = key.certificates()
        if key.role == KeyRole.PDF_SEAL:
            seals.append(PublishedSeal(key.key_id, certificate, tuple(chain), key.compromised_at))
        elif key.compromised_at:
            compromised.add(fingerprint(certificate))
        else:
            roots.append((certificate, *chain)[-1])
    return Trust(
        seals=tuple(seals),
        timestamp_roots=tuple(dict.fromkeys(roots)),
        compromised_timestamp_certificates=frozenset(compromised),
    )


def timestamp_key_of(reading: SealReading) -> SigningKey | None:
    """The key by which the last time stamp of a file is trusted: its own, else one with the same root."""
    keys = list(SigningKey.objects.filter(role=KeyRole.TIMESTAMP, compromised_at=None).order_by("-pk"))
    for place in (0, -1):
        for key in keys:
            if fingerprint(key.certificates()[place]) in reading.timestamped_by:
                return key
    return None


def has_demo_keys() -> bool:
    """Whether new seals are not trusted anywhere: an active key belongs to the demo authority."""
    return SigningKey.objects.filter(is_demo=True, retired_at__isnull=True).exists()
