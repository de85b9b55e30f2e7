"""Cohorts are pinned to what was published when they opened."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Locale, ModelLogEntry

from accounts.models import User
from courses.enums import CohortState, Shift
from courses.errors import (
    CohortClosed,
    CohortCodeTaken,
    CohortDatesReversed,
    NoCompletionRule,
    ProgramHasNoUnits,
)
from courses.models import Cohort, ContentVersion, PinnedUnit
from courses.services.cohorts import change_cohort, open_cohort
from courses.services.completion import set_completion_rule
from courses.services.content import freeze_content
from tests.factories.accounts import CenterFactory, UserFactory
from tests.factories.courses import (
    CoursePageFactory,
    LessonPageFactory,
    ProgramPageFactory,
    closed,
    taught_cohort,
)


@pytest.fixture
def clerk(db: None) -> User:
    return UserFactory()


def plan(program: Any, clerk: User, **facts: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "program_id": program.pk,
        "center_id": CenterFactory().pk,
        "code": "ELE-1",
        "starts_on": today,
        "ends_on": today + dt.timedelta(days=20),
        "shift": Shift.EVENING,
        "seats": 10,
        "by": clerk,
        **facts,
    }


def test_a_cohort_that_is_saved_as_it_was_is_not_in_the_trail(clerk: User):
    cohort, instructor = taught_cohort(), UserFactory()
    cohort.instructors.set([instructor])

    change_cohort(cohort_id=cohort.pk, seats=cohort.seats, instructors=[instructor], by=clerk)

    assert not ModelLogEntry.objects.filter(action="courses.cohort.change").exists()


def test_freezing_lists_the_published_units_in_teaching_order(clerk: User):
    program = ProgramPageFactory()
    first, second = (CoursePageFactory(parent=program) for _ in range(2))
    hidden = CoursePageFactory(parent=program, live=False)
    late = LessonPageFactory(parent=second, is_required=False)
    early = LessonPageFactory(parent=first)
    LessonPageFactory(parent=first, live=False)
    LessonPageFactory(parent=hidden)

    version = freeze_content(program_id=program.pk, by=clerk)

    assert version.units == [
        {
            "unit": str(page.translation_key),
            "kind": "lesson",
            "title": page.title,
            "titles": {"ar": page.title},
            "required": required,
            "completes_by": "reading",
            "pinned": {"ar": PinnedUnit.objects.get(unit_key=page.translation_key).pk},
        }
        for page, required in ((early, True), (late, False))
    ]


def test_freezing_again_reuses_the_version_until_something_changes(clerk: User):
    course = CoursePageFactory()
    LessonPageFactory(parent=course)
    program = course.get_parent()

    first, same = (freeze_content(program_id=program.pk, by=clerk) for _ in range(2))
    LessonPageFactory(parent=course)
    changed = freeze_content(program_id=program.pk, by=clerk)

    assert first == same
    assert (changed.number, len(changed.units)) == (2, 2)


def test_the_source_language_is_frozen_whichever_translation_is_named(clerk: User):
    english = Locale.objects.create(language_code="en")
    lesson = LessonPageFactory()
    program = lesson.get_parent().get_parent().specific
    program.get_parent().copy_for_translation(english)
    translated = program.copy_for_translation(english)

    version = freeze_content(program_id=translated.pk, by=clerk)

    assert version.program == program
    assert [unit["title"] for unit in version.units] == [lesson.title]


def test_a_program_without_published_units_opens_no_cohort(clerk: User):
    program = ProgramPageFactory()
    set_completion_rule(program_id=program.pk, by=clerk)

    with pytest.raises(ProgramHasNoUnits):
        open_cohort(**plan(program, clerk))

    assert not Cohort.objects.exists()


def test_a_program_without_a_rule_opens_no_cohort_and_leaves_no_version(clerk: User):
    program = LessonPageFactory().get_parent().get_parent()

    with pytest.raises(NoCompletionRule):
        open_cohort(**plan(program, clerk))

    assert not ContentVersion.objects.exists()


def test_a_cohort_opens_with_its_instructors_pinned_to_the_newest_rule(clerk: User):
    program = LessonPageFactory().get_parent().get_parent()
    for _ in range(2):
        rule = set_completion_rule(program_id=program.pk, by=clerk)
    instructor = UserFactory()

    cohort = open_cohort(**plan(program, clerk, instructors=[instructor]))

    assert (cohort.state, cohort.completion_rule, list(cohort.instructors.all())) == (
        CohortState.OPEN,
        rule,
        [instructor],
    )


def test_two_cohorts_never_share_a_code_and_dates_run_forward(clerk: User):
    cohort = taught_cohort()

    with pytest.raises(CohortCodeTaken, match=cohort.code):
        open_cohort(**plan(cohort.program, clerk, code=cohort.code))
    with pytest.raises(CohortDatesReversed):
        open_cohort(**plan(cohort.program, clerk, ends_on=dt.date(2020, 1, 1)))
    with pytest.raises(CohortDatesReversed):
        change_cohort(cohort_id=cohort.pk, ends_on=dt.date(2020, 1, 1), by=clerk)


def test_a_closed_cohort_is_closed(clerk: User):
    cohort = taught_cohort()
    closed(cohort, by=clerk)

    with pytest.raises(CohortClosed):
        change_cohort(cohort_id=cohort.pk, seats=20, by=clerk)
    with pytest.raises(CohortClosed):
        closed(cohort, by=clerk)
