"""Answers that arrived after the time count where a person says so, or are left: with a reason, by somebody else than the trainee and who taught them."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from accounts.errors import DomainError, ReasonMissing
from accounts.models import User
from accounts.scoping.hands import hands_of, is_own
from assessment.enums import AttemptNews, CorrectionCause
from assessment.errors import LateOfOwnCohort, LateTextMarked, NothingLate, NotMarkedYet, OwnLateAnswers
from assessment.models import Attempt, AttemptNotice, LateDecision, MarkingTask
from assessment.queries.late import late_answers_of, that_would_count, waiting_in
from assessment.queries.responses import saved_responses
from assessment.services.correcting import correct_marks, read_responses
from assessment.services.ending import slots_by_hand
from assessment.services.locks import locked_attempt
from assessment.services.marking_tasks import make_tasks
from courses.queries.timetable import teachers_of_enrollment

LONGEST_REASON = 200


@transaction.atomic
def count_late_answers(*, attempt_id: int, reason: str, by: User) -> LateDecision:
    """Mark the attempt again with what arrived after its time; the trainee is told what became of it.

    Of each question its last answer counts. Where the attempt waits for marks it takes the place of the answer before that is marked. A text counts as long as it has
    no mark; files never. Raises `ReasonMissing`, `NotMarkedYet`, `NothingLate`, `LateTextMarked`, `OwnLateAnswers`, `LateOfOwnCohort`.
    """
    return _decided(attempt_id, reason, by, is_counted=True)


@transaction.atomic
def leave_late_answers(*, attempt_id: int, reason: str, by: User) -> LateDecision:
    """They count no more than before, and the trainee is told. Raises as `count_late_answers` does."""
    return _decided(attempt_id, reason, by, is_counted=False)


def refusal_to_decide(attempt: Attempt, by: User) -> DomainError | None:
    """Why somebody else has to decide: for the page, before a reason is written."""
    enrollment = attempt.enrollment
    if is_own(by, enrollment.person_id):
        return OwnLateAnswers()
    if not hands_of(by).isdisjoint(teachers_of_enrollment(enrollment)):
        return LateOfOwnCohort()
    return None


def _decided(attempt_id: int, reason: str, by: User, *, is_counted: bool) -> LateDecision:
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing
    attempt = locked_attempt(attempt_id)
    refusal = refusal_to_decide(attempt, by)
    if refusal:
        raise refusal
    if attempt.is_open:
        raise NotMarkedYet
    rows = waiting_in(attempt)
    if not rows:
        raise NothingLate
    saved = saved_responses([attempt])[attempt.pk]
    counting = that_would_count(attempt, rows, saved) if is_counted else {}
    if is_counted and not counting and any(answer.refused for answer in late_answers_of(attempt)):
        raise LateTextMarked
    corrections = []
    if counting and attempt.is_marked:
        corrections = correct_marks(
            attempt_id=attempt.pk,
            cause=CorrectionCause.LATE,
            reason=reason,
            by=by,
            responses={slot: row.response for slot, row in counting.items()},
        )
    decision = LateDecision.objects.create(
        attempt=attempt,
        is_counted=is_counted,
        through_at=max(row.at for row in rows),
        answers=len(rows),
        reason=reason,
        by=by,
    )
    if counting and not attempt.is_marked:
        _replace(attempt, {slot: row.response for slot, row in counting.items()})
    # A score that changes is told with the correction; that of an attempt that waits for marks, with its result.
    is_same = attempt.is_marked and all(row.from_score == row.to_score for row in corrections)
    if is_same or not is_counted:
        news = AttemptNews.LATE_SAME if is_counted else AttemptNews.LATE_LEFT
        AttemptNotice.objects.create(attempt=attempt, kind=news, person_id=attempt.enrollment.person_id)
    facts = {"answers": len(rows), "reason": reason}
    if is_counted:
        log(attempt, "assessment.attempt.count_late", user=by, data=facts)
    else:
        log(attempt, "assessment.attempt.leave_late", user=by, data=facts)
    return decision


def _replace(attempt: Attempt, responses: Mapping[int, Any]) -> None:
    """What was answered in a locked attempt that waits for marks is this from now on. Who has one of the texts open opens it once more."""
    for slot, response in read_responses(attempt, responses).items():
        attempt.answers.filter(slot=slot).update(response=response)
    tasks = MarkingTask.objects.filter(attempt=attempt, slot__in=responses)
    tasks.update(claimed_by=None, claimed_until=None)
    make_tasks([(attempt, [slot for slot in slots_by_hand(attempt) if slot in responses])])
