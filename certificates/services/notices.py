"""Notices to holders about their certificates: rows are written with the event, and a periodic task sends each once."""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from wagtail.log_actions import log

from accounts.enums import Act, NoticeState
from accounts.models import User
from accounts.models.notices import UNTOLD
from accounts.scoping import may
from accounts.services.formatting import format_date, format_list
from accounts.services.notices import Letter, send_due
from accounts.services.resending import reset
from certificates.enums import CredentialState, NoticeKind, Status
from certificates.errors import NotAllowedHere, NothingFailed
from certificates.models import Credential, Notice, Proceeding, Proposal, StatusEvent
from certificates.queries.printouts import is_ready_to_collect, last_collection_by_another
from courses.enums import ComplaintKind

# Days before the last day of a certificate: when the reminder becomes due, and when it is too late to write it.
REMINDERS = {
    NoticeKind.ENDS_IN_90: (90, 30),
    NoticeKind.ENDS_IN_30: (30, 7),
    NoticeKind.ENDS_IN_7: (7, -1),
}
# What is told of a status event.
_KINDS = {
    Status.SUSPENDED: NoticeKind.SUSPENDED,
    Status.REINSTATED: NoticeKind.REINSTATED,
    Status.REVOKED: NoticeKind.REVOKED,
    Status.SUPERSEDED: NoticeKind.REPLACED,
}
ROWS_AT_ONCE = 500


def create_issue_notice(*, credential: Credential) -> None:
    """Write the notice that a certificate is ready, inside the caller's transaction. Idempotent."""
    _write(NoticeKind.ISSUED, [credential.pk])


def create_print_notices(*, credential_ids: Sequence[int]) -> None:
    """Write the notices that printed certificates can be collected. One that was no longer true before it was sent is sent now."""
    _write(NoticeKind.PRINTED, credential_ids)
    dropped = Notice.objects.filter(
        credential__in=credential_ids, kind=NoticeKind.PRINTED, state=NoticeState.DROPPED
    )
    dropped.update(state=NoticeState.WAITING, due_at=timezone.now(), attempts=0)


def create_collection_notice(*, credential: Credential) -> None:
    """Write the notice that a representative collected a certificate."""
    _write(NoticeKind.COLLECTED, [credential.pk])


def create_status_notices(events: Iterable[StatusEvent]) -> None:
    """Write the notices that certificates were suspended, put in force again, revoked or replaced."""
    Notice.objects.bulk_create(
        [
            Notice(credential=event.credential, kind=kind, event=event)
            for event in events
            if (kind := _KINDS.get(Status(event.status)))
        ],
        ignore_conflicts=True,
    )


def create_proceeding_notice(kind: NoticeKind, proceeding: Proceeding) -> None:
    """Write the notice that a revocation is proposed, or that it is not carried out."""
    Notice.objects.create(credential=proceeding.credential, kind=kind, proceeding=proceeding)


def plan_reminders() -> int:
    """Write the reminders that have become due. Returns how many."""
    today = timezone.localdate()
    written = 0
    for kind, (days, too_late) in REMINDERS.items():
        due = (
            Credential.objects.filter(
                state=CredentialState.IN_FORCE,
                valid_until__lte=today + dt.timedelta(days=days),
                valid_until__gt=today + dt.timedelta(days=too_late),
                # A certificate valid for a shorter time than this needs no reminder on its first day.
                valid_until__gte=F("valid_from") + dt.timedelta(days=days),
            )
            .exclude(notices__kind=kind)
            .order_by("pk")
        )
        ids = due.values_list("pk", flat=True).iterator(chunk_size=ROWS_AT_ONCE)
        for chunk in itertools.batched(ids, ROWS_AT_ONCE, strict=False):
            written += _write(kind, chunk)
    return written


def _write(kind: NoticeKind, credential_ids: Sequence[int]) -> int:
    Notice.objects.bulk_create(
        [Notice(credential_id=pk, kind=kind) for pk in credential_ids],
        # Another run may write the same notices at the same time: the constraint keeps one of each.
        ignore_conflicts=True,
    )
    return len(credential_ids)


