"""Attempts that were closed by time, with answers that arrived after it."""

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from accounts.models import Center
from assessment.enums import CorrectionCause
from assessment.models import Attempt, LateDecision, LateResponse
from assessment.services.attempts import submit_attempt
from assessment.services.closing import close_attempts
from assessment.services.saving import save_answers
from courses.models import Cohort, UnitProgress
from tests.factories.accounts import UserFactory
from tests.factories.assessment import QuizPageFactory, open_attempt, options_of, quizzed_cohort, single
from tests.factories.regrades import begun
from tests.factories.rows import row_of

# Options by place; None takes the answer back.
type Places = Mapping[int, int | None]


def closed_by_time(cohort: Cohort, *, saved: Places, late: Places) -> Attempt:
    """Its time ended ten minutes ago; late answers came half a minute after that."""
    attempt, _trainee = begun(cohort)
    options = options_of(attempt)
    responses = {slot: None if place is None else options[slot][place] for slot, place in saved.items()}
    save_answers(attempt_id=attempt.pk, responses=responses)
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=timezone.now() - dt.timedelta(minutes=10))
    close_attempts([attempt.pk])
    attempt.refresh_from_db()
    for slot, place in late.items():
        late_answer(attempt, slot, place)
    return attempt


def late_answer(attempt: Attempt, slot: int, place: int | None, *, after: float = 30) -> LateResponse:
    """One more late change, `after` seconds after the end."""
    end = attempt.closes_at or timezone.now()
    return LateResponse.objects.create(
        attempt=attempt,
        epoch=attempt.epoch,
        # After what was saved in time.
        seq=100 + attempt.late_responses.count(),
        slot=slot,
        response=None if place is None else options_of(attempt)[slot][place],
        at=end + dt.timedelta(seconds=after),
    )


@row_of(Attempt)
def attempt_with_late_answers(center: Center) -> Attempt:
    cohort = quizzed_cohort(QuizPageFactory(questions=[single()], limit_minutes=30))
    Cohort.objects.filter(pk=cohort.pk).update(center=center)
    cohort.refresh_from_db()
    return closed_by_time(cohort, saved={}, late={0: 0})


def unit_left_failed_in(center: Center) -> UnitProgress:
    """Two late answers counted and the attempt passed, in one transaction as the triggers ask, and the unit kept the score of before."""
    trainee, attempt = open_attempt(center)
    attempt = submit_attempt(attempt_id=attempt.pk, responses={}, by=trainee)
    by = UserFactory()
    LateDecision.objects.create(
        attempt=attempt, is_counted=True, through_at=timezone.now(), answers=2, reason="انقطع الاتصال", by=by
    )
    for slot in range(2):
        attempt.corrections.create(
            cause=CorrectionCause.LATE,
            reason="انقطع الاتصال",
            by=by,
            slot=slot,
            from_mark=0,
            to_mark=1,
            from_score=attempt.score,
            to_score=100,
            from_passed=False,
            to_passed=True,
            is_kept_by_hand=True,
        )
    Attempt.objects.filter(pk=attempt.pk).update(score=100, passed=True)
    return attempt.enrollment.progress.get(unit_key=attempt.quiz_key)
