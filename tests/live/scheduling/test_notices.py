"""Notices about classes: recipients, times, and how often."""

import datetime as dt

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from accounts.enums import NoticeState
from accounts.services.quiet_hours import is_quiet
from accounts.sms import parts_of
from courses.enums import EnrollmentState
from courses.services.sessions import reschedule_session
from live.enums import NoticeKind, Scope
from live.models import LiveSession, Notice
from live.queries.reminders import change_time, reminder_time
from live.services.notices import deliver_notices, plan_reminders
from live.services.scheduling import (
    cancel_live_session,
    change_live_session,
    schedule_series,
)
from tests.factories.live import LiveSessionFactory
from tests.live.conftest import enrolled, instructor_of
from tests.live.substitutes import substitute_instructor

pytestmark = pytest.mark.django_db

CAIRO = timezone.get_default_timezone()


def cairo(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2030, 1, day, hour, minute, tzinfo=CAIRO)


@pytest.mark.parametrize(
    ("starts_at", "a_day_before", "an_hour_before"),
    [
        (cairo(10, 18), cairo(9, 18), cairo(10, 17)),
        # The evening before is in the quiet hours: sent in the morning of the day.
        (cairo(10, 22, 30), cairo(10, 7), cairo(10, 21, 30)),
        # An hour before is too early in the morning, and at seven it is not over yet.
        (cairo(10, 7, 30), cairo(9, 7, 30), cairo(10, 7)),
        # Before the end of the quiet hours: the evening before.
        (cairo(10, 6), cairo(9, 7), cairo(9, 21, 45)),
    ],
)
def test_no_reminder_is_sent_between_ten_at_night_and_seven(starts_at, a_day_before, an_hour_before):
    day = reminder_time(starts_at - dt.timedelta(days=1), starts_at)
    hour = reminder_time(starts_at - dt.timedelta(hours=1), starts_at)

    assert (day, hour) == (a_day_before, an_hour_before)
    assert not is_quiet(day)
    assert not is_quiet(hour)


def test_a_change_found_at_night_is_sent_in_the_morning_unless_the_class_is_before_it():
    assert change_time(cairo(9, 23), cairo(10, 18)) == cairo(10, 7)
    assert change_time(cairo(10, 2), cairo(10, 18)) == cairo(10, 7)
    assert change_time(cairo(9, 23), cairo(10, 6)) == cairo(9, 23)
    assert change_time(cairo(9, 12), cairo(10, 6)) == cairo(9, 12)


@pytest.fixture
def noon(monkeypatch):
    """Set the clock of the periodic tasks to noon of today in Cairo."""
    moment = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def in_hours(noon: dt.datetime, hours: float) -> LiveSession:
    return LiveSessionFactory(class_session__starts_at=noon + dt.timedelta(hours=hours))


def sweep() -> None:
    plan_reminders()
    deliver_notices()


def test_each_person_is_reminded_once_a_day_and_once_an_hour_before(noon):
    tomorrow, soon = in_hours(noon, 23.9), in_hours(noon, 0.9)
    first, second = enrolled(tomorrow, email="a@example.org"), enrolled(soon, email="b@example.org")

    for _ in range(3):
        sweep()

    assert sorted(message.to[0] for message in mail.outbox) == [first.email, second.email]
    assert set(Notice.objects.values_list("person", "kind", "state")) == {
        (first.person_id, NoticeKind.DAY, NoticeState.SENT),
        (second.person_id, NoticeKind.HOUR, NoticeState.SENT),
    }


def test_a_reminder_is_in_the_language_of_its_reader_and_leads_to_the_room(noon):
    session = in_hours(noon, 5)
    enrolled(session, email="ar@example.org", language="ar")
    enrolled(session, email="en@example.org", language="en")

    sweep()

    bodies = {message.to[0]: message.body for message in mail.outbox}
    assert "تبدأ" in bodies["ar@example.org"]
    assert "/ar/live/" in bodies["ar@example.org"]
    assert "begins on" in bodies["en@example.org"]
    assert "/en/live/" in bodies["en@example.org"]


def test_who_left_is_not_reminded_not_even_of_what_was_written_before(noon):
    session = in_hours(noon, 5)
    left, leaving = enrolled(session, email="a@example.org"), enrolled(session, email="b@example.org")
    left.person.enrollments.update(state=EnrollmentState.WITHDRAWN)
    plan_reminders()
    leaving.person.enrollments.update(state=EnrollmentState.WITHDRAWN)

    deliver_notices()

    assert mail.outbox == []
    assert list(Notice.objects.values_list("person", "state")) == [(leaving.person_id, NoticeState.DROPPED)]


def test_a_class_moved_to_another_day_gets_a_new_reminder(noon):
    session = in_hours(noon, 20)
    enrolled(session, email="a@example.org")
    sweep()
    starts_at = session.class_session.starts_at + dt.timedelta(hours=3)

    change_live_session(
        session_id=session.pk,
        title=session.class_session.title,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=1),
        by=instructor_of(session),
    )
    sweep()
    sweep()

    assert sorted(Notice.objects.values_list("kind", "starts_at")) == sorted(
        [
            (NoticeKind.DAY, session.class_session.starts_at),
            (NoticeKind.CHANGED, starts_at),
            (NoticeKind.DAY, starts_at),
        ]
    )
    # What is due at once goes in one mail.
    assert len(mail.outbox) == 2


