"""Answers begin to wait for marks in the transaction in which their attempt ends, and are claimed one after the other."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils import timezone

from accounts.models import User
from assessment.chance import Chance
from assessment.enums import MarkingState, SecondMarking
from assessment.models import Attempt, MarkingTask, QuizPage
from assessment.queries.attempts import pages_of_quiz
from assessment.queries.marking import free_for, waiting_for_decision_of, waiting_for_mark_of

# How long an answer is kept for who has it open.
CLAIM = dt.timedelta(hours=1)


def make_tasks(waiting: Iterable[tuple[Attempt, Sequence[int]]]) -> list[MarkingTask]:
    """Have the answers in these slots of attempts marked, by the rules of the quiz as its cohort is taught it. The attempts are locked.

    Doing it again changes nothing. One statement, and one query for each quiz of a version of the content.
    """
    pages: dict[tuple[int | None, UUID], QuizPage | None] = {}
    tasks: list[MarkingTask] = []
    for attempt, slots in waiting:
        cohort = attempt.enrollment.cohort
        place = (cohort.content_version_id, attempt.quiz_key)
        if place not in pages:
            pages[place] = next(iter(pages_of_quiz(attempt.enrollment, attempt.quiz_key).values()), None)
        tasks += [_task(attempt, slot, pages[place]) for slot in slots]
    return MarkingTask.objects.bulk_create(tasks, ignore_conflicts=True)


def _task(attempt: Attempt, slot: int, page: QuizPage | None) -> MarkingTask:
    rule = SecondMarking(page.second_marking) if page else SecondMarking.NONE
    return MarkingTask(
        attempt=attempt,
        slot=slot,
        version_id=attempt.versions[slot],
        center_id=attempt.enrollment.cohort.center_id,
        cohort_id=attempt.enrollment.cohort_id,
        rule=rule,
        is_second_wanted=rule == SecondMarking.ALL
        or (rule == SecondMarking.SAMPLE and page is not None and _is_drawn(attempt, slot, page)),
        tolerance=page.mark_tolerance if page else 0,
        margin=page.near_points if page and rule == SecondMarking.NEAR else 0,
    )


def _is_drawn(attempt: Attempt, slot: int, page: QuizPage) -> bool:
    """By the seed of the attempt, which was there before anything was answered."""
    return Chance(attempt.seed).below(100, "second mark", slot) < page.second_percent


@transaction.atomic
def claim_next(
    *, version_id: int, by: User, decides: bool = False, after: UUID | None = None
) -> MarkingTask | None:
    """Keep the next answer to a question for `by`, for an hour: one that `by` has open already first, else in an order of chance.

    `decides`: of those whose two marks are far apart. `after`: that answer is left for others, and comes last. None where none is left.
    """
    rows = waiting_for_decision_of(by) if decides else waiting_for_mark_of(by)
    rows = free_for(rows.filter(version=version_id), by)
    if after is not None:
        MarkingTask.objects.filter(code=after, claimed_by=by).update(claimed_by=None, claimed_until=None)
    task = _in_turn(rows, by, after).select_for_update(of=("self",), no_key=True, skip_locked=True).first()
    if task is None:
        return None
    task.claimed_by, task.claimed_until = by, timezone.now() + CLAIM
    task.save(update_fields=["claimed_by", "claimed_until"])
    return task


def _in_turn(rows: QuerySet[MarkingTask], by: User, after: UUID | None) -> QuerySet[MarkingTask]:
    """By their codes, which say nothing of who answered when."""
    turn = [When(claimed_by=by, then=Value(0))]
    if after is not None:
        turn += [When(code__gt=after, then=Value(1)), When(code=after, then=Value(3))]
    return rows.order_by(Case(*turn, default=Value(2), output_field=IntegerField()), "code")


def settle(task: MarkingTask, state: MarkingState) -> None:
    """Put a locked task where its marks lead it, free for others; where that is where it was, who has it open goes on."""
    if state != task.state:
        task.state, task.claimed_by, task.claimed_until = state, None, None
    task.save(update_fields=["state", "is_second_wanted", "claimed_by", "claimed_until"])
