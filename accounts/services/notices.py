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

from accounts.enums import ContactKind, DeliveryChannel, DeliveryPurpose, DeliveryState, NoticeState
from accounts.models import Delivery, PersonalNotice, SiteNotice
from accounts.models.notices import CAP_REACHED
from accounts.services.courtesies import unwanted
from accounts.services.deliveries import note_mail
from accounts.services.formatting import localize_digits, written_in
from accounts.services.gateway import sms_gateway
from accounts.services.gathering import gather
from accounts.services.mail_identity import sender, with_site_signature
from accounts.services.quiet_hours import is_quiet, morning_after
from accounts.services.short_messages import CapReached, begin, pass_on, settle
from accounts.services.site_notices import site_notice, write_site_notices
from accounts.sms import SmsGateway, SmsUnknown

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
LEASE = dt.timedelta(minutes=5)
# For staff and operators, in the row.
NOT_KNOWN = "It is not known whether the gateway took the message."


class Letter(NamedTuple):
    """The words in the language that is active; their digits are written when they are sent.

    `link` is the address of this site where its reader acts; `on_site` is what is shown there in place of `body`, which has to have
    addresses in it. `text` is the short message to people without an e-mail address. It has no name, since the number is not verified;
    when it is empty, no message is sent. `may_wake` is what was timed already, and what cannot wait for
    the morning. What `is_for_many` never uses the reserve of codes and warnings, however urgent it is.
    """

    subject: str
    body: str
    text: str = ""
    may_wake: bool = False
    link: str = ""
    on_site: str = ""
    is_for_many: bool = False


class Recipient(NamedTuple):
    """How a person is written to: an address or a number, each "" where there is none. Staff may have a login alone."""

    person_id: int | None
    email: str
    phone: str
    language: str
    digits: str
    has_login: bool


def send_due[N: PersonalNotice](
    notices: QuerySet[N],
    *,
    is_still_true: Callable[[N], bool],
    letter: Callable[[list[N]], Letter],
    at_most: int,
) -> int:
    """Send what is due, one mail to a person for all of it, and show each notice on the site. Returns how many people were written to.

    `notices` come with what the two functions read, in the order of a letter. What is no longer true is dropped;
    a person without an address gets a short message, where there is a gateway, or reads it on the site with a login. Safe with
    concurrent workers: rows are leased. A mail that was being sent when its worker died is sent again with the same
    Message-ID; a short message only where it is urgent, and once. Whatever ends its worker each time is given up.
    """
    gateway = sms_gateway()
    notices = notices.select_related("delivery")
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
    recipient = _recipient(notices[0], person_id, gateway)
    if recipient is None:
        _save_outcome(notices, NoticeState.SHOWN)
        return False
    try:
        with translation.override(recipient.language), written_in(recipient.digits):
            _show_on_site(notices, letter, language=recipient.language)
            notices = _without_unwanted(notices, recipient, gateway)
            notices = _without_gathered(notices, recipient)
            if not notices:
                return False
            said = letter(notices)
            if not said.may_wake and (certain := _without_unknown(notices)) != notices:
                if not certain:
                    return False
                notices, said = certain, letter(certain)
            return _send(notices, said, recipient, gateway)
    except Exception as error:
        # Whatever one letter raises (an address with a line break is a ValueError) must not end the run for all.
        logger.exception("A notice was not sent.")
        _try_later(notices, error)
        return False


def _show_on_site[N: PersonalNotice](
    notices: list[N], letter: Callable[[list[N]], Letter], *, language: str
) -> None:
    """Each notice by itself, once, whatever carries it besides: one that is sent again is there already."""
    readers = {notice.pk: (notice, reader) for notice in notices if (reader := notice.reader_on_site)}
    if not readers:
        return
    about = notices[0]._meta.label_lower
    known = SiteNotice.objects.filter(about=about, notice__in=list(readers)).values_list("notice", flat=True)
    rows = []
    for key in sorted(readers.keys() - set(known)):
        notice, reader = readers[key]
        said = letter([notice])
        rows.append(
            site_notice(
                about=about,
                notice_id=key,
                receiver=reader,
                language=language,
                subject=said.subject,
                body=said.on_site or said.body,
                link=said.link,
            )
        )
    write_site_notices(rows)


def _without_unwanted[N: PersonalNotice](
    notices: list[N], to: Recipient, gateway: SmsGateway | None
) -> list[N]:
    """Those that the person has not switched off for the channel by which they are sent; the others are noted as not wanted."""
    if to.email:
        channel = DeliveryChannel.EMAIL
    elif gateway and to.phone:
        channel = DeliveryChannel.SMS
    else:
        return notices
    off = unwanted(notices, person_id=to.person_id, channel=channel)
    _save_outcome(off, NoticeState.NOT_WANTED)
    return [notice for notice in notices if notice not in off]


@transaction.atomic
def _without_gathered[N: PersonalNotice](notices: list[N], to: Recipient) -> list[N]:
    """Those that are sent now; the others are on the site, and come with the daily message. Only to people with a login."""
    gathered = gather(notices, person_id=to.person_id) if to.has_login else []
    _save_outcome(gathered, NoticeState.SHOWN)
    return [notice for notice in notices if notice not in gathered]


def _without_unknown[N: PersonalNotice](notices: list[N]) -> list[N]:
    """Those whose message was not under way when a worker died; the others may have been sent, and staff decide."""
    unknown = [notice for notice in notices if _was_under_way(notice)]
    _give_up_unknown(unknown)
    return [notice for notice in notices if notice not in unknown]


