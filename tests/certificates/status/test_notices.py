"""Holders get a notice when their certificate is ready and before it ends, once each, in their language."""

import datetime as dt
from smtplib import SMTPServerDisconnected

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from pytest_django.fixtures import Settings

from accounts.enums import NoticeState, RoleName
from accounts.models import Center, User
from accounts.services.contacts import record_contact
from accounts.services.formatting import localize_digits
from accounts.services.notices import MOST_ATTEMPTS, _lease
from accounts.sms import parts_of
from certificates.enums import NoticeKind, Reason
from certificates.models import Credential, Notice, Term
from certificates.services.notices import deliver_notices, plan_reminders, resend_failed_notices
from certificates.services.statuses import suspend
from tests.accounts.kannel import PASSWORD, Network
from tests.database_owner import trigger_disabled
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory
from tests.factories.certificates import (
    credential_type,
    drawn,
    issued,
    moved,
    revoke,
)
from tests.factories.courses import CohortFactory


@pytest.fixture
def holder(center: Center) -> User:
    return TraineeFactory(email="mona@example.org", language="ar")


@pytest.fixture
def credential(center: Center, holder: User) -> Credential:
    return issued(CohortFactory(center=center), person=holder.person)


def ending_in(days: int, *, holder: User, months: int = 12) -> Credential:
    """A certificate whose last day is so many days away, as one issued long ago."""
    Term.objects.create(type=credential_type(), months=months, since=dt.date(2000, 1, 1))
    credential = issued(CohortFactory(), person=holder.person)
    return moved(credential, timezone.localdate() + dt.timedelta(days=days))


def states() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("state", flat=True))


def test_a_holder_gets_a_notice_when_the_certificate_is_drawn(credential: Credential):
    assert deliver_notices() == 0

    drawn(credential)

    assert deliver_notices() == 1
    [letter] = mail.outbox
    assert letter.to == ["mona@example.org"]
    assert letter.subject == "شهادتك جاهزة"
    assert credential.number in letter.body
    assert localize_digits(credential.claims["program_ar"]) in letter.body
    assert f"/ar{reverse('certificates:mine').removeprefix('/ar')}" in letter.body
    assert states() == [NoticeState.SENT]


def test_a_holder_gets_a_notice_once(credential: Credential):
    drawn(credential)
    deliver_notices()
    drawn(credential)

    assert deliver_notices() == 0
    assert len(mail.outbox) == 1


def test_a_letter_is_in_the_holder_s_language(center: Center):
    reader = TraineeFactory(email="john@example.org", language="en")
    credential = issued(CohortFactory(center=center), person=reader.person)
    drawn(credential)

    deliver_notices()

    assert mail.outbox[0].subject == "Your certificate is ready"
    assert credential.claims["program_en"] in mail.outbox[0].body


def test_two_certificates_of_a_person_make_one_letter(holder: User, center: Center):
    for _number in range(2):
        drawn(issued(CohortFactory(center=center), person=holder.person))

    assert deliver_notices() == 1
    assert len(mail.outbox) == 1
    assert states() == [NoticeState.SENT] * 2


def test_a_holder_without_an_address_reads_it_on_the_site(center: Center):
    drawn(issued(CohortFactory(center=center), person=TraineeFactory().person))

    assert deliver_notices() == 0
    assert states() == [NoticeState.SHOWN]


def test_a_holder_without_a_login_is_told_once_there_is_an_address(center: Center, manager: User):
    credential = issued(CohortFactory(center=center), person=PersonFactory())
    drawn(credential)

    assert deliver_notices() == 0
    assert states() == [NoticeState.UNREACHED]

    record_contact(person_id=credential.holder_id, kind="email", value="mona@example.org", by=manager)
    resend_failed_notices(proposal_id=credential.proposal_id, by=manager)

    assert deliver_notices() == 1
    assert mail.outbox[0].to == ["mona@example.org"]


def test_no_notice_of_issue_is_sent_for_a_certificate_revoked_in_the_meantime(
    credential: Credential, center: Center
):
    drawn(credential)
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user
    revoke(credential_id=credential.pk, reason=Reason.ISSUED_IN_ERROR, note="", by=officer)

    deliver_notices()

    assert Notice.objects.get(kind=NoticeKind.ISSUED).state == NoticeState.DROPPED


