"""Sends notices. The apps write a row in the transaction of the event; their periodic tasks send each row once by `send_due`."""

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation

from accounts.enums import ContactKind, NoticeState
from accounts.models import PersonalNotice
from accounts.services.formatting import localize_digits
from accounts.services.gateway import sms_gateway
from accounts.services.mail_identity import sender, with_site_signature
from accounts.services.quiet_hours import is_quiet, morning_after
from accounts.sms import SmsGateway

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
LEASE = dt.timedelta(minutes=5)


class Letter(NamedTuple):
    """The words in the language that is active; their digits are written when they are sent.

    `text` is the short message to people without an e-mail address. It has no name, since the number is not verified;
    when it is empty, no message is sent. `may_wake` is what was timed already, and what cannot wait for
    the morning.
    """

    subject: str
    body: str
    text: str = ""
    may_wake: bool = False


class Recipient(NamedTuple):
    """How a person is written to: an address or a number, each "" where there is none."""

    email: str
    phone: str
    language: str
    has_login: bool


def send_due[N: PersonalNotice](
    notices: QuerySet[N],
    *,
    is_still_true: Callable[[N], bool],
    letter: Callable[[list[N]], Letter],
    at_most: int,
) -> int:
    """Send what is due, one mail to a person for all of it. Returns how many people were written to.

    `notices` come with what the two functions read, in the order of a letter. What is no longer true is dropped;
    a person without an address gets a short message, where there is a gateway, or reads it on the site with a login. Safe with
    concurrent workers: rows are leased. One that was being sent when its worker died is sent again, a mail with
    the same Message-ID; whatever ends its worker each time is given up.
    """
    gateway = sms_gateway()
    sent = 0
    for _ in range(at_most):
        person_id, claimed = _lease(notices)
        if person_id is None:
            break
        true = [notice for notice in claimed if is_still_true(notice)]
        _save_outcome([notice for notice in claimed if notice not in true], NoticeState.DROPPED)
        if true and _deliver(true, person_id, letter, gateway):
            sent += 1
    return sent


@transaction.atomic
def _lease[N: PersonalNotice](notices: QuerySet[N]) -> tuple[int | None, list[N]]:
    """Lease all due notices of one person for `LEASE`: no other worker takes them meanwhile."""
    now, path = timezone.now(), notices.model.person_path
    due = notices.filter(state=NoticeState.WAITING, due_at__lte=now)
    free = due.select_for_update(skip_locked=True, of=("self",))
    first = free.order_by("due_at", "pk").values_list("pk", flat=True).first()
    if first is None:
        return None, []
    # Without a lock: locking over the join would also lock the rows that the notice is about.
    person_id = notices.filter(pk=first).values_list(path, flat=True).get()
    claimed = list(free.filter(**{path: person_id}))
    worn_out = [notice for notice in claimed if notice.attempts >= MOST_ATTEMPTS]
    _change(
        worn_out,
        state=NoticeState.FAILED,
        error="Every worker that tried to send it ended before it reported.",
    )
    fresh = [notice for notice in claimed if notice.attempts < MOST_ATTEMPTS]
    _change(fresh, due_at=now + LEASE, attempts=F("attempts") + 1)
    return person_id, fresh


def _deliver[N: PersonalNotice](
    notices: list[N], person_id: int, letter: Callable[[list[N]], Letter], gateway: SmsGateway | None
) -> bool:
    recipient = _recipient(notices[0], person_id)
    if recipient is None:
        _save_outcome(notices, NoticeState.SHOWN)
        return False
    try:
        with translation.override(recipient.language):
            state = _send(notices, letter(notices), recipient, gateway)
    except Exception as error:
        # Whatever one letter raises (an address with a line break is a ValueError) must not end the run for all.
        logger.exception("A notice was not sent.")
        _try_later(notices, error)
        return False
    if state == NoticeState.WAITING:
        _wait_for_morning(notices)
    else:
        _save_outcome(notices, state)
    return state == NoticeState.SENT


def _recipient(notice: PersonalNotice, receiver: int) -> Recipient | None:
    """None for the holder of a closed login. What was recorded of the person goes before what the login logs in with."""
    login = notice.login_of(receiver)
    if login is not None and not login.is_active:
        return None
    contacts = {contact.kind: contact.value for contact in notice.contacts_of(receiver)}
    return Recipient(
        email=contacts.get(ContactKind.EMAIL) or (login and login.email) or "",
        phone=contacts.get(ContactKind.PHONE) or (login and login.phone) or "",
        language=login.language if login else settings.LANGUAGE_CODE,
        has_login=login is not None,
    )


def _send(
    notices: Sequence[PersonalNotice], letter: Letter, to: Recipient, gateway: SmsGateway | None
) -> NoticeState:
    """The new state of the notices: sent, postponed to the morning, or shown on the site only, if that person can read there."""
    if to.email:
        _mail(notices, letter, to=to.email).send()
    elif gateway is None or not to.phone or not letter.text:
        return NoticeState.SHOWN if to.has_login else NoticeState.UNREACHED
    elif is_quiet(timezone.now()) and not letter.may_wake:
        return NoticeState.WAITING
    else:
        gateway.send(localize_digits(letter.text), to=to.phone)
    return NoticeState.SENT


def _mail(notices: Sequence[PersonalNotice], letter: Letter, *, to: str) -> EmailMessage:
    name = "-".join([notices[0]._meta.app_label, *(str(notice.pk) for notice in notices)])
    return EmailMessage(
        # A line break in a title would be a header of its own.
        subject=localize_digits(" ".join(letter.subject.split())),
        body=localize_digits(with_site_signature(letter.body)),
        from_email=sender(),
        to=[to],
        headers={"Message-ID": f"<{name}@{urlsplit(settings.SITE_URL).hostname}>"},
    )


def _save_outcome(notices: Sequence[PersonalNotice], state: NoticeState) -> None:
    sent_at = timezone.now() if state == NoticeState.SENT else None
    _change(notices, state=state, sent_at=sent_at, error="")


def _wait_for_morning(notices: Sequence[PersonalNotice]) -> None:
    """Postpone a short message to the end of the quiet hours. It does not count as an attempt."""
    _change(notices, due_at=morning_after(timezone.now()), attempts=F("attempts") - 1)


def _try_later(notices: Sequence[PersonalNotice], error: Exception) -> None:
    for notice in notices:
        attempts = notice.attempts + 1
        _change(
            [notice],
            state=NoticeState.FAILED if attempts >= MOST_ATTEMPTS else NoticeState.WAITING,
            due_at=timezone.now() + dt.timedelta(minutes=2**attempts),
            error=str(error)[:200],
        )


def _change(notices: Sequence[PersonalNotice], **columns: Any) -> None:
    if notices:
        rows = type(notices[0])._default_manager.filter(pk__in=[notice.pk for notice in notices])
        rows.update(**columns)