def _was_under_way(notice: PersonalNotice) -> bool:
    return notice.delivery is not None and notice.delivery.state == DeliveryState.HANDING_OVER


def _give_up_unknown(notices: Sequence[PersonalNotice]) -> None:
    for notice in notices:
        if notice.delivery:
            settle(notice.delivery, DeliveryState.UNKNOWN)
    _change(notices, state=NoticeState.FAILED, error=NOT_KNOWN)


def _recipient(notice: PersonalNotice, receiver: int, gateway: SmsGateway | None) -> Recipient | None:
    """None for the holder of a closed login. What was recorded of the person goes before what the login logs in with.

    What is confidential is a delivery of no person, as lists of a person's deliveries are read by staff.
    """
    login = notice.login_of(receiver)
    if login is not None and not login.is_active:
        return None
    reader = login or notice.person_of(receiver)
    contacts = {contact.kind: contact.value for contact in notice.contacts_of(receiver)}
    phone = contacts.get(ContactKind.PHONE) or (login and login.phone) or ""
    is_mailed = not (notice.is_for_a_number and gateway and phone)
    person_id = login.person_id if login else reader.pk
    return Recipient(
        person_id=None if notice.is_confidential else person_id,
        email=(is_mailed and (contacts.get(ContactKind.EMAIL) or (login and login.email))) or "",
        phone=phone,
        language=reader.language,
        digits=login.digits if login else "",
        has_login=login is not None,
    )


def _send[N: PersonalNotice](
    notices: list[N], letter: Letter, to: Recipient, gateway: SmsGateway | None
) -> bool:
    """By mail, by short message, or on the site only, if that person can read there. Returns whether it was sent."""
    if to.email:
        _mail(notices, letter, to=to.email).send()
        with transaction.atomic():
            _change(notices, delivery=note_mail(notices, person_id=to.person_id, purpose=_purpose(letter)))
            _save_outcome(notices, NoticeState.SENT)
        return True
    if gateway is None or not to.phone or not letter.text:
        _save_outcome(notices, NoticeState.SHOWN if to.has_login else NoticeState.UNREACHED)
    elif is_quiet(timezone.now()) and not letter.may_wake:
        _wait_for_morning(notices)
    else:
        return _send_short(notices, letter, to, gateway)
    return False


def _send_short[N: PersonalNotice](
    notices: list[N], letter: Letter, to: Recipient, gateway: SmsGateway
) -> bool:
    """Hand over a short message that is noted first. Returns whether it was sent. Raises SmsNotSent.

    What was under way when a worker died is sent once more if it is urgent; else it may have been sent, and staff decide.
    """
    text = localize_digits(letter.text)
    earlier = [notice.delivery for notice in notices if notice.delivery and _was_under_way(notice)]
    if any(delivery.is_repeat for delivery in earlier):
        _give_up_unknown(notices)
        return False
    try:
        delivery = _begin_short(notices, text, letter, to, earlier)
    except CapReached:
        # Not kept for the next month, whose messages would go to old news.
        _save_outcome(
            notices, NoticeState.SHOWN if to.has_login else NoticeState.UNREACHED, error=CAP_REACHED
        )
        return False
    if delivery is None:
        return False
    try:
        pass_on(delivery, text, to=to.phone, gateway=gateway)
    except SmsUnknown:
        # As after the end of a worker: a report may come before the lease expires.
        return False
    _save_sent(delivery, notices)
    return True


def _purpose(letter: Letter) -> DeliveryPurpose:
    return DeliveryPurpose.URGENT if letter.may_wake and not letter.is_for_many else DeliveryPurpose.NOTICE


@transaction.atomic(durable=True)
def _begin_short(
    notices: Sequence[PersonalNotice], text: str, letter: Letter, to: Recipient, earlier: Sequence[Delivery]
) -> Delivery | None:
    """Note the hand-over, once for all notices. None where something came first: a report, or the end of a notice.

    Raises CapReached.
    """
    # Before the notices: in the order in which a report locks them.
    settled = [settle(delivery, DeliveryState.UNKNOWN) for delivery in set(earlier)]
    rows = _rows(notices).select_for_update(of=("self",)).filter(state=NoticeState.WAITING)
    if not all(settled) or len(rows.values_list("pk", flat=True)) != len(notices):
        transaction.set_rollback(True)
        return None
    delivery = begin(
        text,
        _purpose(letter),
        person_id=to.person_id,
        about=notices[0]._meta.label_lower,
        is_repeat=bool(earlier),
    )
    _change(notices, delivery=delivery)
    return delivery


def _save_sent(delivery: Delivery, notices: Sequence[PersonalNotice]) -> None:
    """Unless a report has come already that it was not delivered."""
    rows = _rows(notices).filter(delivery=delivery).exclude(state=NoticeState.FAILED)
    rows.update(state=NoticeState.SENT, sent_at=timezone.now(), error="")


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


def _save_outcome(notices: Sequence[PersonalNotice], state: NoticeState, *, error: str = "") -> None:
    sent_at = timezone.now() if state == NoticeState.SENT else None
    _change(notices, state=state, sent_at=sent_at, error=error)


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
        _rows(notices).update(**columns)


def _rows(notices: Sequence[PersonalNotice]) -> QuerySet[PersonalNotice]:
    return type(notices[0])._default_manager.filter(pk__in=[notice.pk for notice in notices])
