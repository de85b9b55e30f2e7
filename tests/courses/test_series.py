"""Sessions on several days at once: previewed with what is against each day, then saved one by one."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from courses.enums import SessionKind
from courses.errors import ClassesClash, SeriesEmpty
from courses.models import ClassSession, Cohort, Holiday, Venue
from courses.queries.holidays import holidays_between, working_day_after, working_days
from courses.queries.series import Slot, Taken, slot_on
from courses.services.series import schedule_days
from tests.factories.accounts import CenterFactory, MembershipFactory, UserFactory
from tests.factories.courses import CohortFactory

# A Sunday.
FIRST = dt.date(2026, 10, 4)
MORNING = (dt.time(9), dt.time(13))


@pytest.fixture
def cohort(center: Center) -> Cohort:
    return CohortFactory(center=center, starts_on=FIRST, ends_on=FIRST + dt.timedelta(days=60))


@pytest.fixture
def room(center: Center) -> Venue:
    return Venue.objects.create(center=center, name="ورشة ١")


@pytest.fixture
def manager(client: Client, center: Center) -> User:
    user: User = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user
    client.force_login(user)
    return user


def slots(*days: int) -> list[Slot]:
    return [slot_on(FIRST + dt.timedelta(days=day), *MORNING) for day in days]


def planned(cohort: Cohort, days: list[Slot], **facts: Any) -> list[ClassSession]:
    facts = {"kind": SessionKind.WORKSHOP, "title": "ورشة", "by": UserFactory(), **facts}
    return schedule_days(cohort_id=cohort.pk, slots=days, **facts)


def rule(cohort: Cohort, **facts: Any) -> dict[str, Any]:
    """Every Sunday and Tuesday of two weeks: the 4th, 6th, 11th and 13th of October."""
    return {
        "cohort": cohort.pk,
        "kind": "workshop",
        "title": "يوم ورشة",
        "weekdays": ["7", "2"],
        "starts": "09:00",
        "ends": "13:00",
        "first_day": "2026-10-04",
        "last_day": "2026-10-17",
        **facts,
    }


def test_days_become_single_sessions(cohort: Cohort, room: Venue):
    made = planned(cohort, slots(0, 2, 7), venue_id=room.pk)

    assert [timezone.localtime(row.starts_at).date().day for row in made] == [4, 6, 11]
    assert {(row.kind, row.venue_id) for row in made} == {("workshop", room.pk)}


def test_every_clash_is_named_and_nothing_is_written(cohort: Cohort, room: Venue, center: Center):
    teacher = UserFactory()
    planned(CohortFactory(center=center, starts_on=FIRST), slots(0), venue_id=room.pk)
    planned(CohortFactory(center=center, starts_on=FIRST), slots(2), instructor_id=teacher.pk)
    planned(cohort, slots(7))

    with pytest.raises(ClassesClash) as refusal:
        planned(cohort, slots(0, 2, 7, 9), venue_id=room.pk, instructor_id=teacher.pk)
    with pytest.raises(SeriesEmpty):
        planned(cohort, [])

    assert [clash.taken for clash in refusal.value.facts["rows"]] == [
        Taken.VENUE,
        Taken.INSTRUCTOR,
        Taken.COHORT,
    ]
    assert ClassSession.objects.count() == 3


def test_the_preview_leaves_out_holidays_and_clashes_and_saves_what_was_chosen(
    client: Client, manager: User, cohort: Cohort, center: Center
):
    Holiday.objects.create(day=dt.date(2026, 10, 6), name_ar="عيد القوات المسلحة", name_en="Armed Forces Day")
    planned(cohort, slots(7))
    address = reverse("classsession:series")

    preview = client.post(address, rule(cohort, preview="1"))
    days = preview.context["days"]
    posted = rule(cohort, save="1", previewed=preview.context["form"].fingerprint)
    answer = client.post(address, posted | {"day": ["2026-10-06", "2026-10-13"]})

    assert [(planned.day.day, planned.is_chosen) for planned in days] == [
        (4, True),
        (6, False),
        (11, False),
        (13, True),
    ]
    assert "عيد القوات المسلحة" in preview.content.decode()
    assert days[2].clashes
    assert answer.status_code == 302
    held = ClassSession.objects.filter(title="يوم ورشة").order_by("starts_at")
    assert [timezone.localtime(row.starts_at).day for row in held] == [6, 13]


def test_what_was_changed_after_the_preview_is_previewed_again(client: Client, manager: User, cohort: Cohort):
    address = reverse("classsession:series")
    shown = client.post(address, rule(cohort, preview="1")).context["form"].fingerprint

    answer = client.post(address, rule(cohort, save="1", previewed=shown, starts="10:00", day=["2026-10-04"]))

    assert answer.status_code == 200
    assert len(answer.context["days"]) == 4
    assert not ClassSession.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"last_day": "2027-10-17"},
        {"last_day": "2026-10-01"},
        {"ends": "08:00"},
        {"weekdays": ["7"], "first_day": "2026-10-05", "last_day": "2026-10-06"},
        {"first_day": "0001-01-01", "last_day": "9999-12-31"},
        {"weekdays": []},
    ],
)
def test_a_rule_without_possible_days_is_refused(
    client: Client, manager: User, cohort: Cohort, facts: dict[str, Any]
):
    answer = client.post(reverse("classsession:series"), rule(cohort, preview="1", **facts))

    assert answer.context["form"].errors
    assert answer.context["days"] == []


def test_a_cohort_of_another_center_is_no_choice(client: Client, manager: User):
    foreign = CohortFactory(center=CenterFactory(), starts_on=FIRST, ends_on=FIRST + dt.timedelta(days=60))

    answer = client.post(reverse("classsession:series"), rule(foreign, preview="1"))

    assert answer.context["form"].errors["cohort"]


def test_working_days_leave_out_weekends_and_the_holidays_of_the_place(center: Center):
    Holiday.objects.create(day=dt.date(2026, 10, 6), name_ar="عيد", name_en="Feast")
    local = Holiday.objects.create(
        day=dt.date(2026, 10, 8), name_ar="عيد المحافظة", name_en="Feast", governorate=center.governorate
    )
    here = center.governorate_id
    last = dt.date(2026, 10, 11)

    assert [day.day for day in working_days(FIRST, last)] == [4, 5, 7, 8, 11]
    assert [day.day for day in working_days(FIRST, last, governorate_id=here)] == [4, 5, 7, 11]
    assert working_day_after(FIRST, 3, governorate_id=here) == last
    assert holidays_between(local.day, local.day, governorate_id=here) == {local.day: local}


def test_a_working_day_after_ten_closed_weeks_is_found(db: None):
    for day in range(1, 71):
        Holiday.objects.create(day=FIRST + dt.timedelta(days=day), name_ar="عطلة", name_en="Holiday")

    assert working_day_after(FIRST, 1) == FIRST + dt.timedelta(days=71)
