"""Completion: a frozen rule, stored evidence, one signal."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from accounts.models import User
from courses.clauses import Clauses
from courses.enums import AttendanceStatus, EnrollmentState
from courses.models import Cohort, CompletionRule, ContentVersion, Eligibility, Enrollment
from courses.queries.evidence import evidence_of
from courses.queries.requirements import requirements
from courses.services.attendance import amend_attendance
from courses.services.completion import complete_if_eligible, set_completion_rule
from courses.services.progress import complete_unit, record_score
from courses.signals import program_completed
from tests.factories.accounts import UserFactory
from tests.factories.courses import (
    ClassSessionFactory,
    EnrollmentFactory,
    attend,
    closed,
    finish_units,
    taught_cohort,
)


@pytest.fixture
def clerk(db: None) -> User:
    return UserFactory()


@pytest.fixture
def announced() -> Iterator[list[dict[str, Any]]]:
    heard: list[dict[str, Any]] = []

    def hear(**kwargs: Any) -> None:
        heard.append(kwargs)

    program_completed.connect(hear)
    yield heard
    program_completed.disconnect(hear)


def enrolled(**rule: int) -> Enrollment:
    return EnrollmentFactory(cohort=taught_cohort(**rule))


def keys(enrollment: Enrollment) -> list[UUID]:
    return [UUID(unit["unit"]) for unit in enrollment.cohort.content_version.units]


def test_the_last_fact_completes_the_program_and_announces_it_once(db: None, announced: list):
    enrollment = enrolled(lessons=2)

    finish_units(enrollment)

    enrollment.refresh_from_db()
    eligibility = enrollment.eligibilities.get(met=True)
    assert enrollment.state == EnrollmentState.COMPLETED
    assert [(fact["enrollment"], fact["eligibility"]) for fact in announced] == [(enrollment, eligibility)]


def test_a_receiver_that_fails_takes_the_completion_back(db: None):
    enrollment = enrolled(lessons=1)

    def refuse(**kwargs: Any) -> None:
        raise RuntimeError("no certificate today")

    program_completed.connect(refuse)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            finish_units(enrollment)
    finally:
        program_completed.disconnect(refuse)

    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.ACTIVE
    assert not enrollment.progress.exists()


def test_an_enrollment_that_lacks_something_is_not_completed(db: None, announced: list):
    enrollment = enrolled(lessons=2, attendance=75, score=60)

    settled = complete_if_eligible(enrollment_id=enrollment.pk)

    assert settled.state == EnrollmentState.ACTIVE
    assert announced == []


def test_a_completed_enrollment_is_not_completed_again(db: None, announced: list):
    enrollment = enrolled(lessons=1)
    finish_units(enrollment)

    complete_if_eligible(enrollment_id=enrollment.pk)

    assert len(announced) == 1


def evaluated(enrollment: Enrollment) -> Eligibility:
    complete_if_eligible(enrollment_id=enrollment.pk)
    return enrollment.eligibilities.first()


def test_evaluating_again_stores_a_snapshot_only_when_something_changed(db: None):
    enrollment = enrolled(lessons=2)

    first, second = (evaluated(enrollment) for _ in range(2))
    complete_unit(enrollment_id=enrollment.pk, unit_key=keys(enrollment)[0])
    third = evaluated(enrollment)

    assert first == second != third
    assert first.evidence["units"]["done"] == 0
    assert third.evidence["units"] == {
        "done": 1,
        "required": 2,
        "missing": [enrollment.cohort.content_version.units[1]["title"]],
    }


def test_without_a_rule_nothing_is_evaluated_and_no_one_completes(db: None):
    settled = complete_if_eligible(enrollment_id=EnrollmentFactory().pk)

    assert settled.state == EnrollmentState.ACTIVE
    assert not Eligibility.objects.exists()


def test_attendance_counts_present_and_late_and_leaves_excused_out(db: None):
    enrollment = enrolled(attendance=75)
    for status in ("present", "late", "excused", "absent"):
        attend(enrollment, AttendanceStatus(status))

    attendance = evidence_of(enrollment, enrollment.cohort.completion_rule).attendance

    assert (attendance.attended, attendance.held, attendance.percent) == (2, 3, 66)
    assert not attendance.is_met()


def test_a_session_over_without_a_record_counts_as_absent(db: None):
    enrollment = enrolled(attendance=75)
    attend(enrollment, AttendanceStatus.PRESENT)
    ClassSessionFactory(cohort=enrollment.cohort)

    attendance = evidence_of(enrollment, enrollment.cohort.completion_rule).attendance

    assert attendance.percent == 50


def test_full_attendance_so_far_does_not_complete_while_future_sessions_can_undo_it(db: None):
    enrollment = enrolled(lessons=1, attendance=75)
    tomorrow = timezone.now() + dt.timedelta(days=1)
    for day in range(2):
        ClassSessionFactory(cohort=enrollment.cohort, starts_at=tomorrow + dt.timedelta(days=day))
    attend(enrollment, AttendanceStatus.PRESENT)
    finish_units(enrollment)
    attendance = evidence_of(enrollment, enrollment.cohort.completion_rule).attendance

    for _ in range(5):
        attend(enrollment, AttendanceStatus.PRESENT)

    assert (attendance.percent, attendance.upcoming, attendance.is_met()) == (100, 2, False)
    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.COMPLETED


def test_amended_attendance_can_complete(clerk: User):
    enrollment = enrolled(lessons=1, attendance=75)
    finish_units(enrollment)
    record = attend(enrollment, AttendanceStatus.ABSENT)

    amend_attendance(
        record_id=record.pk, status=AttendanceStatus.PRESENT, minutes=1, by=clerk, reason="سجل خطأ"
    )

    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.COMPLETED


def test_the_mean_of_the_tests_is_not_rounded_up(db: None):
    enrollment = enrolled(lessons=3, score=60)
    for unit_key, score in zip(keys(enrollment), ("60", "60", "59.98"), strict=True):
        record_score(enrollment_id=enrollment.pk, unit_key=unit_key, score=Decimal(score), passed=True)

    evidence = evidence_of(enrollment, enrollment.cohort.completion_rule).score

    assert (evidence.percent, evidence.tests, evidence.marked) == ("59.99", 3, 3)
    assert not evidence.is_met()


def test_passed_units_do_not_complete_a_program_whose_mean_score_is_too_low(db: None):
    enrollment = enrolled(lessons=1, score=60)
    (unit_key,) = keys(enrollment)

    record_score(enrollment_id=enrollment.pk, unit_key=unit_key, score=Decimal(50), passed=True)

    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.ACTIVE
    record_score(enrollment_id=enrollment.pk, unit_key=unit_key, score=Decimal(60), passed=True)
    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.COMPLETED


def test_the_clauses_read_in_the_readers_language(db: None):
    enrollment = enrolled(lessons=1, attendance=75, score=60)
    attend(enrollment, AttendanceStatus.PRESENT)

    with translation.override("en"):
        sentences = [clause.sentence for clause in requirements(enrollment)]

    assert sentences == [
        "1 required unit left",
        "attendance: 100% so far, at least 75% needed",
        "mean test score: 0% so far, at least 60% needed",
    ]


def test_closing_the_cohort_completes_who_meets_the_rule_and_ends_the_rest(clerk: User):
    cohort = taught_cohort(lessons=1, attendance=50)
    diligent, idle = (EnrollmentFactory(cohort=cohort) for _ in range(2))
    finish_units(diligent)
    upcoming = ClassSessionFactory(cohort=cohort, starts_at=timezone.now() + dt.timedelta(days=1))
    attend(diligent, AttendanceStatus.PRESENT)
    type(upcoming).objects.filter(pk=upcoming.pk).delete()

    closed(cohort, by=clerk)

    diligent.refresh_from_db()
    idle.refresh_from_db()
    assert (diligent.state, idle.state) == (EnrollmentState.COMPLETED, EnrollmentState.FAILED)


def test_a_new_rule_leaves_open_cohorts_with_the_one_they_are_pinned_to(clerk: User):
    cohort = taught_cohort()
    pinned = cohort.completion_rule

    newer = set_completion_rule(program_id=cohort.program_id, by=clerk, asks=Clauses(attendance=70))

    cohort.refresh_from_db()
    assert (newer.version, cohort.completion_rule) == (pinned.version + 1, pinned)


def test_a_rule_in_use_is_frozen_by_the_database_and_an_unused_one_is_not(clerk: User):
    cohort = taught_cohort()
    unused = set_completion_rule(program_id=cohort.program_id, by=clerk)

    with pytest.raises(IntegrityError), transaction.atomic():
        CompletionRule.objects.filter(pk=cohort.completion_rule_id).update(clauses=[])
    changed = CompletionRule.objects.filter(pk=unused.pk).update(clauses=[])

    assert changed == 1


def test_evidence_and_content_are_frozen_by_the_database(db: None):
    enrollment = enrolled(lessons=1)
    evaluated(enrollment)

    for change in (
        lambda: Eligibility.objects.update(met=True),
        lambda: Eligibility.objects.all().delete(),
        lambda: ContentVersion.objects.update(units=[]),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()

    assert Cohort.objects.get().content_version.units
