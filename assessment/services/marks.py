"""Marks that people give, by hand and without knowing whose answer it is, and what follows when all of an attempt are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import LogContext, log

from accounts.models import User
from assessment.enums import AttemptState, MarkingState, MarkRound, SecondMarking
from assessment.errors import (
    BeingMarked,
    CommentTooLong,
    LevelMissing,
    MarkSettled,
    NotYoursToMark,
    PlaceUnreadable,
    PointsMissing,
)
from assessment.files.rewriting import Rewritten
from assessment.marking.hotspot import WIDE
from assessment.models import Attempt, Mark, MarkingTask, ResultNotice
from assessment.queries.marking import (
    STEPS_OF_A_POINT,
    counting_marks,
    is_replaceable,
    latest_marks_of,
    shares_by_hand,
    waiting_for_decision_of,
    waiting_for_mark_of,
)
from assessment.queries.questions import stored_questions
from assessment.queries.responses_by_hand import answer_to_read, rubric_of
from assessment.services.ending import finish_marking, percent_by, slots_by_hand
from assessment.services.feedback_files import kept_feedback
from assessment.services.key_lock import hold_keys
from assessment.services.locks import locked_attempt
from assessment.services.marking_tasks import make_tasks, settle

LONGEST_COMMENT = 4000
# Comments on files: so many of one answer, of so many characters.
MOST_POINTS = 30
LONGEST_POINT = 500


@dataclass(frozen=True)
class Given:
    """What a person gives for an answer: a level for each line of the rubric, by their ids; where there is none, points.

    `points`: comments on places of files, as `assessment.models.Mark` keeps them; `files` go back to the trainee.
    """

    levels: Mapping[str, str] = field(default_factory=dict)
    earned: Decimal | None = None
    comment: str = ""
    points: Sequence[Mapping[str, Any]] = ()
    files: Sequence[Rewritten] = ()


@transaction.atomic
def give_mark(*, task_id: int, given: Given, by: User) -> Mark:
    """Give the first mark of an answer, or the second: which of the two, only the record says.

    Raises `NotYoursToMark`, `BeingMarked`, `LevelMissing`, `PointsMissing`, `CommentTooLong`, `PlaceUnreadable`; then nothing is stored.
    """
    task = _locked(task_id)
    if not waiting_for_mark_of(by).filter(pk=task.pk).exists():
        raise NotYoursToMark
    return _give(task, MarkRound(task.state), given, by)


@transaction.atomic
def decide_mark(*, task_id: int, given: Given, by: User) -> Mark:
    """Decide about an answer whose two marks are far apart: what is given here counts. Raises as `give_mark`."""
    task = _locked(task_id)
    if not waiting_for_decision_of(by).filter(pk=task.pk).exists():
        raise NotYoursToMark
    return _give(task, MarkRound.MODERATION, given, by)


@transaction.atomic
def replace_mark(*, task_id: int, given: Given, by: User) -> Mark:
    """Give the own mark once more, until the attempt has its result. Both rows are kept, and the newer one counts.

    Raises `MarkSettled`, and `LevelMissing`, `PointsMissing`, `CommentTooLong`, `PlaceUnreadable`.
    """
    task = _locked(task_id)
    before = latest_marks_of(by).filter(is_replaceable(), task=task).first()
    if before is None:
        raise MarkSettled
    return _written(task, MarkRound(before.round), given, by, edition=before.edition + 1)


def _locked(task_id: int) -> MarkingTask:
    """The task with its attempt, both locked: the attempt first, as all marks of an attempt decide about it together."""
    attempt_id = MarkingTask.objects.values_list("attempt", flat=True).get(pk=task_id)
    attempt = locked_attempt(attempt_id)
    task = MarkingTask.objects.select_for_update(of=("self",), no_key=True).get(pk=task_id)
    task.attempt = attempt
    return task


def _give(task: MarkingTask, which: MarkRound, given: Given, by: User) -> Mark:
    if task.claimed_by_id != by.pk and not task.is_free_at(timezone.now()):
        raise BeingMarked
    return _written(task, which, given, by, edition=1)


def _written(task: MarkingTask, which: MarkRound, given: Given, by: User, *, edition: int) -> Mark:
    check_points(task, given.points)
    comment = given.comment.strip()
    if len(comment) > LONGEST_COMMENT:
        raise CommentTooLong(most=LONGEST_COMMENT)
    earned, most = _points(task, given)
    mark = Mark.objects.create(
        task=task,
        round=which,
        edition=edition,
        earned=earned,
        most=most,
        levels=dict(given.levels),
        comment=comment,
        points=list(given.points),
        by=by,
    )
    facts = {"round": str(which), "edition": edition, "earned": str(earned), "most": most}
    if which == MarkRound.MODERATION:
        log(task, "assessment.mark.decide", user=by, data=facts)
    else:
        log(task, "assessment.mark.give", user=by, data=facts)
    with kept_feedback(mark, given.files):
        _go_on(task)
    return mark


def check_points(task: MarkingTask, points: Sequence[Any]) -> None:
    """Raises `PlaceUnreadable` for a comment that is none on a page of a file of the answer."""
    if not points:
        return
    [question] = stored_questions([task.version_id])
    response = task.attempt.answers.values_list("response", flat=True).get(slot=task.slot)
    pages = {str(file.public_id): file.pages for file in answer_to_read(question, response).files}
    if len(points) > MOST_POINTS or not all(_is_on_a_page(point, pages) for point in points):
        raise PlaceUnreadable


def _is_on_a_page(point: Any, pages: Mapping[str, int]) -> bool:
    if not isinstance(point, dict) or set(point) not in (
        {"file", "page", "text"},
        {"file", "page", "x", "y", "text"},
    ):
        return False
    file, page, text = point["file"], point["page"], point["text"]
    places = [point[name] for name in ("x", "y") if name in point]
    return (
        isinstance(file, str)
        and type(page) is int
        and 1 <= page <= pages.get(file, 0)
        and isinstance(text, str)
        and len(text.strip()) > 0
        and len(text) <= LONGEST_POINT
        and all(type(place) is int and 0 <= place <= WIDE for place in places)
    )


def _points(task: MarkingTask, given: Given) -> tuple[Decimal, int]:
    """What was earned, of how much. Raises `LevelMissing`, `PointsMissing`."""
    [question] = stored_questions([task.version_id])
    rubric = rubric_of(question.key)
    most = sum(line.most for line in rubric)
    if most:
        chosen = {
            line.criterion_id: {level.level_id: level.points for level in line.levels}.get(
                given.levels.get(line.criterion_id, "")
            )
            for line in rubric
        }
        if set(given.levels) != set(chosen):
            raise LevelMissing
        earned = 0
        for points in chosen.values():
            if points is None:
                raise LevelMissing
            earned += points
        return Decimal(earned), most
    most = task.attempt.points[task.slot]
    is_step = given.earned is not None and given.earned * STEPS_OF_A_POINT % 1 == 0
    if given.levels or given.earned is None or not is_step or not 0 <= given.earned <= most:
        raise PointsMissing(most=most)
    return given.earned, most


# What follows from a mark


def _go_on(task: MarkingTask) -> None:
    """Where the marks of an answer lead it, and, with the last of them, its attempt."""
    settle(
        task, state_by(counting_marks(task), is_second_wanted=task.is_second_wanted, tolerance=task.tolerance)
    )
    tasks = list(MarkingTask.objects.filter(attempt=task.attempt_id).order_by("slot"))
    if any(one.state == MarkingState.FIRST for one in tasks):
        return
    _want_second_marks(task.attempt, tasks)
    if all(one.state == MarkingState.DONE for one in tasks):
        finish(task.attempt)


def state_by(marks: Sequence[Mark], *, is_second_wanted: bool, tolerance: int) -> MarkingState:
    """Where its marks lead an answer, the newest of each round."""
    by_round = {mark.round: mark for mark in marks}
    if MarkRound.MODERATION in by_round:
        return MarkingState.DONE
    if MarkRound.SECOND not in by_round:
        return MarkingState.SECOND if is_second_wanted else MarkingState.DONE
    apart = abs(by_round[MarkRound.FIRST].share - by_round[MarkRound.SECOND].share) * 100
    return MarkingState.DONE if apart <= tolerance else MarkingState.MODERATION


def _want_second_marks(attempt: Attempt, tasks: Sequence[MarkingTask]) -> None:
    """All first marks are there: where the score by them is near the pass mark, each answer is marked twice."""
    once = [one for one in tasks if one.rule == SecondMarking.NEAR and not one.is_second_wanted]
    if not once:
        return
    first = shares_by_hand([attempt.pk], rounds=[MarkRound.FIRST])[attempt.pk]
    distance = abs(percent_by(attempt, first) - attempt.pass_percent)
    if distance > once[0].margin:
        return
    for one in once:
        one.is_second_wanted = True
        settle(one, MarkingState.SECOND)


def finish(attempt: Attempt) -> None:
    """Give a locked attempt its result by the marks that are there, and have its person told. One that has its result stays as it is."""
    if attempt.state != AttemptState.AWAITING:
        return
    hold_keys()
    shares = shares_by_hand([attempt.pk])[attempt.pk]
    # By a correction of its key meanwhile, an answer that waited for no one may need a mark.
    if missing := [slot for slot in slots_by_hand(attempt) if slot not in shares]:
        make_tasks([(attempt, missing)])
        return
    # In no one's name: the trail of the person would say whose the answer was that a marker just marked.
    with LogContext(user=None):
        finish_marking(attempt, shares)
    ResultNotice.objects.get_or_create(attempt=attempt, defaults={"person_id": attempt.enrollment.person_id})
