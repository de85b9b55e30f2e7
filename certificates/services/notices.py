"""Telling holders about their certificates: rows are written with the fact, a sweep sends them, each once."""

import datetime as dt
import itertools
import logging
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext
from wagtail.log_actions import log

from accounts.models import Person, User
from certificates.enums import CredentialState, NoticeKind, NoticeState
from certificates.errors import NothingFailed
from certificates.models import Credential, Notice, Proposal

logger = logging.getLogger(__name__)

# How many days before the last day a holder is reminded, and until how many days before it that still makes sense.
REMINDERS = {
    NoticeKind.ENDS_IN_90: (90, 30),
    NoticeKind.ENDS_IN_30: (30, 7),
    NoticeKind.ENDS_IN_7: (7, -1),
}
MOST_ATTEMPTS = 5
LEASE = dt.timedelta(minutes=5)
ROWS_AT_ONCE = 500


def tell_of_issue(*, credential: Credential) -> None:
    """Write that a certificate is ready, inside the caller's transaction. Written twice, it is one."""
    _write(NoticeKind.ISSUED, [credential.pk])


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
                # One that never held for so long needs no reminder on its first day.
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
        # Another sweep may have written the same in this moment: the constraint keeps one.
        ignore_conflicts=True,
    )
    return len(credential_ids)


def deliver_notices(*, at_most: int = 500) -> int:
    """Send what is due, one mail to a person for all of it. Returns how many people were written to.

    Safe beside other workers: rows are claimed under a lease. One that was being sent when its worker died is sent
    again with the same Message-ID.
    """
    sent = 0
    for _ in range(at_most):
        notices = _claim()
        if not notices:
            break
        sent += _deliver(notices)
    return sent


@transaction.atomic
def _claim() -> list[Notice]:
    """Take everything due of one person; nobody else looks at it for `LEASE`."""
    now = timezone.now()
    due = Notice.objects.filter(state=NoticeState.WAITING, due_at__lte=now)
    first = (
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("credential")
        .order_by("due_at", "pk")
        .first()
    )
    if first is None:
        return []
    notices = list(
        due.filter(credential__holder=first.credential.holder_id)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("credential__type")
        .order_by("pk")
    )
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
        due_at=now + LEASE, attempts=F("attempts") + 1
    )
    return notices


def _deliver(notices: list[Notice]) -> int:
    true = [notice for notice in notices if _is_still_true(notice)]
    _settle([notice for notice in notices if notice not in true], NoticeState.DROPPED)
    if not true:
        return 0
    person = Person.objects.select_related("user").get(pk=true[0].credential.holder_id)
    login = getattr(person, "user", None)
    if login is None or not login.is_active or not login.email:
        _settle(true, NoticeState.SHOWN)
        return 0
    try:
        with translation.override(login.language):
            _mail(true, to=login.email).send()
    except Exception as error:
        # Whatever one letter raises (an address with a line break is a ValueError) must not end the sweep of all.
        logger.exception("A notice of a certificate was not sent.")
        _try_later(true, error)
        return 0
    _settle(true, NoticeState.SENT)
    return 1


def _is_still_true(notice: Notice) -> bool:
    credential = notice.credential
    if notice.kind == NoticeKind.ISSUED:
        return credential.is_live
    return credential.state == CredentialState.IN_FORCE and not credential.is_expired


def _settle(notices: list[Notice], state: NoticeState) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
        state=state, sent_at=timezone.now() if state == NoticeState.SENT else None, error=""
    )


def _try_later(notices: list[Notice], error: Exception) -> None:
    for notice in notices:
        attempts = notice.attempts + 1
        Notice.objects.filter(pk=notice.pk).update(
            state=NoticeState.FAILED if attempts >= MOST_ATTEMPTS else NoticeState.WAITING,
            due_at=timezone.now() + dt.timedelta(minutes=2**attempts),
            error=str(error)[:200],
        )


@transaction.atomic
def send_failed_again(*, proposal_id: int, by: User) -> int:
    """Give the notices of a proposal that were given up new attempts. Returns how many. Raises NothingFailed."""
    failed = Notice.objects.filter(credential__proposal=proposal_id, state=NoticeState.FAILED)
    ids = list(failed.select_for_update(of=("self",)).values_list("pk", flat=True))
    if not ids:
        raise NothingFailed
    Notice.objects.filter(pk__in=ids).update(
        state=NoticeState.WAITING, attempts=0, error="", due_at=timezone.now()
    )
    log(Proposal.objects.get(pk=proposal_id), "certificates.tell_again", user=by, data={"notices": len(ids)})
    return len(ids)


def _mail(notices: list[Notice], *, to: str) -> EmailMessage:
    """The mail in the language that is active."""
    if all(notice.kind == NoticeKind.ISSUED for notice in notices):
        subject = ngettext("Your certificate is ready", "Your certificates are ready", len(notices))
    else:
        subject = gettext("About your certificates")
    host = urlsplit(settings.SITE_URL).hostname
    address = f"{settings.SITE_URL}{reverse('certificates:mine')}"
    lines = [
        *(notice_text(notice) for notice in notices),
        gettext("Your certificates are here: %(address)s") % {"address": address},
    ]
    return EmailMessage(
        subject=subject,
        body="\n\n".join(lines),
        to=[to],
        headers={"Message-ID": f"<certificates-{'-'.join(str(notice.pk) for notice in notices)}@{host}>"},
    )


def notice_text(notice: Notice) -> str:
    """What a notice says, in the language that is active."""
    credential = notice.credential
    facts = credential.facts
    program = facts.get("program_ar" if get_language() == "ar" else "program_en") or facts.get("program_ar")
    # Isolated: a number among Arabic words keeps its own direction.
    number = f"\u2068{credential.number}\u2069"
    said = {"type": credential.type.name, "program": program or "–", "number": number}
    if notice.kind == NoticeKind.ISSUED or credential.valid_until is None:
        return gettext("“%(type)s” for “%(program)s”, number %(number)s, is ready.") % said
    said["last_day"] = date_format(credential.valid_until, "j F Y")
    return (
        gettext(
            "“%(type)s” for “%(program)s”, number %(number)s, is valid until %(last_day)s. Ask your center in time"
            " whether it can be renewed."
        )
        % said
    )
