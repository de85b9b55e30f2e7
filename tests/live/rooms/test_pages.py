"""The pages of live classes and their place in the staff workplace."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.enums import RoleName
from courses.enums import EnrollmentState
from courses.models import AttendanceRecord
from live.attendance.policy import CURRENT
from live.enums import LiveState
from live.errors import RoomEnded, RoomNotOpen, TooEarlyToOpen
from live.models import Event, LiveSession
from live.services.chat import send_message
from live.services.hands import raise_hand
from live.services.scheduling import schedule_live_session
from live.services.sessions import end_overdue_rooms, end_room, open_room
from tests.factories.accounts import MembershipFactory, TraineeFactory
from tests.factories.courses import EnrollmentFactory
from tests.factories.live import LiveSessionFactory, OpenLiveSessionFactory
from tests.live.conftest import enrolled

pytestmark = pytest.mark.django_db


def address(name: str, session: LiveSession) -> str:
    with translation.override("ar"):
        return reverse(f"live:{name}", args=[session.class_session.public_id])


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_trainees_and_instructors_of_the_cohort_find_the_room(session, trainee, instructor):
    for user in (trainee, instructor):
        assert client_of(user).get(address("room", session)).status_code == 200


@pytest.mark.parametrize("name", ["room", "ticket"])
def test_outsiders_find_no_room(session, name):
    of_another_cohort = EnrollmentFactory(person=TraineeFactory().person).person.user
    teaches_elsewhere = MembershipFactory(role=RoleName.INSTRUCTOR).user
    registrar = MembershipFactory(role=RoleName.REGISTRAR, center=session.class_session.cohort.center).user

    for user in (of_another_cohort, teaches_elsewhere, registrar):
        client = client_of(user)
        answer = (
            client.post(address(name, session)) if name == "ticket" else client.get(address(name, session))
        )
        assert answer.status_code == 404


def test_a_trainee_of_another_cohort_of_the_center_reads_where_the_own_classes_are(session):
    cohort = session.class_session.cohort
    elsewhere = EnrollmentFactory(person=TraineeFactory().person, cohort__center=cohort.center)

    page = client_of(elsewhere.person.user).get(address("room", session))

    assert elsewhere.cohort.code in page.content.decode()
    assert session.class_session.title not in page.content.decode()


def test_a_withdrawn_trainee_finds_no_room(session, trainee):
    trainee.person.enrollments.update(state=EnrollmentState.WITHDRAWN)

    assert client_of(trainee).post(address("ticket", session)).status_code == 404


def test_a_ticket_is_given_by_post_only(session, trainee):
    client = client_of(trainee)

    assert client.get(address("ticket", session)).status_code == 405
    assert client.post(address("ticket", session)).json()["seconds"] == 60


def test_an_ended_class_gives_no_ticket_and_says_so(session, trainee, instructor):
    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")

    answer = client_of(trainee).post(address("ticket", session))

    assert (answer.status_code, answer.json()["code"]) == (403, "room_ended")
    assert "انتهت الحصة" in answer.json()["message"]


def test_text_of_a_message_is_never_markup(session, trainee):
    send_message(session_id=session.pk, by=trainee, text="<script>alert(1)</script>", client_id="0" * 32)

    page = client_of(trainee).get(address("room", session)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_of_the_database_however_long(
    session, trainee, count, django_assert_num_queries
):
    cohort = session.class_session.cohort
    for number in range(1, count):
        LiveSessionFactory(
            class_session__cohort=cohort, class_session__starts_at=timezone.now() + dt.timedelta(days=number)
        )
    client = client_of(trainee)
    with translation.override("ar"):
        url = reverse("live:index")
    client.get(url)

    with django_assert_num_queries(9):
        answer = client.get(url)

    assert len(answer.context["upcoming"]) == count


def test_a_class_that_was_never_opened_is_among_those_that_are_over(session, trainee):
    yesterday = timezone.now() - dt.timedelta(days=1)
    missed = LiveSessionFactory(
        class_session__cohort=session.class_session.cohort, class_session__starts_at=yesterday
    )
    with translation.override("ar"):
        answer = client_of(trainee).get(reverse("live:index"))

    assert missed not in answer.context["upcoming"]
    assert missed in answer.context["ended"]
    assert "لم تُعقد" in answer.content.decode()


def test_a_scheduled_class_is_in_the_timetable_with_a_room(session, instructor):
    starts_at = timezone.now() + dt.timedelta(days=1)

    live = schedule_live_session(
        cohort=session.class_session.cohort,
        title="قراءة المخططات",
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=1),
        by=instructor,
        instructor=instructor,
    )

    assert (live.class_session.kind, live.state) == ("live", LiveState.SCHEDULED)
    with pytest.raises(TooEarlyToOpen):
        open_room(session_id=live.pk, by=instructor)


def test_a_class_is_ended_once_and_only_when_it_was_opened(planned, instructor):
    with pytest.raises(RoomNotOpen):
        end_room(session_id=planned.pk, by=instructor, reason="انقطاع التيار")
    open_room(session_id=planned.pk, by=instructor)
    end_room(session_id=planned.pk, by=instructor, reason="انقطاع التيار")
    with pytest.raises(RoomEnded):
        end_room(session_id=planned.pk, by=instructor, reason="انقطاع التيار")

    planned.refresh_from_db()
    assert planned.attendance_policy == CURRENT.frozen()
    assert list(planned.events.values_list("seq", "kind")) == [(1, "room.opened"), (2, "room.ended")]


def test_a_class_that_was_left_open_ends_as_of_its_planned_end(db):
    opened = timezone.now() - dt.timedelta(hours=3)
    session = OpenLiveSessionFactory(
        opened_at=opened,
        class_session__starts_at=opened,
        class_session__ends_at=opened + dt.timedelta(hours=1),
    )
    trainee = enrolled(session)

    ended = end_overdue_rooms()

    session.refresh_from_db()
    assert ended == 1
    assert session.ended_at == session.class_session.ends_at
    assert AttendanceRecord.objects.get().enrollment.person == trainee.person
    assert end_overdue_rooms() == 0


@pytest.mark.parametrize("statement", ["UPDATE live_event SET payload = '{}'", "DELETE FROM live_event"])
def test_the_database_refuses_to_rewrite_the_log(session, trainee, statement):
    raise_hand(session_id=session.pk, by=trainee)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Event.objects.filter(session=session).count() == 1


def test_staff_see_and_schedule_live_classes_of_their_center_only(session, instructor):
    other = LiveSessionFactory()
    client = client_of(instructor)

    index = client.get(reverse("livesession:index")).content.decode()
    own = client.get(reverse("livesession:attendance", args=[session.pk]))
    foreign = client.get(reverse("livesession:attendance", args=[other.pk]))

    assert session.class_session.cohort.code in index
    assert other.class_session.cohort.code not in index
    assert (own.status_code, foreign.status_code) == (200, 404)


def test_staff_schedule_a_class_in_the_workplace(session, instructor):
    cohort = session.class_session.cohort
    form = {
        "cohort": cohort.pk,
        "title": "قياس المقاومة",
        "starts_at": f"{cohort.ends_on} 10:00",
        "ends_at": f"{cohort.ends_on} 11:00",
        "instructor": instructor.pk,
    }

    answer = client_of(instructor).post(reverse("livesession:add"), form)

    assert answer.status_code == 302
    assert LiveSession.objects.get(class_session__title="قياس المقاومة").class_session.cohort == cohort