def test_a_letter_that_cannot_be_sent_is_tried_again_and_then_given_up(
    credential: Credential, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object, **__: object) -> int:
        raise SMTPServerDisconnected("Connection unexpectedly closed")

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    drawn(credential)

    for attempt in range(1, MOST_ATTEMPTS + 1):
        deliver_notices()
        notice = Notice.objects.get()
        assert notice.attempts == attempt
        assert notice.due_at > timezone.now()
        Notice.objects.update(due_at=timezone.now())

    assert notice.state == NoticeState.FAILED
    assert "unexpectedly closed" in notice.error
    assert deliver_notices() == 0


def test_staff_send_again_what_was_given_up(credential: Credential, manager_client: Client):
    drawn(credential)
    Notice.objects.update(state=NoticeState.FAILED, attempts=MOST_ATTEMPTS, error="refused")
    page = reverse("proposals:inspect", args=[credential.proposal_id])
    again = reverse("proposals:tell_again", args=[credential.proposal_id])
    assert again in manager_client.get(page).content.decode()

    manager_client.post(again)

    assert deliver_notices() == 1
    assert again not in manager_client.get(page).content.decode()


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (91, None),
        (90, NoticeKind.ENDS_IN_90),
        (31, NoticeKind.ENDS_IN_90),
        (30, NoticeKind.ENDS_IN_30),
        (8, NoticeKind.ENDS_IN_30),
        (7, NoticeKind.ENDS_IN_7),
        (0, NoticeKind.ENDS_IN_7),
        (-1, None),
    ],
)
def test_a_holder_is_reminded_before_the_last_day(holder: User, days: int, kind: NoticeKind | None):
    credential = ending_in(days, holder=holder)

    assert plan_reminders() == (1 if kind else 0)
    assert plan_reminders() == 0

    deliver_notices()
    assert list(credential.notices.values_list("kind", flat=True)) == ([kind] if kind else [])
    assert len(mail.outbox) == (1 if kind else 0)


def test_each_reminder_comes_once_on_the_way_to_the_end(holder: User):
    credential = ending_in(90, holder=holder)

    for days in (90, 89, 30, 29, 7, 6, 0):
        moved(credential, timezone.localdate() + dt.timedelta(days=days))
        plan_reminders()
        deliver_notices()

    assert len(mail.outbox) == 3
    assert sorted(credential.notices.values_list("kind", flat=True)) == ["ends_30", "ends_7", "ends_90"]


def test_a_certificate_that_never_held_so_long_is_not_reminded_of_on_its_first_day(holder: User):
    credential = ending_in(28, holder=holder, months=1)
    # From today: months of 31 days are longer than the thirty days of the reminder.
    with trigger_disabled("certificates_credential", "credential_only_ends"):
        Credential.objects.filter(pk=credential.pk).update(valid_from=timezone.localdate())

    assert plan_reminders() == 0


def test_a_suspended_certificate_is_not_reminded_of(holder: User):
    credential = ending_in(7, holder=holder)
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=credential.center).user
    suspend(credential_id=credential.pk, reason=Reason.UNDER_INVESTIGATION, note="", by=officer)

    assert plan_reminders() == 0


def test_a_mail_that_cannot_be_written_fails_and_does_not_stop_the_others(
    credential: Credential, holder: User
):
    drawn(credential)
    User.objects.filter(pk=holder.pk).update(email="a@example.org\nBcc: everybody@example.org")
    other = TraineeFactory(email="other@example.org", language="ar")
    drawn(issued(CohortFactory(), person=other.person))

    sent = []
    for _sweep in range(MOST_ATTEMPTS):
        sent.append(deliver_notices())
        Notice.objects.filter(state=NoticeState.WAITING).update(due_at=timezone.now())

    assert sent == [1, 0, 0, 0, 0]
    assert states() == [NoticeState.FAILED, NoticeState.SENT]
    assert Notice.objects.get(state=NoticeState.FAILED).attempts == MOST_ATTEMPTS


# --- Phones ---------------------------------------------------------------------------------------------------------

