"""Doubts about certificates: record what was corrected, lift one cause, carry them to a replacement."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.hands import hands_of, is_own
from certificates.enums import CONFIRMED_CAUSES, DoubtCause, Reason
from certificates.errors import NotAllowedHere, NotDoubted, OwnDecision, OwnRecord, ReasonMissing
from certificates.models import Credential, CredentialDoubt
from certificates.queries.doubts import doubts_of
from courses.models import Cohort
from courses.queries.marks import markers_of


@transaction.atomic
def lift_doubt(*, credential_id: int, cause: str, about: str, reason: str, by: User) -> CredentialDoubt:
    """Note that `by` looked at one cause of doubt about a certificate, and that the certificate stays. Every other cause stays, too.

    Raises NotAllowedHere, NotDoubted, OwnDecision, OwnRecord, ReasonMissing.
    """
    credential = (
        Credential.objects.select_for_update(of=("self",)).select_related("center").get(pk=credential_id)
    )
    if not may(by, Act.APPROVE_CERTIFICATES, on=credential):
        raise NotAllowedHere(center=credential.center)
    if is_own(by, credential.holder_id):
        raise OwnRecord
    if not reason.strip():
        raise ReasonMissing
    own = [
        doubt for doubt in doubts_of([credential]).get(credential.pk, ()) if doubt.credential == credential
    ]
    doubt = next((one for one in own if (one.cause, one.about) == (cause, about)), None)
    if doubt is None or doubt.cause not in CONFIRMED_CAUSES:
        raise NotDoubted(number=credential.number)
    _require_no_marker(credential, by)
    return _lifted(credential, doubt.cause, about, detail=doubt.detail, reason=reason, by=by)


def keep_in_spite_of_basis(credential: Credential, *, note: str, by: User) -> None:
    """Who puts a certificate in force again knows that what it is based on is revoked or suspended. Raises OwnDecision."""
    for doubt in doubts_of([credential]).get(credential.pk, ()):
        if doubt.credential == credential and doubt.cause == DoubtCause.PREREQUISITE_WITHDRAWN:
            _require_no_marker(credential, by)
            _lifted(credential, doubt.cause, doubt.about, detail=doubt.detail, reason=note or "–", by=by)


def _require_no_marker(credential: Credential, by: User) -> None:
    marked = markers_of([credential.enrollment_id] if credential.enrollment_id else [])
    if not hands_of(by).isdisjoint({*credential.assessors, *marked.get(credential.enrollment_id or 0, ())}):
        raise OwnDecision


def _lifted(
    credential: Credential, cause: DoubtCause, about: str, *, detail: str, reason: str, by: User
) -> CredentialDoubt:
    row, _created = CredentialDoubt.objects.update_or_create(
        credential=credential,
        cause=cause,
        about=about,
        defaults={"lifted_by": by, "lifted_at": timezone.now(), "reason": reason.strip()},
        create_defaults={
            "detail": detail,
            "lifted_by": by,
            "lifted_at": timezone.now(),
            "reason": reason.strip(),
        },
    )
    log(credential, "certificates.lift_doubt", user=by, data={"cause": cause.value, "reason": reason.strip()})
    return row


def doubt_corrected_facts(cohort: Cohort, changed: Iterable[str]) -> None:
    """Put the certificates in force of a cohort in doubt whose facts were corrected, inside the caller's transaction."""
    names, now = Truncator(", ".join(changed)).chars(300), timezone.now()
    CredentialDoubt.objects.bulk_create(
        CredentialDoubt(credential=one, cause=DoubtCause.FACTS, about=now.isoformat(), detail=names, at=now)
        for one in Credential.objects.live().filter(enrollment__cohort=cohort)
    )


def carry_doubts(credentials: Iterable[Credential], *, correction: str) -> None:
    """Move the doubts of certificates that were replaced to those in their place. One with corrected facts answers doubts about facts."""
    for credential in credentials:
        before = credential.supersedes_id or credential.renews_id
        if before is None:
            continue
        rows = CredentialDoubt.objects.filter(credential=before)
        if correction == Reason.FACTS_CORRECTED:
            rows = rows.exclude(cause=DoubtCause.FACTS, lifted_at=None)
        rows.update(credential=credential)
