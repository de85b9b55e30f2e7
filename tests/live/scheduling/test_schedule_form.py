"""Planning live classes in the staff workplace."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from courses.models import ClassSession
from live.enums import LiveState
from live.models import LiveSession
from live.services.scheduling import schedule_live_session
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import cohort_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return cohort_until(2030)


@pytest.fixture
def instructor(cohort):
    return MembershipFactory(role=RoleName.INSTRUCTOR, center=cohort.center).user


@pytest.fixture
def workplace(instructor) -> Client:
    client = Client()
    client.force_login(instructor)
    return client


def form(cohort, **facts):
    return {
        "cohort": cohort.pk,
        "title": "قياس المقاومة",
        "starts_at": "2030-01-06 10:00",
        "ends_at": "2030-01-06 11:00",
        "joins_before": 20,
        **facts,
    }


def plan(workplace, cohort, **facts):
    return workplace.post(reverse("livesession:add"), form(cohort, **facts))


def change(workplace, session, **facts):
    meeting = session.class_session
    data = {
        "title": meeting.title,
        "starts_at": f"{timezone.localtime(meeting.starts_at):%Y-%m-%d %H:%M}",
        "ends_at": f"{timezone.localtime(meeting.ends_at):%Y-%m-%d %H:%M}",
        "instructor": meeting.instructor_id or "",
        "joins_before": session.joins_before,
        "scope": "one",
    }
    return workplace.post(reverse("livesession:edit", args=[session.pk]), data | facts)


def days() -> list[int]:
    starts = ClassSession.objects.order_by("starts_at").values_list("starts_at", flat=True)
    return [timezone.localtime(moment).day for moment in starts]


@pytest.mark.parametrize("end", [{"weeks": 2}, {"last_day": "2030-01-19"}])
def test_a_series_is_planned_for_some_weeks_or_until_a_day(workplace, cohort, end):
    answer = plan(workplace, cohort, weekdays=[7, 3], holidays="٢٠٣٠-٠١-١٣، 2030-02-01", **end)

    assert answer.status_code == 302
    assert days() == [6, 9, 16]
    assert {session.joins_before for session in LiveSession.objects.all()} == {20}


@pytest.mark.parametrize(
    "typed",
    ["2030-01-06 16:00", "6/1/2030 16:00", "٦/١/٢٠٣٠ ١٦:٠٠", "٦/١/٢٠٣٠ ٤:٠٠ م", "6/1/2030 4:00 PM"],
)
def test_a_moment_is_read_as_people_and_pages_write_it(workplace, cohort, typed):
    plan(workplace, cohort, starts_at=typed, ends_at="2030-01-06 17:00")

    [meeting] = ClassSession.objects.all()
    assert f"{timezone.localtime(meeting.starts_at):%Y-%m-%d %H:%M}" == "2030-01-06 16:00"


def test_the_last_day_of_a_series_may_be_typed_in_arabic_digits(workplace, cohort):
    plan(workplace, cohort, weekdays=[7], last_day="١٩/١/٢٠٣٠")

    assert days() == [6, 13]


def test_every_clash_of_a_series_is_a_line_of_the_form(workplace, cohort, instructor):
    plan(workplace, cohort_until(2030, center=cohort.center), instructor=instructor.pk, weekdays=[7], weeks=2)

    answer = plan(workplace, cohort, instructor=instructor.pk, weekdays=[7, 3], weeks=3)

    assert answer.status_code == 200
    assert len(answer.context["form"].errors["weekdays"]) == 2
    assert LiveSession.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"weekdays": [7]}, "weeks"),
        ({"weekdays": [7], "weeks": 1, "holidays": "العيد"}, "holidays"),
        ({"weekdays": [7], "weeks": 1, "holidays": "2030-13-40"}, "holidays"),
        ({"ends_at": "2030-01-06 09:00"}, "ends_at"),
        ({"capacity": 0}, "capacity"),
    ],
)
def test_what_cannot_be_planned_is_said_at_its_field(workplace, cohort, facts, field):
    answer = plan(workplace, cohort, **facts)

    assert list(answer.context["form"].errors) == [field]
    assert not LiveSession.objects.exists()


def test_cohorts_of_other_centers_are_no_choice(workplace, cohort):
    other = cohort_until(2030)

    answer = plan(workplace, cohort, also_for=[other.pk])

    assert "also_for" in answer.context["form"].errors
    assert plan(workplace, other).status_code == 200
    assert not LiveSession.objects.exists()


def test_a_class_and_all_later_ones_are_canceled_in_the_form(workplace, cohort, instructor):
    plan(workplace, cohort, weekdays=[7], weeks=3)
    second = LiveSession.objects.order_by("class_session__starts_at")[1]

    assert "reason" in change(workplace, second, is_canceled="on", scope="later").context["form"].errors
    change(workplace, second, is_canceled="on", reason="عطلة", scope="later")

    states = LiveSession.objects.order_by("class_session__starts_at").values_list("state", flat=True)
    assert list(states) == [LiveState.SCHEDULED, LiveState.CANCELED, LiveState.CANCELED]


def test_a_substitute_and_a_new_hour_are_given_in_the_form(workplace, cohort, instructor):
    plan(workplace, cohort, instructor=instructor.pk)
    session = LiveSession.objects.get()
    substitute = MembershipFactory(role=RoleName.INSTRUCTOR, center=cohort.center).user

    answer = change(workplace, session, instructor=substitute.pk, starts_at="2030-01-06 09:30", capacity=12)

    assert answer.status_code == 302
    session.refresh_from_db()
    meeting = session.class_session
    assert (meeting.instructor, timezone.localtime(meeting.starts_at).hour) == (substitute, 9)
    assert session.capacity == 12


def test_only_those_who_teach_are_led_to_the_form(cohort, instructor, workplace):
    starts_at = timezone.now() + dt.timedelta(days=1)
    session = schedule_live_session(
        cohort=cohort,
        title="حصة",
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=1),
        by=instructor,
    )
    registrar = Client()
    registrar.force_login(MembershipFactory(role=RoleName.REGISTRAR, center=cohort.center).user)
    address = reverse("livesession:edit", args=[session.pk])

    lists = [client.get(reverse("livesession:index")).content.decode() for client in (workplace, registrar)]

    assert [address in page for page in lists] == [True, False]
    assert registrar.get(address).status_code == 404