PHONE = "+201012345678"


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """The hour of the periodic task, whatever the hour of the test; all notices written now are due by then."""
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    moment = tomorrow.replace(hour=12, minute=0, second=0, microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


@pytest.fixture
def by_phone(center: Center) -> User:
    """Somebody who has a phone and no address."""
    return TraineeFactory(phone=PHONE, email=None, language="ar")


def test_a_holder_without_an_address_gets_a_text_message(sms: Network, noon, by_phone: User, center: Center):
    drawn(issued(CohortFactory(center=center), person=by_phone.person))

    assert deliver_notices() == 1

    [message] = sms.received()
    assert message.to == PHONE
    with translation.override("ar"):
        assert message.text == f"شهادتك جاهزة: {settings.SITE_URL}{reverse('certificates:mine')}"
    assert parts_of(message.text) == 1
    assert states() == [NoticeState.SENT]
    assert mail.outbox == []
    assert deliver_notices() == 0
    assert sms.received() == []


def test_a_holder_with_an_address_gets_only_the_mail(
    sms: Network, noon, credential: Credential, holder: User
):
    User.objects.filter(pk=holder.pk).update(phone=PHONE)
    drawn(credential)

    deliver_notices()

    assert len(mail.outbox) == 1
    assert sms.received() == []


def test_one_text_message_covers_several_certificates_and_the_end_of_one(
    sms: Network, noon, by_phone: User, center: Center
):
    for _number in range(2):
        drawn(issued(CohortFactory(center=center), person=by_phone.person))
    deliver_notices()
    User.objects.filter(pk=by_phone.pk).update(language="en")
    credential = ending_in(90, holder=by_phone)
    plan_reminders()
    deliver_notices()

    ready, ending = sms.received()
    with translation.override("ar"):
        assert ready.text == f"شهادتاك جاهزتان: {settings.SITE_URL}{reverse('certificates:mine')}"
    with translation.override("en"):
        last_day = date_format(credential.valid_until, "j F Y")
        address = f"{settings.SITE_URL}{reverse('certificates:mine')}"
    assert ending.text == f"A certificate of yours is valid until {last_day}: {address}"


def test_a_text_message_has_neither_name_nor_number(sms: Network, noon, by_phone: User):
    """The phone number is not verified."""
    credential = ending_in(90, holder=by_phone)
    plan_reminders()
    deliver_notices()

    [message] = sms.received()
    assert credential.number not in message.text
    assert not set(by_phone.person.full_name_ar.split()) & set(message.text.split())


@pytest.mark.parametrize(
    ("hour", "when"), [(22, (1, 7)), (23, (1, 7)), (0, (0, 7)), (6, (0, 7)), (7, None), (21, None)]
)
def test_no_phone_rings_at_night(
    sms: Network, noon: dt.datetime, monkeypatch: pytest.MonkeyPatch, by_phone: User, hour: int, when
):
    drawn(issued(CohortFactory(), person=by_phone.person))
    now = noon.replace(hour=hour)
    Notice.objects.update(due_at=now)
    monkeypatch.setattr(timezone, "now", lambda: now)

    assert deliver_notices() == (0 if when else 1)

    notice = Notice.objects.get()
    if when:
        days, morning = when
        assert notice.due_at == noon.replace(hour=morning) + dt.timedelta(days=days)
        assert (notice.state, notice.attempts) == (NoticeState.WAITING, 0)
        monkeypatch.setattr(timezone, "now", lambda: notice.due_at)
        assert deliver_notices() == 1
    assert len(sms.received()) == 1


def test_what_the_gateway_refuses_is_tried_again_and_stops_no_other(
    sms: Network, noon, settings: Settings, by_phone: User, credential: Credential
):
    settings.SMS_GATEWAY_PASSWORD = "wrong"
    drawn(issued(CohortFactory(), person=by_phone.person))
    drawn(credential)

    assert deliver_notices() == 1

    notice = Notice.objects.get(state=NoticeState.WAITING)
    assert notice.attempts == 1
    assert "403: Authorization failed" in notice.error
    settings.SMS_GATEWAY_PASSWORD = PASSWORD
    Notice.objects.filter(pk=notice.pk).update(due_at=noon)
    assert deliver_notices() == 1
    assert len(sms.received()) == 1


def test_a_letter_that_ends_its_worker_each_time_is_given_up(credential: Credential):
    """As after a kill: the lease expired and the row is still running."""
    drawn(credential)
    for attempt in range(MOST_ATTEMPTS):
        assert [notice.pk for notice in _lease(Notice.objects.all())[1]] == [credential.notices.get().pk]
        assert credential.notices.get().attempts == attempt + 1
        Notice.objects.update(due_at=timezone.now())

    assert deliver_notices() == 0

    assert states() == [NoticeState.FAILED]
    assert credential.notices.get().error
    assert mail.outbox == []
