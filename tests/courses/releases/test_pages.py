"""Staff say when units open; the trainee reads it."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.enums import RoleName
from accounts.models import User
from courses.models import LessonPage, UnitRelease
from courses.queries.outline import unit_address
from courses.queries.release_plan import release_plan
from courses.services.content import take_newest_content
from courses.services.progress import open_unit
from tests.courses.releases.conftest import Course
from tests.courses.releases.test_opening import statements
from tests.factories.accounts import staff_member


@pytest.fixture(autouse=True)
def arabic() -> Iterator[None]:
    with override("ar"):
        yield


def page_of(course: Course) -> str:
    return reverse("cohort:units", args=[course.cohort.pk])


def logged_in(client: Client, role: RoleName, course: Course) -> User:
    user = staff_member(role, course.cohort.center)
    client.force_login(user)
    return user


def test_an_instructor_opens_a_course_a_week_later_and_the_trainee_reads_when(client: Client, course: Course):
    seat = course.seat()
    logged_in(client, RoleName.INSTRUCTOR, course)
    cohort_page = client.get(reverse("cohort:inspect", args=[course.cohort.pk])).text
    week_two = str(course.pages[1].translation_key)

    saved = client.post(page_of(course), {"course": week_two, "day": "7"}, follow=True)
    client.post(
        reverse("cohort:unit", args=[course.cohort.pk, course.quiz]),
        {"opens_at": "", "after": [str(course.first), str(course.second)]},
    )
    client.force_login(seat.person.user)
    video = client.get(unit_address(seat, course.video)).text

    assert page_of(course) in cohort_page
    assert [day for found, form in saved.context["courses"] if (day := form["day"].value())] == [7]
    assert set(UnitRelease.objects.values_list("unit_key", "opens_at")) == {
        (course.video, course.day(7)),
        (course.extra, course.day(7)),
        (course.quiz, None),
    }
    assert "يفتح يوم" in video
    assert "بعد إتمام: السلامة، العدد" in client.get(unit_address(seat, course.quiz)).text


def test_a_registrar_reads_when_units_open_and_changes_nothing(client: Client, course: Course):
    course.release(course.video, day=7)
    logged_in(client, RoleName.REGISTRAR, course)

    page = client.get(page_of(course))
    sent = client.post(page_of(course), {"course": str(course.pages[0].translation_key), "day": "3"})
    unit = client.get(reverse("cohort:unit", args=[course.cohort.pk, course.video]))

    assert (page.status_code, sent.status_code, unit.status_code) == (200, 404, 404)
    assert 'name="day"' not in page.text
    assert UnitRelease.objects.get().opens_at == course.day(7)


@pytest.mark.parametrize("day", ["-1", "31", "x", "9" * 400])
def test_a_day_that_is_none_is_answered_at_its_course(client: Client, course: Course, day: str):
    logged_in(client, RoleName.CENTER_MANAGER, course)

    page = client.post(page_of(course), {"course": str(course.pages[1].translation_key), "day": day})

    first, second = (form for _course, form in page.context["courses"])
    assert second.errors
    assert not first.is_bound
    assert not UnitRelease.objects.exists()


@pytest.mark.parametrize("course_key", ["", "x", "00000000-0000-0000-0000-000000000001"])
def test_a_course_that_is_none_is_refused_in_words(client: Client, course: Course, course_key: str):
    logged_in(client, RoleName.CENTER_MANAGER, course)

    page = client.post(page_of(course), {"course": course_key, "day": "1"})

    assert page.status_code == 200
    assert "help-critical" in page.text


@pytest.mark.parametrize("opens_at", ["0001-01-01T00:00", "2026-13-01T00:00", "9999-12-31T23:59", "غدا"])
def test_a_date_that_is_none_is_refused_in_words(client: Client, course: Course, opens_at: str):
    logged_in(client, RoleName.CENTER_MANAGER, course)

    page = client.post(
        reverse("cohort:unit", args=[course.cohort.pk, course.video]), {"opens_at": opens_at, "after": []}
    )

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not UnitRelease.objects.exists()


def test_a_unit_that_is_gone_is_shown_as_such_and_what_was_set_for_it_is_removed(
    client: Client, course: Course
):
    course.release(course.second, day=3)
    course.release(course.quiz, after=(course.second,))
    LessonPage.objects.get(translation_key=course.second).unpublish()
    take_newest_content(cohort_id=course.cohort.pk, reason="حذف الدرس", by=course.clerk)
    logged_in(client, RoleName.CENTER_MANAGER, course)

    page = client.get(page_of(course)).text
    client.post(reverse("cohort:unit", args=[course.cohort.pk, course.second]), {})

    assert "لم تعد من محتوى المجموعة" in page
    assert page.count("العدد") >= 2
    assert "(لم يعد مطلوبا)" in page
    assert UnitRelease.objects.get().unit_key == course.quiz


def test_the_plan_asks_the_same_for_one_trainee_and_unit_as_for_many(course: Course):
    course.release(course.extra, day=7)
    with_one = statements(lambda: release_plan(course.cohort))
    for unit in (course.second, course.quiz):
        course.release(unit, day=7, after=(course.first,))
    for _ in range(3):
        open_unit(enrollment_id=course.seat().pk, unit_key=course.first)

    assert statements(lambda: release_plan(course.cohort)) == with_one