def deliver_notices(*, at_most: int = 500) -> int:
    """Send what is due, one mail to a holder for all of it. Returns how many people were written to."""
    return send_due(
        Notice.objects.select_related(
            "credential__type", "credential__center", "event", "proceeding"
        ).order_by("pk"),
        is_still_true=_is_still_true,
        letter=_letter,
        at_most=at_most,
    )


def _is_still_true(notice: Notice) -> bool:
    credential = notice.credential
    if notice.event_id or notice.proceeding_id:
        # It says what happened on its day.
        return True
    if notice.kind == NoticeKind.ISSUED:
        return credential.is_live
    if notice.kind == NoticeKind.PRINTED:
        return credential.state == CredentialState.IN_FORCE and is_ready_to_collect(credential)
    if notice.kind == NoticeKind.COLLECTED:
        return last_collection_by_another(credential) is not None
    return credential.state == CredentialState.IN_FORCE and not credential.is_expired


def not_told(proposal_id: int) -> QuerySet[Notice]:
    """Notices of a proposal that did not arrive: a way to the person may be on record by now."""
    return Notice.objects.filter(UNTOLD, credential__proposal=proposal_id)


@transaction.atomic
def resend_failed_notices(*, proposal_id: int, by: User) -> int:
    """Reset the notices of a proposal that failed, or reached no one then, for new attempts. Returns how many.

    Raises NotAllowedHere, NothingFailed.
    """
    proposal = Proposal.objects.select_related("center").get(pk=proposal_id)
    if not may(by, Act.PROPOSE_CERTIFICATES, on=proposal):
        raise NotAllowedHere(center=proposal.center)
    notices = list(not_told(proposal_id).select_for_update(of=("self",)))
    if not notices:
        raise NothingFailed
    reset(notices)
    log(proposal, "certificates.tell_again", user=by, data={"notices": len(notices)})
    return len(notices)


def _letter(notices: list[Notice]) -> Letter:
    """The mail in the active language."""
    if all(notice.kind == NoticeKind.ISSUED for notice in notices):
        subject = ngettext("Your certificate is ready", "Your certificates are ready", len(notices))
    elif all(notice.kind == NoticeKind.PRINTED for notice in notices):
        subject = gettext("You can collect your certificate")
    else:
        subject = gettext("About your certificates")
    address = f"{settings.SITE_URL}{reverse('certificates:mine')}"
    lines = [notice_text(notice) for notice in notices]
    closing = gettext("Your certificates are here: %(address)s") % {"address": address}
    return Letter(
        subject,
        "\n\n".join([*lines, closing]),
        _short(notices, address),
        link=address,
        on_site="\n\n".join(lines),
    )


def _short(notices: list[Notice], address: str) -> str:
    """The text of an SMS: more than 70 characters cost a second message."""
    kinds = {notice.kind for notice in notices}
    if kinds == {NoticeKind.PRINTED}:
        centers = {notice.credential.center.name for notice in notices}
        return gettext("You can collect your certificate: %(center)s") % {
            "center": format_list(sorted(centers))
        }
    if kinds & {NoticeKind.PRINTED, NoticeKind.COLLECTED} or any(
        notice.event_id or notice.proceeding_id for notice in notices
    ):
        return gettext("There is news about your certificates: %(address)s") % {"address": address}
    last_days = [
        last_day
        for notice in notices
        if notice.kind != NoticeKind.ISSUED and (last_day := notice.credential.valid_until)
    ]
    if not last_days:
        ready = ngettext(
            "Your certificate is ready: %(address)s",
            "Your certificates are ready: %(address)s",
            len(notices),
        )
        return ready % {"address": address}
    if len(notices) > 1:
        return gettext("There is news about your certificates: %(address)s") % {"address": address}
    said = {"last_day": format_date(last_days[0]), "address": address}
    return gettext("A certificate of yours is valid until %(last_day)s: %(address)s") % said


