"""When units of a cohort open is set by staff, within rules."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from wagtail.models import ModelLogEntry

from accounts.services.formatting import format_number
from courses.errors import (
    CohortClosed,
    CourseNotInCohort,
    OpensAfterCohort,
    OpensOutsideDays,
    UnitIsOptional,
    UnitNotInCohort,
    UnitsOpenLater,
    UnitsWaitInCircle,
    UnitWasOpened,
)
from courses.models import LessonPage, UnitRelease
from courses.queries.releases import releases_in, start_of_day
from courses.releases import Release
from courses.services.cohorts import change_cohort
from courses.services.content import take_newest_content
from courses.services.progress import open_unit
from courses.services.releases import release_course
from tests.courses.releases.conftest import Course
from tests.factories.courses import closed


def kept(course: Course) -> dict[str, Release]:
    return dict(releases_in([course.cohort])[course.cohort.pk])


def test_a_course_opens_with_a_day_of_the_cohort_and_its_units_wait_for_the_same_units_as_before(
    course: Course,
):
    course.release(course.quiz, after=(course.video,))

    written = release_course(
        cohort_id=course.cohort.pk, course_key=course.pages[1].translation_key, day=7, by=course.clerk
    )

    assert written == 3
    assert kept(course) == {
        str(course.quiz): Release(course.day(7), (str(course.video),)),
        str(course.video): Release(course.day(7)),
        str(course.extra): Release(course.day(7)),
    }
    entry = ModelLogEntry.objects.get(action="courses.cohort.release_course")
    assert entry.data == {"course": "الأسبوع الثاني", "units": 3, "opens_at": course.day(7).isoformat()}


def test_dates_of_a_course_are_taken_back_and_the_cohort_is_not_asked_about_releases_any_more(
    course: Course,
):
    week = {"cohort_id": course.cohort.pk, "course_key": course.pages[1].translation_key, "by": course.clerk}
    release_course(day=7, **week)
    course.cohort.refresh_from_db()
    assert course.cohort.has_releases

    release_course(day=None, **week)

    course.cohort.refresh_from_db()
    assert not course.cohort.has_releases
    assert not UnitRelease.objects.exists()


def test_what_was_set_before_is_in_the_trail(course: Course):
    course.release(course.second, after=(course.first,))

    course.release(course.second, day=3)

    entry = ModelLogEntry.objects.filter(action="courses.cohort.release_unit").latest("pk")
    assert entry.data["unit"] == "العدد"
    assert entry.data["before"] == {"opens_at": None, "units_first": ["السلامة"]}
    assert entry.data["after"] == {"opens_at": course.day(3).isoformat(), "units_first": None}


def test_the_trail_can_be_read_with_what_a_unit_waited_for(course: Course, client, superuser):
    course.release(course.second, after=(course.first,))
    client.force_login(superuser)

    page = client.get(reverse("audit:index")).content.decode()

    assert "السلامة" in page


def test_units_that_would_wait_for_one_another_are_refused_by_their_titles(course: Course):
    course.release(course.second, after=(course.first,))
    course.release(course.quiz, after=(course.second,))

    with pytest.raises(UnitsWaitInCircle, match=r"السلامة.*اختبار الأسبوع.*العدد"):
        course.release(course.first, after=(course.quiz,))
    with pytest.raises(UnitsWaitInCircle):
        course.release(course.video, after=(course.video,))

    assert str(course.first) not in kept(course)


def test_what_cannot_be_waited_for_is_refused(course: Course):
    with pytest.raises(UnitIsOptional, match="للاستزادة"):
        course.release(course.second, after=(course.extra,))
    with pytest.raises(UnitNotInCohort):
        course.release(course.second, after=(uuid4(),))
    with pytest.raises(UnitNotInCohort):
        course.release(uuid4(), day=1)
    with pytest.raises(CourseNotInCohort):
        release_course(cohort_id=course.cohort.pk, course_key=uuid4(), day=1, by=course.clerk)

    assert not UnitRelease.objects.exists()


@pytest.mark.parametrize("day", [-1, 31, 10**12])
def test_a_course_opens_on_a_day_of_the_cohort_only(course: Course, day: int):
    with pytest.raises(OpensOutsideDays):
        release_course(
            cohort_id=course.cohort.pk, course_key=course.pages[0].translation_key, day=day, by=course.clerk
        )


def test_no_unit_opens_after_the_last_day_and_no_last_day_is_before_an_opening(course: Course):
    course.release(course.quiz, day=30)
    with pytest.raises(OpensAfterCohort):
        course.release(course.video, day=31)

    with pytest.raises(UnitsOpenLater):
        change_cohort(
            cohort_id=course.cohort.pk, ends_on=course.cohort.ends_on - dt.timedelta(days=1), by=course.clerk
        )


def test_a_unit_that_trainees_opened_is_not_closed_again(course: Course):
    seat = course.seat()
    open_unit(enrollment_id=seat.pk, unit_key=course.video)

    with pytest.raises(UnitWasOpened, match=format_number(1)):
        course.release(course.video, day=1)
    with pytest.raises(UnitWasOpened):
        release_course(
            cohort_id=course.cohort.pk, course_key=course.pages[1].translation_key, day=7, by=course.clerk
        )
    course.release(course.quiz, day=1)

    assert kept(course) == {str(course.quiz): Release(course.day(1))}


def test_nothing_is_set_in_a_closed_cohort(course: Course):
    closed(course.cohort)

    with pytest.raises(CohortClosed):
        course.release(course.video, day=1)


def test_the_database_keeps_one_row_for_a_unit_that_says_something(course: Course):
    facts = {"cohort": course.cohort, "unit_key": course.video}
    UnitRelease.objects.create(**facts, after=[course.first])

    for wrong in (
        {"after": [course.first]},
        {"unit_key": course.quiz, "after": []},
        {"unit_key": course.quiz, "after": [course.quiz]},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            UnitRelease.objects.create(**(facts | wrong))


def test_a_circle_does_not_come_back_with_a_unit_that_was_gone(course: Course):
    course.release(course.quiz, after=(course.second,))
    course.release(course.second, after=(course.video,))
    page = LessonPage.objects.get(translation_key=course.second)
    page.unpublish()
    take_newest_content(cohort_id=course.cohort.pk, reason="حذف الدرس", by=course.clerk)

    with pytest.raises(UnitsWaitInCircle):
        course.release(course.video, after=(course.quiz,))
    course.release(course.second)

    assert kept(course) == {str(course.quiz): Release(None, (str(course.second),))}


def test_a_midnight_that_the_clock_skips_is_the_first_instant_of_its_day():
    assert start_of_day(dt.date(2026, 4, 24)) == dt.datetime(2026, 4, 23, 22, tzinfo=dt.UTC)
    assert start_of_day(dt.date(2026, 10, 30)) == dt.datetime(2026, 10, 29, 22, tzinfo=dt.UTC)
