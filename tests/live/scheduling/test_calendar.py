"""Classes in iCalendar feeds, parsed by a separate library."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from accounts.enums import RoleName
from courses.enums import EnrollmentState, SessionKind
from courses.models import ClassSession, Venue
from courses.queries.calendar import calendar
from courses.services.sessions import cancel_session
from live.models import CalendarFeed, LiveSession
from live.queries.feeds import feed_token
from live.services.feeds import end_feed, renew_feed
from live.services.scheduling import cancel_live_session, change_live_session, schedule_live_session
from tests.factories.accounts import MembershipFactory, TraineeFactory, UserFactory
from tests.factories.courses import ClassSessionFactory, CohortFactory, EnrollmentFactory
from tests.factories.live import LiveSessionFactory
from tests.live.conftest import enrolled, instructor_of

pytestmark = pytest.mark.django_db

TITLE = "قراءة المخططات الكهربائية؛ توصيل لوحة التوزيع, الجزء الثاني: القواطع\\والأرضي"


def events(content: bytes | str) -> dict[str, dict]:
    read = Calendar.from_ical(content)
    assert read.errors == []
    return {str(event["SUMMARY"]): event for event in read.walk("VEVENT")}


def address_of(user) -> str:
    return f"/ar/live/calendar/{feed_token(renew_feed(user=user))}.ics"


def planned(**facts) -> LiveSession:
    return LiveSessionFactory(
        **{"class_session__starts_at": timezone.now().replace(microsecond=0) + dt.timedelta(days=1), **facts}
    )


def test_a_class_is_read_back_as_it_was_planned():
    session = planned(class_session__title=TITLE)
    meeting = session.class_session

    (event,) = events(calendar([session.class_session])).values()

    assert str(event["SUMMARY"]) == TITLE
    assert str(event["UID"]) == f"{meeting.public_id}@live.mihna"
    assert (event["SEQUENCE"], str(event["STATUS"])) == (0, "CONFIRMED")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (meeting.starts_at, meeting.ends_at)
    assert str(meeting.public_id) in str(event["URL"])


def test_no_line_is_longer_than_75_octets_and_no_letter_is_broken():
    text = calendar([planned(class_session__title=TITLE).class_session]).encode()

    lines = text.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert any(line.startswith(b" ") for line in lines)
    assert all(line.decode() is not None for line in lines)
    assert b"\n" not in text.replace(b"\r\n", b"")


def test_a_change_raises_the_sequence_and_a_cancellation_says_so_under_the_same_uid():
    session = planned()
    meeting, instructor = session.class_session, instructor_of(session)
    later = meeting.starts_at + dt.timedelta(hours=2)
    (before,) = events(calendar([session.class_session])).values()

    change_live_session(
        session_id=session.pk,
        title=meeting.title,
        starts_at=later,
        ends_at=later + dt.timedelta(hours=1),
        by=instructor,
    )
    (moved,) = events(calendar(ClassSession.objects.all())).values()
    cancel_live_session(session_id=session.pk, reason="مرض", by=instructor)
    (canceled,) = events(calendar(ClassSession.objects.all())).values()

    assert [event["SEQUENCE"] for event in (before, moved, canceled)] == [0, 1, 2]
    assert len({str(event["UID"]) for event in (before, moved, canceled)}) == 1
    assert moved["DTSTART"].dt == later
    assert str(canceled["STATUS"]) == "CANCELLED"


def test_the_feed_needs_no_login_and_shows_only_the_classes_of_its_owner():
    session = planned(class_session__title="حصتي")
    trainee = enrolled(session)
    guest = CohortFactory(center=session.class_session.cohort.center)
    EnrollmentFactory(person=trainee.person, cohort=guest)
    starts_at = timezone.now() + dt.timedelta(days=3)
    schedule_live_session(
        cohort=CohortFactory(center=guest.center),
        also_for=[guest],
        title="مشتركة",
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=1),
        by=instructor_of(session),
    )
    planned(class_session__title="لغيري", class_session__cohort__center=guest.center)

    answer = Client().get(address_of(trainee))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert set(events(answer.content)) == {"حصتي", "مشتركة"}
    names = [person.full_name_ar for person in (trainee.person,)]
    assert not any(name in answer.content.decode() for name in names)


def test_a_trainee_has_every_class_and_workshop_day_with_its_place_and_no_name_in_it():
    session = planned(
        class_session__title="مباشرة", class_session__instructor=UserFactory(display_name="طه حسين")
    )
    cohort = session.class_session.cohort
    trainee = enrolled(session)
    venue = Venue.objects.create(center=cohort.center, name="ورشة ٢")
    begins = timezone.now() + dt.timedelta(days=2)
    workshop, canceled = (
        ClassSessionFactory(
            cohort=cohort,
            title=title,
            kind=SessionKind.WORKSHOP,
            venue=venue,
            starts_at=begins + dt.timedelta(days=day),
        )
        for day, title in enumerate(("لوحة التوزيع", "تمديد المواسير"))
    )
    cancel_session(session_id=canceled.pk, reason="مرض المدرب طه حسين", by=UserFactory())

    content = Client().get(address_of(trainee)).content
    read = events(content)

    assert set(read) == {"مباشرة", workshop.title, canceled.title}
    assert "ورشة ٢" in str(read[workshop.title]["LOCATION"])
    assert str(read[canceled.title]["STATUS"]) == "CANCELLED"
    assert "طه" not in content.decode()


def test_an_instructor_sees_their_own_classes_and_not_the_whole_centers():
    session = planned(class_session__title="لزميل")
    instructor = MembershipFactory(role=RoleName.INSTRUCTOR, center=session.class_session.cohort.center).user
    planned(class_session__title="درسي", class_session__instructor=instructor)

    assert set(events(Client().get(address_of(instructor)).content)) == {"درسي"}


def test_who_left_the_cohort_has_no_class_in_the_feed():
    session = planned()
    trainee = enrolled(session)
    trainee.person.enrollments.update(state=EnrollmentState.WITHDRAWN)

    assert events(Client().get(address_of(trainee)).content) == {}


def test_an_address_ends_when_it_is_renewed_ended_or_its_login_is_closed():
    trainee = enrolled(planned())
    client = Client()
    first = address_of(trainee)
    second = address_of(trainee)

    assert [client.get(address).status_code for address in (first, second)] == [404, 200]
    trainee.is_active = False
    trainee.save()
    assert client.get(second).status_code == 404
    trainee.is_active = True
    trainee.save()
    end_feed(user=trainee)
    assert client.get(second).status_code == 404


@pytest.mark.parametrize("token", ["0" * 64, "x", "ا" * 64, "0" * 32, "g" * 64])
def test_a_guessed_address_opens_nothing(token):
    assert Client().get(f"/ar/live/calendar/{token}.ics").status_code == 404


def test_the_key_in_the_database_opens_nothing_by_itself():
    feed = renew_feed(user=TraineeFactory())

    assert Client().get(f"/ar/live/calendar/{feed.key.hex}{'0' * 32}.ics").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_feed_asks_the_same_of_the_database_however_many_classes(count):
    session = planned(class_session__instructor=None)
    trainee = enrolled(session)
    for number in range(1, count):
        planned(
            class_session__cohort=session.class_session.cohort,
            class_session__starts_at=timezone.now() + dt.timedelta(days=number + 1),
        )
    address = address_of(trainee)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        Client().get(address)

    assert len(asked) == 3


def test_a_person_makes_and_ends_their_address_on_its_page():
    client, trainee = Client(), TraineeFactory()
    client.force_login(trainee)
    page = "/ar/live/calendar/"

    assert "calendar/" not in client.get(page).context["address"]
    client.post(page, {"renew": ""})
    address = client.get(page).context["address"]
    assert feed_token(CalendarFeed.objects.get(user=trainee)) in address
    client.post(page, {"end": ""})
    assert not CalendarFeed.objects.exists()


def test_one_class_is_given_as_a_file_to_those_who_may_enter():
    session = planned()
    client, outsider = Client(), Client()
    client.force_login(enrolled(session))
    outsider.force_login(TraineeFactory())
    path = f"/ar/live/{session.class_session.public_id}/class.ics"

    answer = client.get(path)

    assert "class.ics" in answer["Content-Disposition"]
    assert list(events(answer.content)) == [session.class_session.title]
    assert outsider.get(path).status_code == 404
