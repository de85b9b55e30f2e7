"""Marks of one attempt that a person corrects: what counts, what follows from it, and what is kept."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessment.enums import CorrectionCause
from assessment.errors import NotMarkedYet, NotOneOfTheQuestions
from assessment.models import Attempt, AttemptCorrection, ScoreNotice
from assessment.services.correcting import correct_marks
from assessment.services.score_notices import send_score_notices
from courses.enums import EnrollmentState
from courses.errors import CorrectedByTeacher, OwnMark, ReasonMissing
from courses.models import Cohort, UnitProgress
from tests.factories.accounts import UserFactory
from tests.factories.assessment import QuizPageFactory, options_of, quizzed_cohort, single
from tests.factories.regrades import begun, officer, taken

pytestmark = pytest.mark.django_db

RIGHT, WRONG = (0,), (1,)
WHY = "انقطع التيار عن القاعة"


@pytest.fixture
def cohort() -> Cohort:
    """Of a quiz with two questions of a point each; 60 % pass, and complete the program."""
    return quizzed_cohort(QuizPageFactory(questions=[single(), single("والثانية؟")]))


def test_a_late_answer_that_counts_is_marked_by_its_key(cohort: Cohort):
    attempt, by = taken(cohort, RIGHT, WRONG), officer()
    late = options_of(attempt)[1][0]

    [row] = correct_marks(
        attempt_id=attempt.pk, cause=CorrectionCause.LATE, reason=WHY, by=by, responses={1: late}
    )

    attempt.refresh_from_db()
    enrollment = attempt.enrollment
    enrollment.refresh_from_db()
    assert (row.from_score, row.to_score, row.by, row.reason) == (50, 100, by, WHY)
    assert (attempt.score, attempt.passed) == (100, True)
    assert (attempt.answers.get(slot=1).response, attempt.answers.get(slot=1).mark) == (late, 1)
    assert UnitProgress.objects.get().score == 100
    assert enrollment.state == EnrollmentState.COMPLETED


def test_a_late_answer_that_earns_as_much_takes_the_place_of_the_other(cohort: Cohort):
    attempt = taken(cohort, RIGHT)
    wrong = options_of(attempt)[1][1]

    correct_marks(
        attempt_id=attempt.pk, cause=CorrectionCause.LATE, reason=WHY, by=officer(), responses={1: wrong}
    )

    attempt.refresh_from_db()
    assert (attempt.score, attempt.answers.get(slot=1).response) == (50, wrong)
    assert not ScoreNotice.objects.exists()


def test_several_questions_are_corrected_at_once_and_told_once(cohort: Cohort):
    attempt = taken(cohort, WRONG, WRONG)

    rows = correct_marks(
        attempt_id=attempt.pk,
        cause=CorrectionCause.LATE,
        reason=WHY,
        by=officer(),
        shares={0: Fraction(1), 1: Fraction(1, 2)},
    )

    attempt.refresh_from_db()
    assert {(row.slot, row.to_mark) for row in rows} == {(0, 1), (1, Decimal("0.5"))}
    assert (attempt.score, attempt.passed) == (75, True)
    assert ScoreNotice.objects.count() == 1


def test_the_trainee_is_told_why_and_reads_it_with_the_result(cohort: Cohort):
    attempt = taken(cohort, RIGHT, WRONG)
    correct_marks(
        attempt_id=attempt.pk, cause=CorrectionCause.LATE, reason=WHY, by=officer(), shares={1: Fraction(1)}
    )
    client = Client()
    client.force_login(User.objects.get(person=attempt.enrollment.person_id))

    send_score_notices()
    page = client.get(reverse("assessment:attempt", args=[attempt.public_id])).content.decode()

    assert ScoreNotice.objects.get().state != "waiting"
    assert "احتُسبت إجابات وصلت بعد انتهاء الوقت" in page
    assert "إجابة نموذجية خاطئة" not in page


def test_what_changes_nothing_leaves_no_row(cohort: Cohort):
    attempt = taken(cohort, RIGHT, WRONG)

    rows = correct_marks(
        attempt_id=attempt.pk, cause=CorrectionCause.APPEAL, reason=WHY, by=officer(), shares={1: Fraction(0)}
    )

    assert not rows
    assert not AttemptCorrection.objects.exists()


def test_one_is_not_corrected_without_a_reason_by_its_person_its_teacher_or_before_its_mark(cohort: Cohort):
    attempt, teacher = taken(cohort, RIGHT, WRONG), UserFactory()
    cohort.instructors.add(teacher)
    open_one, _trainee = begun(cohort)
    own = User.objects.get(person=attempt.enrollment.person_id)

    def corrected(by: User, reason: str = WHY, attempt: Attempt = attempt, slot: int = 1) -> None:
        correct_marks(
            attempt_id=attempt.pk,
            cause=CorrectionCause.APPEAL,
            reason=reason,
            by=by,
            shares={slot: Fraction(1)},
        )

    with pytest.raises(ReasonMissing):
        corrected(officer(), reason=" ")
    with pytest.raises(OwnMark):
        corrected(own)
    with pytest.raises(CorrectedByTeacher):
        corrected(teacher)
    with pytest.raises(NotMarkedYet):
        corrected(officer(), attempt=open_one)
    with pytest.raises(NotOneOfTheQuestions):
        corrected(officer(), slot=2)

    attempt.refresh_from_db()
    assert attempt.score == 50
    assert not AttemptCorrection.objects.exists()


def test_the_database_takes_another_answer_only_with_the_row_that_counts_it(cohort: Cohort):
    attempt = taken(cohort, RIGHT, WRONG)
    correct_marks(
        attempt_id=attempt.pk, cause=CorrectionCause.APPEAL, reason=WHY, by=officer(), shares={1: Fraction(1)}
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        attempt.answers.filter(slot=0).update(response=options_of(attempt)[0][1])
