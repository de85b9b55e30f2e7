"""Attempts that were closed by time, with answers that arrived after it."""

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

from accounts.models import Center
from assessment.models import Attempt, LateResponse
from assessment.services.closing import close_attempts
from assessment.services.saving import save_answers
from courses.models import Cohort
from tests.factories.assessment import QuizPageFactory, options_of, quizzed_cohort, single
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
