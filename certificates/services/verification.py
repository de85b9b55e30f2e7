"""Verification of codes."""

import datetime as dt
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils import timezone

from certificates.codes import LENGTH, is_like_number, parse_code, symbols_in
from certificates.enums import CredentialState, LookupResult, LookupVia
from certificates.models import Credential, Lookup, StatusEvent
from certificates.queries.doubts import doubts_of
from certificates.queries.prerequisites import withdrawn_prerequisites
from certificates.services.rate_limits import RATE_LIMITS, client_hash

LOOKUPS_PER_MINUTE = RATE_LIMITS[LookupVia.CODE].lookups
# Retention of lookups: long enough to see who tried codes before an exam or a trial.
RETENTION = dt.timedelta(days=365)


@dataclass(frozen=True)
class Verification:
    """The result of a verification: the certificate, if there is one, and the event that ended it, if one did.

    `asked` is the typed text, empty for an uploaded file. `is_prerequisite_withdrawn`: its prerequisite is revoked or suspended; it may still be in force because an officer kept it.
    """

    result: LookupResult
    code: str
    credential: Credential | None = None
    ended: StatusEvent | None = None
    replacement: Credential | None = None
    is_prerequisite_withdrawn: bool = False
    asked: str = ""

    @property
    def is_number(self) -> bool:
        """Whether the number of a certificate was typed in place of its code."""
        return self.result == LookupResult.MALFORMED and is_like_number(self.asked)

    @property
    def symbols_of_short(self) -> int:
        """How many letters and digits were typed where they are fewer than a code has; 0 where something else is wrong."""
        typed = symbols_in(self.asked) if self.result == LookupResult.MALFORMED else ""
        return len(typed) if typed.isascii() and typed.isalnum() and len(typed) < LENGTH else 0

    @property
    def predecessor(self) -> Credential | None:
        """The certificate that this one replaces."""
        return self.credential and (self.credential.supersedes or self.credential.renews)


def look_up(typed: Sequence[str], *, via: LookupVia, client: str) -> list[Verification]:
    """Verify typed codes, in their order, as of today; writes a `Lookup` for each.

    The page, lists and the API all use this: as many queries for many codes as for one. `client` is
    `client_hash(address)`, or `client/<id>` of a client of the API.
    """
    verifications = read_register(typed)
    now = timezone.now()
    Lookup.objects.bulk_create(
        Lookup(code=one.code, result=one.result, via=via, at=now, client_hash=client) for one in verifications
    )
    return verifications


def verify(*, typed: str, address: str) -> Verification:
    """Look up one code for the person at an address."""
    return look_up([typed], via=LookupVia.CODE, client=client_hash(address))[0]


def record_lookup(result: LookupResult, *, code: str, via: LookupVia, address: str) -> None:
    """Write a `Lookup` for a question that was not a code: its result, and a hash of the client."""
    Lookup.objects.create(
        code=code, result=result, via=via, at=timezone.now(), client_hash=client_hash(address)
    )


def read_register(typed: Sequence[str]) -> list[Verification]:
    """The same without a `Lookup`, for requests that no person made: a picture on another site."""
    codes = [parse_code(one) for one in typed]
    found = with_related_certificates(Credential.objects.filter(code__in={code for code in codes if code}))
    known = {one.code: one for one in answers_about(found.prefetch_related("events"))}
    return [replace(_answer(code, known), asked=asked) for asked, code in zip(typed, codes, strict=True)]


def _answer(code: str | None, known: Mapping[str, Verification]) -> Verification:
    if code is None:
        return Verification(LookupResult.MALFORMED, "")
    return known.get(code) or Verification(LookupResult.UNKNOWN, code)


def with_related_certificates(credentials: QuerySet[Credential]) -> QuerySet[Credential]:
    """The same certificates with their kind, the one each replaces and the one that replaced it."""
    return credentials.select_related("type", "superseded_by", "renewed_by", "supersedes", "renews")


def verification_of(credential: Credential) -> Verification:
    """The verification of a certificate today."""
    return answers_about([credential])[0]


def answers_about(credentials: Iterable[Credential]) -> list[Verification]:
    """The verifications of certificates today, in as many queries as for one.

    Fetch their events and neighbors ahead (`with_related_certificates`).
    """
    credentials = list(credentials)
    withdrawn = withdrawn_prerequisites(one.claims for one in credentials)
    doubted = doubts_of(credentials)
    return [_answer_about(one, withdrawn, doubted) for one in credentials]


def _answer_about(credential: Credential, withdrawn: Container[str], doubted: Container[int]) -> Verification:
    # Also from events that were fetched ahead.
    ended = [event for event in credential.events.all() if event.status == credential.state]
    replacement = getattr(credential, "superseded_by", None) or getattr(credential, "renewed_by", None)
    return Verification(
        result_of(credential, is_in_doubt=credential.pk in doubted),
        credential.code,
        credential,
        ended[-1] if ended else None,
        replacement,
        is_prerequisite_withdrawn=credential.claims.get("basis") in withdrawn,
    )


def result_of(credential: Credential, *, is_in_doubt: bool) -> LookupResult:
    """The result that the public page shows for a certificate today: of one in doubt, that it is being checked, and never why."""
    if credential.state == CredentialState.IN_FORCE:
        if credential.is_expired:
            return LookupResult.EXPIRED
        return LookupResult.IN_DOUBT if is_in_doubt else LookupResult.VALID
    return _RESULTS[CredentialState(credential.state)]


_RESULTS = {
    CredentialState.SUSPENDED: LookupResult.SUSPENDED,
    CredentialState.REVOKED: LookupResult.REVOKED,
    CredentialState.SUPERSEDED: LookupResult.REPLACED,
    CredentialState.RENEWED: LookupResult.REPLACED,
}


def purge_old_lookups() -> int:
    """Delete lookups older than `KEPT`. Returns how many."""
    deleted, _by_model = Lookup.objects.filter(at__lt=timezone.now() - RETENTION).delete()
    return deleted
