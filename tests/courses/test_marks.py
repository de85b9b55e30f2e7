"""Scores are corrected with a reason, down as well as up; marks that wait keep their person in the cohort."""

from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import RoleName
from accounts.models import User
from courses.enums import AttendanceStatus, EnrollmentState
from courses.errors import NothingMarked, OwnMark, ReasonMissing, ScoreOutOfRange
from courses.models import Cohort, Eligibility, Enrollment, ScoreCorrection, UnitProgress
from courses.queries.closing import outcomes_of_closing
from courses.queries.doubts import completions_in_doubt
from courses.services.attendance import amend_attendance
from courses.services.enrollments import enroll
from courses.services.marks import await_mark, correct_score
from courses.services.progress import record_score
from tests.factories.accounts import PersonFactory, UserFactory, staff_member
from tests.factories.courses import attend, closed, finish_units, taught_cohort
from tests.hypothesis_budget import examples


@pytest.fixture
def assessor(db: None) -> User:
    return UserFactory()


@pytest.fixture
def cohort(db: None) -> Cohort:
    """One unit, no attendance asked, a mean score of 60 %."""
    return taught_cohort(lessons=1, attendance=0, score=60)


@pytest.fixture
def enrollment(cohort: Cohort, assessor: User) -> Enrollment:
    return enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=assessor)


def unit_of(enrollment: Enrollment) -> UUID:
    return UUID(enrollment.cohort.content_version.units[0]["unit"])


def mark(enrollment: Enrollment, score: int, *, passed: bool = True) -> UnitProgress:
    return record_score(
        enrollment_id=enrollment.pk, unit_key=unit_of(enrollment), score=Decimal(score), passed=passed
    )


def correct(
    enrollment: Enrollment, score: float, by: User, *, passed: bool = True, reason: str = "خطأ في الجمع"
) -> ScoreCorrection:
    return correct_score(
        enrollment_id=enrollment.pk,
        unit_key=unit_of(enrollment),
        score=Decimal(str(score)),
        passed=passed,
        reason=reason,
        by=by,
    )


def state_of(enrollment: Enrollment) -> str:
    enrollment.refresh_from_db()
    return enrollment.state


def test_a_score_may_be_lowered_with_a_reason_and_keeps_what_was_there(
    enrollment: Enrollment, assessor: User
):
    before = mark(enrollment, 50, passed=False)

    correct(enrollment, 40, assessor, passed=False)

    row = UnitProgress.objects.get()
    kept = ScoreCorrection.objects.get()
    assert row.score == 40
    assert (kept.from_score, kept.to_score, kept.by, kept.reason) == (
        before.score,
        40,
        assessor,
        "خطأ في الجمع",
    )


def test_without_a_correction_no_score_goes_down(enrollment: Enrollment):
    mark(enrollment, 50, passed=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        UnitProgress.objects.update(score=40)


def test_a_score_corrected_up_completes_also_after_the_end(
    enrollment: Enrollment, cohort: Cohort, assessor: User
):
    mark(enrollment, 50, passed=True)
    closed(cohort, by=assessor)
    ended = state_of(enrollment)

    correct(enrollment, 70, assessor)

    assert (ended, state_of(enrollment)) == (EnrollmentState.FAILED, EnrollmentState.COMPLETED)


def test_a_completion_that_lost_its_evidence_stays_and_is_listed_for_those_who_certify(
    enrollment: Enrollment, assessor: User
):
    mark(enrollment, 90)
    officer = staff_member(RoleName.CERTIFYING_OFFICER, enrollment.cohort.center)
    elsewhere = staff_member(RoleName.REGISTRAR, enrollment.cohort.center)
    before = list(completions_in_doubt(officer))

    correct(enrollment, 30, assessor, passed=False)

    assert state_of(enrollment) == EnrollmentState.COMPLETED
    assert (before, list(completions_in_doubt(officer))) == ([], [enrollment])
    assert not completions_in_doubt(elsewhere).exists()
    assert [row.met for row in Eligibility.objects.order_by("pk")][-2:] == [True, False]


def test_correcting_back_takes_a_completion_from_the_list(enrollment: Enrollment, assessor: User):
    officer = staff_member(RoleName.CERTIFYING_OFFICER, enrollment.cohort.center)
    mark(enrollment, 90)

    correct(enrollment, 30, assessor, passed=False)
    correct(enrollment, 90, assessor)

    assert not completions_in_doubt(officer).exists()


@settings(max_examples=examples(0.3), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scores=st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=1, max_size=4))
def test_correcting_and_correcting_back_restores_everything_but_the_history(
    enrollment: Enrollment, assessor: User, scores: list[tuple[int, bool]]
):
    # What an example left is what the next one begins with: it was restored.
    if not enrollment.progress.exists():
        mark(enrollment, 80)

    def facts() -> tuple[object, ...]:
        row = UnitProgress.objects.get(enrollment=enrollment)
        return row.score, row.passed, row.completed_at, state_of(enrollment)

    before = facts()
    for score, passed in scores:
        correct(enrollment, score, assessor, passed=passed)
    correct(enrollment, 80, assessor)

    assert facts() == before


@pytest.mark.parametrize(("score", "refusal"), [(-1, ScoreOutOfRange), (101, ScoreOutOfRange)])
def test_a_score_is_a_percentage(
    enrollment: Enrollment, assessor: User, score: int, refusal: type[Exception]
):
    mark(enrollment, 50)

    with pytest.raises(refusal):
        correct(enrollment, score, assessor)


def test_a_correction_has_a_reason_a_score_and_another_hand(enrollment: Enrollment, assessor: User):
    own = UserFactory(person=enrollment.person)

    with pytest.raises(NothingMarked):
        correct(enrollment, 50, assessor)
    mark(enrollment, 40, passed=False)
    with pytest.raises(ReasonMissing):
        correct(enrollment, 50, assessor, reason="  ")
    with pytest.raises(OwnMark):
        correct(enrollment, 50, own)

    assert UnitProgress.objects.get().score == 40


def test_a_correction_is_kept(enrollment: Enrollment, assessor: User):
    mark(enrollment, 50)
    kept = correct(enrollment, 60, assessor)

    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreCorrection.objects.update(reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.delete()


@pytest.mark.parametrize(("score", "state"), [(80, EnrollmentState.COMPLETED), (20, EnrollmentState.FAILED)])
def test_closing_leaves_who_waits_for_a_mark_and_the_mark_ends_it(
    enrollment: Enrollment, cohort: Cohort, assessor: User, score: int, state: EnrollmentState
):
    await_mark(enrollment_id=enrollment.pk, unit_key=unit_of(enrollment))
    (outcome,) = outcomes_of_closing(cohort)

    closed(cohort, by=assessor)
    waits = state_of(enrollment)
    mark(enrollment, score, passed=score >= 60)

    assert (outcome.waits, outcome.fails, outcome.completes) == (True, False, False)
    assert (waits, state_of(enrollment)) == (EnrollmentState.ACTIVE, state)


def test_a_changed_attendance_puts_a_completion_in_doubt(assessor: User):
    cohort = taught_cohort(lessons=1, attendance=75)
    enrollment = enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=assessor)
    record = attend(enrollment, AttendanceStatus.PRESENT)
    finish_units(enrollment)

    amend_attendance(
        record_id=record.pk, status=AttendanceStatus.ABSENT, minutes=0, by=assessor, reason="لم يحضر"
    )

    assert state_of(enrollment) == EnrollmentState.COMPLETED
    assert not enrollment.eligibilities.first().met
