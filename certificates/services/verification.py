"""What the public page answers about a code."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.crypto import salted_hmac

from certificates.codes import parse_code
from certificates.enums import CredentialState, LookupResult
from certificates.models import Credential, Lookup, StatusEvent

LOOKUPS_PER_MINUTE = 30
# Long enough to see who tried codes before an exam or a trial; then nobody's business.
KEPT = dt.timedelta(days=365)


@dataclass(frozen=True)
class Verification:
    """An answer: the result, the certificate where there is one, and the event that ended it where one did."""

    result: LookupResult
    code: str
    credential: Credential | None = None
    ended: StatusEvent | None = None
    successor: Credential | None = None


def _client_hash(address: str) -> str:
    """Tell clients apart within one day without keeping their address."""
    day_and_address = f"{timezone.localdate()}/{address}"
    return salted_hmac("certificates.lookup", day_and_address, algorithm="sha256").hexdigest()[:32]


def too_many_lookups(*, address: str) -> bool:
    """Say whether a client asked more than `LOOKUPS_PER_MINUTE` times in the last minute."""
    since = timezone.now() - dt.timedelta(minutes=1)
    return (
        Lookup.objects.filter(client_hash=_client_hash(address), at__gte=since).count() >= LOOKUPS_PER_MINUTE
    )


def verify(*, typed: str, address: str) -> Verification:
    """Look up a code as somebody typed it, and keep a line about the lookup."""
    verification = _verify(typed)
    Lookup.objects.create(
        code=verification.code,
        result=verification.result,
        at=timezone.now(),
        client_hash=_client_hash(address),
    )
    return verification


def _verify(typed: str) -> Verification:
    code = parse_code(typed)
    if code is None:
        return Verification(LookupResult.MALFORMED, "")
    credential = (
        Credential.objects.filter(code=code).select_related("type", "superseded_by", "renewed_by").first()
    )
    if credential is None:
        return Verification(LookupResult.UNKNOWN, code)
    return answer_about(credential)


def answer_about(credential: Credential) -> Verification:
    """What the register says about a certificate today. Asks nothing where `events` and both successors are fetched."""
    ending = [event for event in credential.events.all() if event.status == credential.state]
    successor = getattr(credential, "superseded_by", None) or getattr(credential, "renewed_by", None)
    return Verification(
        result_of(credential), credential.code, credential, ending[-1] if ending else None, successor
    )


def result_of(credential: Credential) -> LookupResult:
    """What the public page says about a certificate today."""
    if credential.state == CredentialState.IN_FORCE:
        return LookupResult.EXPIRED if credential.is_expired else LookupResult.VALID
    return _RESULTS[CredentialState(credential.state)]


_RESULTS = {
    CredentialState.SUSPENDED: LookupResult.SUSPENDED,
    CredentialState.REVOKED: LookupResult.REVOKED,
    CredentialState.SUPERSEDED: LookupResult.REPLACED,
    CredentialState.RENEWED: LookupResult.REPLACED,
}


def forget_old_lookups() -> int:
    """Delete lookups older than `KEPT`. Returns how many."""
    deleted, _by_model = Lookup.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return deleted