def notice_text(notice: Notice) -> str:
    """The sentence of a notice in the active language."""
    credential = notice.credential
    claims = credential.claims
    program = claims.get("program_ar" if get_language() == "ar" else "program_en") or claims.get("program_ar")
    # Isolated: a number among Arabic words keeps its own direction.
    number = f"\u2068{credential.number}\u2069"
    said = {"type": credential.type.name, "program": program or "–", "number": number}
    if notice.event:
        return _event_text(notice.event, said)
    if notice.proceeding:
        return _proceeding_text(NoticeKind(notice.kind), notice.proceeding, said)
    if notice.kind == NoticeKind.PRINTED:
        said["center"] = credential.center.name
        return (
            gettext(
                "“%(type)s” for “%(program)s”, number %(number)s, is printed. Collect it with your identity card at: %(center)s."
            )
            % said
        )
    if notice.kind == NoticeKind.COLLECTED:
        return _collected_text(credential, said)
    if notice.kind == NoticeKind.ISSUED or credential.valid_until is None:
        return gettext("“%(type)s” for “%(program)s”, number %(number)s, is ready.") % said
    said["last_day"] = format_date(credential.valid_until)
    return (
        gettext(
            "“%(type)s” for “%(program)s”, number %(number)s, is valid until %(last_day)s. Ask your center in time"
            " whether it can be renewed."
        )
        % said
    )


def _event_text(event: StatusEvent, said: dict[str, str]) -> str:
    said |= {
        "day": format_date(timezone.localdate(event.at)),
        "reason": event.get_reason_display(),
        "complaint": decision_complaint_address(),
    }
    match event.status:
        case Status.SUSPENDED if event.until:
            said["until"] = format_date(event.until)
            sentence = gettext(
                "“%(type)s” for “%(program)s”, number %(number)s, is suspended since %(day)s: %(reason)s. This is not decided: unless a second"
                " officer confirms it, it ends after %(until)s. You can say what you know, or complain, here: %(complaint)s"
            )
        case Status.SUSPENDED:
            sentence = gettext(
                "“%(type)s” for “%(program)s”, number %(number)s, is suspended since %(day)s: %(reason)s. You can complain here: %(complaint)s"
            )
        case Status.REINSTATED:
            sentence = gettext(
                "“%(type)s” for “%(program)s”, number %(number)s, is in force again since %(day)s."
            )
        case Status.REVOKED:
            sentence = gettext(
                "“%(type)s” for “%(program)s”, number %(number)s, was revoked on %(day)s: %(reason)s. Two officers decided it. You can complain"
                " here: %(complaint)s"
            )
        case _:
            sentence = gettext(
                "“%(type)s” for “%(program)s”, number %(number)s, was replaced on %(day)s: %(reason)s. Show the corrected one from now on."
            )
    return sentence % said


def _proceeding_text(kind: NoticeKind, proceeding: Proceeding, said: dict[str, str]) -> str:
    if kind == NoticeKind.DROPPED:
        return (
            gettext(
                "“%(type)s” for “%(program)s”, number %(number)s: its revocation was proposed, and an officer decided that it is not revoked."
            )
            % said
        )
    said |= {"until": format_date(proceeding.heard_until), "complaint": decision_complaint_address()}
    return (
        gettext(
            "The revocation of “%(type)s” for “%(program)s”, number %(number)s, is proposed. Nothing is decided. Until %(until)s you can say what"
            " you know here, or at your center: %(complaint)s"
        )
        % said
    )


def decision_complaint_address() -> str:
    """The form of a complaint about what is decided about certificates."""
    return f"{settings.SITE_URL}{reverse('courses:complain')}?kind={ComplaintKind.DECISION}"


def _collected_text(credential: Credential, said: dict[str, str]) -> str:
    collection = last_collection_by_another(credential)
    if collection is None:
        return (
            gettext(
                "“%(type)s” for “%(program)s”, number %(number)s, was handed out by mistake. It is at your center."
            )
            % said
        )
    said |= {"name": collection.name, "day": format_date(collection.collected_at)}
    return (
        gettext(
            "“%(type)s” for “%(program)s”, number %(number)s, was collected on %(day)s by %(name)s. Tell your center at once if you did not"
            " ask for that."
        )
        % said
    )
