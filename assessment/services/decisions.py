"""Attempts that a supervisor ends, and results that are held by one person and declared void by a second one."""

from fractions import Fraction

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.errors import DomainError, ReasonMissing
from accounts.models import User
from accounts.scoping.hands import acting_as, hands_of, is_of_one_hand, is_own, made_by
from assessment.enums import AttemptAct, AttemptNews, CorrectionCause, EndedBy
from assessment.errors import (
    AttemptHeld,
    AttemptNotHeld,
    AttemptNotOpen,
    DecisionAboutOwn,
    DecisionAboutTaught,
    HeldByYou,
    NotInThisSitting,
    NotMarkedYet,
)
from assessment.models import Attempt, AttemptDecision, AttemptNotice
from assessment.queries.decisions import newest_decision
from assessment.services.correcting import correct_marks
from assessment.services.ending import end, facts_of, mark_attempts
from assessment.services.locks import locked_attempt
from courses.queries.timetable import teachers_of_enrollment
from courses.services.marks import await_marks
from courses.services.progress import record_scores

LONGEST_REASON = 200


@transaction.atomic
def end_attempt(*, attempt_id: int, reason: str, by: User) -> AttemptDecision:
    """End an open attempt of a sitting now: what was saved is marked, as if its person had handed it in. The person is told why.

    Raises `ReasonMissing`, `DecisionAboutOwn`, `NotInThisSitting`, `AttemptNotOpen`.
    """
    attempt, reason = _locked(attempt_id, reason, by)
    if attempt.sitting_id is None:
        raise NotInThisSitting
    if not attempt.is_open:
        raise AttemptNotOpen
    now = timezone.now()
    end(attempt, ended_by=EndedBy.SUPERVISOR if attempt.accepts_at(now) else EndedBy.TIME, at=now)
    scores = mark_attempts([attempt])
    decision = _decided(attempt, AttemptAct.ENDED, reason, by)
    log(attempt, "assessment.attempt.end", user=by, data={**facts_of(attempt), "reason": reason})
    record_scores(scores)
    if not scores:
        await_marks([(attempt.enrollment_id, attempt.quiz_key)])
    return decision


@transaction.atomic
def hold_result(*, attempt_id: int, reason: str, by: User) -> AttemptDecision:
    """Hold the result of an attempt, open or ended, until somebody decides: its person does not read it, and no certificate rests on it.

    Raises `ReasonMissing`, `DecisionAboutOwn`, `AttemptHeld`.
    """
    attempt, reason = _locked(attempt_id, reason, by)
    if newest_decision(attempt) in {AttemptAct.HELD, AttemptAct.VOIDED}:
        raise AttemptHeld
    decision = _decided(attempt, AttemptAct.HELD, reason, by)
    log(attempt, "assessment.attempt.hold", user=by, data={"reason": reason})
    return decision


@transaction.atomic
def release_result(*, attempt_id: int, reason: str, by: User) -> AttemptDecision:
    """Let a result that is held count as before. By who held it, or somebody who did not teach the person.

    Raises `ReasonMissing`, `DecisionAboutOwn`, `DecisionAboutTaught`, `AttemptNotHeld`.
    """
    attempt, reason = _locked(attempt_id, reason, by)
    held = _held(attempt)
    # Not `is_of_one_hand`, which also refuses whom no one knows.
    if acting_as(by).isdisjoint(made_by([held.by_id], Act.RECORD_ATTENDANCE, on=held.at)):
        _check_not_taught(attempt, by)
    decision = _decided(attempt, AttemptAct.RELEASED, reason, by)
    log(attempt, "assessment.attempt.release", user=by, data={"reason": reason})
    return decision


@transaction.atomic
def declare_void(*, attempt_id: int, reason: str, by: User) -> AttemptDecision:
    """Declare an attempt whose result another person held void: it scores nothing, and stays one of the person's attempts.

    Raises `ReasonMissing`, `DecisionAboutOwn`, `DecisionAboutTaught`, `AttemptNotHeld`, `HeldByYou`, `NotMarkedYet`.
    """
    attempt, reason = _locked(attempt_id, reason, by)
    held = _held(attempt)
    if is_of_one_hand(by, [held.by_id], Act.RECORD_ATTENDANCE, on=held.at):
        raise HeldByYou
    _check_not_taught(attempt, by)
    if not attempt.is_marked:
        raise NotMarkedYet
    nothing = dict.fromkeys(range(len(attempt.versions)), Fraction(0))
    correct_marks(attempt_id=attempt_id, cause=CorrectionCause.VOID, reason=reason, by=by, shares=nothing)
    decision = _decided(attempt, AttemptAct.VOIDED, reason, by)
    log(attempt, "assessment.attempt.void", user=by, data={"reason": reason})
    return decision


def refusal_to_decide(attempt: Attempt, by: User) -> DomainError | None:
    """Why somebody else has to decide: for the page, before a reason is written."""
    return DecisionAboutOwn() if is_own(by, attempt.enrollment.person_id) else None


def _locked(attempt_id: int, reason: str, by: User) -> tuple[Attempt, str]:
    """The attempt with its enrollment, and the reason, tidied. Raises `ReasonMissing`, `DecisionAboutOwn`."""
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing
    attempt = locked_attempt(attempt_id)
    if refusal := refusal_to_decide(attempt, by):
        raise refusal
    return attempt, reason


def _held(attempt: Attempt) -> AttemptDecision:
    if newest_decision(attempt) != AttemptAct.HELD:
        raise AttemptNotHeld
    held: AttemptDecision = attempt.decisions.filter(act=AttemptAct.HELD).latest("pk")
    return held


def _check_not_taught(attempt: Attempt, by: User) -> None:
    if not hands_of(by).isdisjoint(teachers_of_enrollment(attempt.enrollment)):
        raise DecisionAboutTaught


def _decided(attempt: Attempt, act: AttemptAct, reason: str, by: User) -> AttemptDecision:
    person = attempt.enrollment.person_id
    AttemptNotice.objects.create(
        attempt=attempt, kind=AttemptNews(act.value), reason=reason, person_id=person
    )
    return AttemptDecision.objects.create(attempt=attempt, act=act, reason=reason, by=by)
