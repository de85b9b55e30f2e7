"""Whether an attempt may begin now: the window of the cohort, and the code of the room."""

from django.core.cache import cache
from django.utils import timezone

from accounts.digits import latin_digits
from accounts.services.formatting import format_datetime
from assessment.errors import (
    NoSittingNow,
    OneAttemptASitting,
    StartsLater,
    StartsNoMore,
    TooManyCodes,
    WrongCode,
)
from assessment.models import Attempt, ExamWindow, QuizPage, Sitting
from assessment.queries.exams import refusal_by_reading
from courses.models import Enrollment

# Of one person at one sitting: one guess in 125,000 is right at most.
MOST_WRONG_CODES = 8
WRONG_CODES_SECONDS = 600


def check_start(enrollment: Enrollment, quiz: QuizPage, *, code: str) -> Sitting | None:
    """The sitting in which a person starts a test; None for a test that is taken anywhere.

    Raises `KeysWereRead`, `NoAttemptsLeft` for who may have read right answers in another cohort, `StartsLater`, `StartsNoMore`, `NoSittingNow`, `WrongCode`, `TooManyCodes`, `OneAttemptASitting`.
    """
    if refusal := refusal_by_reading(enrollment, quiz.translation_key):
        raise refusal
    if quiz.is_supervised:
        return _sitting(enrollment, quiz, code)
    window = ExamWindow.objects.filter(cohort=enrollment.cohort_id, quiz_key=quiz.translation_key).first()
    now = timezone.now()
    if window and now < window.opens_at:
        raise StartsLater(opens_at=format_datetime(window.opens_at))
    if window and now >= window.closes_at:
        raise StartsNoMore(closes_at=format_datetime(window.closes_at))
    return None


def _sitting(enrollment: Enrollment, quiz: QuizPage, code: str) -> Sitting:
    """The code finds it: a cohort in two rooms has two."""
    running = list(
        Sitting.objects.filter(
            class_session__cohort=enrollment.cohort_id,
            class_session__canceled_at=None,
            # Perhaps no one ended it: from home, with the code, no one starts once its time is over.
            class_session__ends_at__gt=timezone.now(),
            quiz_key=quiz.translation_key,
            released_at__isnull=False,
            ended_at=None,
        )
    )
    if not running:
        raise NoSittingNow
    key = f"sitting-codes:{enrollment.pk}:{quiz.translation_key}"
    cache.add(key, 0, WRONG_CODES_SECONDS)
    if cache.get(key, 0) >= MOST_WRONG_CODES:
        raise TooManyCodes(minutes=WRONG_CODES_SECONDS // 60)
    typed = "".join(latin_digits(code).split())
    found = next((sitting for sitting in running if sitting.code == typed), None)
    if found is None:
        cache.incr(key)
        raise WrongCode
    if Attempt.objects.filter(sitting=found, enrollment__person=enrollment.person_id).exists():
        raise OneAttemptASitting
    return found