def test_a_series_that_is_canceled_is_one_mail(noon):
    session = in_hours(noon, 100)
    cohort, instructor = session.class_session.cohort, instructor_of(session)
    enrolled(session, email="a@example.org")
    day = timezone.localdate() + dt.timedelta(days=10)
    made = schedule_series(
        cohort=cohort,
        title="سلسلة",
        weekdays={1, 2, 3},
        first_day=day,
        last_day=day + dt.timedelta(days=20),
        starts=dt.time(18),
        ends=dt.time(19),
        by=instructor,
    )

    cancel_live_session(session_id=made[0].pk, reason="عطلة", by=instructor, scope=Scope.LATER)
    for _ in range(3):
        sweep()

    assert len(mail.outbox) == 1
    assert mail.outbox[0].body.count("عطلة") == len(made)


def test_two_changes_before_the_sending_become_one_notice(noon):
    session = in_hours(noon, 50)
    enrolled(session, email="a@example.org")
    instructor = instructor_of(session)
    for hours in (1, 2):
        starts_at = session.class_session.starts_at + dt.timedelta(hours=hours)
        change_live_session(
            session_id=session.pk,
            title=session.class_session.title,
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=1),
            by=instructor,
        )

    sweep()

    assert len(mail.outbox) == 1
    assert Notice.objects.filter(state=NoticeState.SENT).get().starts_at == starts_at


def test_the_notice_of_a_substitute_has_their_name(noon):
    session = in_hours(noon, 50)
    enrolled(session, email="en@example.org", language="en")
    usual, substitute = instructor_of(session), instructor_of(session)
    substitute.display_name = "مروة سعيد"
    substitute.save()
    session.class_session.instructor = usual
    session.class_session.save()

    substitute_instructor(session=session, instructor=substitute, by=usual)
    sweep()

    assert "given by another instructor: مروة سعيد" in mail.outbox[0].body


def test_a_change_made_in_the_timetable_itself_is_sent_too(noon):
    session = in_hours(noon, 50)
    enrolled(session, email="a@example.org")
    meeting = session.class_session
    reschedule_session(
        session_id=meeting.pk,
        kind=meeting.kind,
        title=meeting.title,
        starts_at=meeting.starts_at + dt.timedelta(hours=1),
        ends_at=meeting.ends_at + dt.timedelta(hours=1),
        by=instructor_of(session),
    )

    sweep()
    sweep()

    assert len(mail.outbox) == 1


def test_people_without_an_email_address_see_notices_on_the_site(noon, client):
    session = in_hours(noon, 50)
    trainee = enrolled(session)
    cancel_live_session(session_id=session.pk, reason="انقطاع الكهرباء", by=instructor_of(session))
    sweep()

    client.force_login(trainee)
    page = client.get("/ar/live/").content.decode()

    assert Notice.objects.get().state == NoticeState.SHOWN
    assert "انقطاع الكهرباء" in page
    assert mail.outbox == []


def test_a_mail_server_that_is_away_is_tried_again_and_given_up(noon, settings):
    session = in_hours(noon, 50)
    enrolled(session, email="a@example.org")
    cancel_live_session(session_id=session.pk, reason="مرض", by=instructor_of(session))
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 1},
        }
    }

    deliver_notices()

    notice = Notice.objects.get()
    assert (notice.state, notice.attempts) == (NoticeState.WAITING, 1)
    assert notice.error
    assert notice.due_at > timezone.now()
    assert deliver_notices() == 0
    Notice.objects.update(attempts=4, due_at=timezone.now())
    deliver_notices()
    assert Notice.objects.get().state == NoticeState.FAILED


# --- Phones ---------------------------------------------------------------------------------------------------------

PHONE = "+201012345678"


def test_people_without_an_email_address_get_a_cancellation_by_sms(noon, sms):
    session = in_hours(noon, 50)
    enrolled(session, phone=PHONE, email=None)
    cancel_live_session(session_id=session.pk, reason="انقطاع الكهرباء", by=instructor_of(session))

    sweep()
    sweep()

    [message] = sms.received()
    assert message.to == PHONE
    assert session.class_session.title in message.text
    with translation.override("ar"):
        assert message.text.endswith(f" {settings.SITE_URL}{reverse('live:index')}")
    assert Notice.objects.get().state == NoticeState.SENT


def test_a_phone_is_not_reminded_of_every_class(noon, sms):
    session = in_hours(noon, 0.9)
    enrolled(session, phone=PHONE, email=None)

    sweep()

    assert sms.received() == []
    assert Notice.objects.get().state == NoticeState.SHOWN


def test_a_cancellation_of_a_class_before_the_morning_is_sent_at_night(noon, sms, monkeypatch):
    session = in_hours(noon, 18.5)
    enrolled(session, phone=PHONE, email=None)
    monkeypatch.setattr(timezone, "now", lambda: noon + dt.timedelta(hours=18))
    cancel_live_session(session_id=session.pk, reason="مرض", by=instructor_of(session))

    sweep()

    assert len(sms.received()) == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_longest_title_is_three_messages_at_the_most(noon, sms, language):
    session = in_hours(noon, 50)
    meeting = session.class_session
    meeting.title = "تأسيس لوحات التوزيع " * 6
    meeting.save()
    enrolled(session, phone=PHONE, email=None, language=language)
    cancel_live_session(session_id=session.pk, reason="مرض", by=instructor_of(session))

    sweep()

    [message] = sms.received()
    assert "…" in message.text
    assert parts_of(message.text) <= 3
