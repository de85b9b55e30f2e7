"""Status lists of revoked and suspended certificates (Bitstring Status List 1.0)."""

from typing import assert_never

from django.core.cache import cache
from django.utils import timezone

from certificates.enums import CredentialState, KeyRole
from certificates.models import Credential
from certificates.openbadges.credential import StatusPurpose
from certificates.openbadges.status_list import (
    MINIMUM,
    TIME_TO_LIVE,
    StatusBits,
    StatusList,
    sign_status_list,
)
from certificates.services.badges import site_did, status_list_url
from certificates.services.jose_signers import jose_signer

# A list is valid for TIME_TO_LIVE; our own cache may use this much of it.
CACHE_SECONDS = 60


def status_list(*, purpose: StatusPurpose, number: int) -> str | None:
    """List `number` as VC-JWT; None if no certificate has an index in it. Raises as `signer_for`.

    Two queries at most, none while it is cached. However long it is cached, `validUntil` ends it five minutes after it was true.
    """
    key = f"certificates.status-list/{status_list_url(purpose, number)}"
    token: str | None = cache.get(key)
    if token is None:
        first = number * MINIMUM
        # Beyond PostgreSQL's bigint there are no certificates.
        if first >= 2**63 - MINIMUM or not Credential.objects.filter(pk__gte=first).exists():
            return None
        token = _signed(purpose, number)
        cache.set(key, token, CACHE_SECONDS)
    return token


def _signed(purpose: StatusPurpose, number: int) -> str:
    first, now = number * MINIMUM, timezone.now().replace(microsecond=0)
    against = Credential.objects.filter(
        pk__gte=first, pk__lt=first + MINIMUM, state__in=_states(purpose)
    ).values_list("pk", flat=True)
    return sign_status_list(
        StatusList(
            url=status_list_url(purpose, number),
            issuer=site_did(),
            purpose=purpose,
            bits=StatusBits.of(pk - first for pk in against),
            issued_at=now,
            valid_until=now + TIME_TO_LIVE,
        ),
        signer=jose_signer(KeyRole.CREDENTIAL),
    )


def _states(purpose: StatusPurpose) -> tuple[CredentialState, ...]:
    """The states that set a bit. A replaced certificate is permanently invalid, as a revoked one is; the public page says why."""
    match purpose:
        case StatusPurpose.REVOCATION:
            return CredentialState.REVOKED, CredentialState.SUPERSEDED, CredentialState.RENEWED
        case StatusPurpose.SUSPENSION:
            return (CredentialState.SUSPENDED,)
    assert_never(purpose)
