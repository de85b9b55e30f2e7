"""Queries about study take as many statements for many rows as for one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone, translation
from wagtail.models import Locale

from courses.enums import CohortState, EnrollmentState
from courses.models import Enrollment, LessonPage, UnitProgress
from courses.queries.enrollments import (
    active_enrollment,
    enrollments_of,
    open_cohorts,
    readable_enrollment,
    sessions_of,
)
from courses.queries.outline import outline, outlines, percent_of, progress_percent
from courses.queries.records import records_of
from courses.queries.requirements import requirements
from courses.services.content import freeze_content
from courses.services.progress import complete_unit
from tests.factories.accounts import TraineeFactory, UserFactory
from tests.factories.courses import (
    ClassSessionFactory,
    CohortFactory,
    CoursePageFactory,
    EnrollmentFactory,
    LessonPageFactory,
    taught_cohort,
)


def fetched(enrollment: Enrollment) -> Enrollment:
    return enrollments_of(enrollment.person).get(pk=enrollment.pk)


def first_unit(enrollment: Enrollment) -> UUID:
    return UUID(enrollment.cohort.content_version.units[0]["unit"])


def test_a_trainee_works_under_their_own_active_enrollment_only(db: None):
    trainee = TraineeFactory()
    enrollment = EnrollmentFactory(person=trainee.person, cohort=taught_cohort())
    unit_key = first_unit(enrollment)

    assert active_enrollment(trainee, unit_key) == enrollment
    assert active_enrollment(trainee, uuid4()) is None
    for stranger in (TraineeFactory(), UserFactory(), AnonymousUser()):
        assert active_enrollment(stranger, unit_key) is None


@pytest.mark.parametrize(("state", "reads"), [("completed", True), ("withdrawn", False), ("failed", False)])
def test_what_was_learned_stays_readable_but_records_nothing(db: None, state: str, reads: bool):
    trainee = TraineeFactory()
    enrollment = EnrollmentFactory(
        person=trainee.person,
        cohort=taught_cohort(),
        state=state,
        completed_at="2026-01-01T00:00Z" if state == "completed" else None,
    )

    assert active_enrollment(trainee, first_unit(enrollment)) is None
    assert (readable_enrollment(trainee, first_unit(enrollment)) == enrollment) is reads


def test_the_outline_shows_what_is_done_and_the_next_unit(db: None):
    enrollment = EnrollmentFactory(cohort=taught_cohort(lessons=3))
    complete_unit(enrollment_id=enrollment.pk, unit_key=first_unit(enrollment))

    units = outline(fetched(enrollment))

    assert [unit.state for unit in units] == ["done", "now", "todo"]
    assert [unit.percent for unit in units] == [100, 0, 0]
    assert percent_of(units) == progress_percent(enrollment) == 33


def test_the_outline_reads_in_the_readers_language_as_it_was_pinned(db: None):
    english = Locale.objects.create(language_code="en")
    course = CoursePageFactory()
    first, second = (LessonPageFactory(parent=course) for _ in range(2))
    translated = first.copy_for_translation(english, copy_parents=True)
    translated.title = "Wiring a socket"
    translated.save_revision().publish()
    cohort = CohortFactory(
        program=course.get_parent().specific,
        content_version=freeze_content(program_id=course.get_parent().pk, by=UserFactory()),
    )
    enrollment = EnrollmentFactory(cohort=cohort)
    first.title = "عنوان آخر"
    first.save_revision().publish()
    second.unpublish()

    with translation.override("en"):
        english_titles = [unit.title for unit in outline(fetched(enrollment))]
    with translation.override("ar"):
        arabic_titles = [unit.title for unit in outline(fetched(enrollment))]

    assert english_titles == ["Wiring a socket", second.title]
    assert arabic_titles[0] != "عنوان آخر"
    assert arabic_titles[1] == second.title


@pytest.mark.parametrize("rows", [1, 3])
def test_outlines_of_a_person_take_one_query_more_than_the_list(
    db: None, rows: int, django_assert_num_queries
):
    person = TraineeFactory().person
    for lessons in range(1, rows + 1):
        EnrollmentFactory(person=person, cohort=taught_cohort(lessons=lessons))

    with django_assert_num_queries(2):
        units_of = outlines(enrollments_of(person))

    assert sorted(map(len, units_of.values())) == list(range(1, rows + 1))


@pytest.mark.parametrize("rows", [1, 3])
def test_requirements_take_three_queries(db: None, rows: int, django_assert_num_queries):
    enrollment = EnrollmentFactory(cohort=taught_cohort(lessons=rows, attendance=75))
    for _ in range(rows):
        ClassSessionFactory(cohort=enrollment.cohort)
    enrollment = fetched(enrollment)

    with django_assert_num_queries(3):
        clauses = requirements(enrollment)

    assert [clause.met for clause in clauses] == [False, False]


def test_open_cohorts_are_those_that_take_people_today(db: None):
    cohort = CohortFactory()
    for state in (CohortState.PLANNED, CohortState.RUNNING, CohortState.CLOSED):
        CohortFactory(program=cohort.program, state=state)
    CohortFactory()

    assert list(open_cohorts(cohort.program)) == [cohort]


def test_a_timetable_runs_in_order_of_time(db: None):
    late = ClassSessionFactory()
    early = ClassSessionFactory(cohort=late.cohort, starts_at=late.starts_at.replace(year=2025))
    ClassSessionFactory()

    assert list(sessions_of(late.cohort)) == [early, late]


def test_a_person_who_withdrew_still_sees_the_enrollment_in_their_list(db: None):
    enrollment = EnrollmentFactory(state=EnrollmentState.WITHDRAWN)

    assert list(enrollments_of(enrollment.person)) == [enrollment]


# --- The record of study -----------------------------------------------------------------------------------------


def studied(*, lessons: int = 2) -> Enrollment:
    """An enrollment as certificates fetch it, with its first unit completed."""
    enrollment = EnrollmentFactory(cohort=taught_cohort(lessons=lessons))
    complete_unit(enrollment_id=enrollment.pk, unit_key=first_unit(enrollment))
    return with_content().get(pk=enrollment.pk)


def with_content() -> QuerySet[Enrollment]:
    return Enrollment.objects.select_related("cohort__content_version", "cohort__program__locale")


def test_a_record_has_completion_dates_and_scores(db: None):
    enrollment = studied()
    UnitProgress.objects.filter(enrollment=enrollment).update(score="87.50", scores=["87.50"])

    first, second = records_of([enrollment])[enrollment.pk]

    titles = [unit["title"] for unit in enrollment.cohort.content_version.units]
    assert [first.titles, second.titles] == [{"ar": title} for title in titles]
    assert (first.completed_on, first.score) == (timezone.localdate(), Decimal("87.50"))
    assert (second.completed_on, second.score) == (None, None)


def test_a_record_lists_an_optional_unit_only_where_it_was_completed(db: None):
    enrollment = studied()
    version = enrollment.cohort.content_version
    for unit in version.units:
        unit["required"] = False

    (only,) = records_of([enrollment])[enrollment.pk]

    assert only.completed_on is not None


def test_a_record_keeps_the_title_of_the_source_as_it_was_taught_and_takes_the_other_of_today(db: None):
    english = Locale.objects.create(language_code="en")
    enrollment = studied()
    page = LessonPage.objects.order_by("path").first()
    taught = page.title
    translated = page.copy_for_translation(english, copy_parents=True)
    translated.title = "Safety at work"
    translated.save_revision().publish()
    page.title = "عنوان آخر"
    page.save_revision().publish()

    first, second = records_of([enrollment])[enrollment.pk]

    assert first.titles == {"ar": taught, "en": "Safety at work"}
    assert set(second.titles) == {"ar"}


@pytest.mark.parametrize("many", [1, 3])
def test_records_take_two_queries_however_many(
    db: None, many: int, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
):
    keys = [studied().pk for _ in range(many)]
    enrollments = list(with_content().select_related("cohort__completion_rule").filter(pk__in=keys))

    with django_assert_num_queries(2):
        records = records_of(enrollments)

    assert sorted(records) == sorted(keys)
