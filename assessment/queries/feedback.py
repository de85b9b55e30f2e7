"""What markers wrote about the answers of an attempt, as its person reads it: without who wrote it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from assessment.enums import MarkRound
from assessment.models import Attempt, FeedbackFile, Mark
from assessment.queries.pins import Pin, pins_of
from assessment.queries.questions import stored_questions
from assessment.queries.responses_by_hand import FileToRead, answers_to_read, rubric_of


@dataclass(frozen=True)
class LevelGiven:
    """A line of the rubric with what was chosen, and its points."""

    criterion: str
    level: str
    points: int
    most: int


@dataclass(frozen=True)
class Feedback:
    """Of one answer. Where two marks were averaged, it has what both wrote, and each level that one of them chose."""

    comments: list[str]
    levels: list[LevelGiven]
    pins: list[Pin]
    files: list[FeedbackFile]


def feedback_of(attempt: Attempt) -> dict[int, Feedback]:
    """Slot -> what was written about its answer by the marks that count. Empty until the attempt has its result. Five queries at the most."""
    found = _marks_that_count(attempt)
    on_files = [slot for slot, marks in found.items() if any(mark.points for mark in marks)]
    files = _files(attempt, on_files) if on_files else {}
    return {
        slot: _feedback(attempt.versions[slot], marks, files.get(slot, ())) for slot, marks in found.items()
    }


def _files(attempt: Attempt, slots: Collection[int]) -> dict[int, list[FileToRead]]:
    rows = attempt.answers.filter(slot__in=slots).values_list("slot", "response")
    responses = dict(rows)
    questions = stored_questions(attempt.versions)
    answers = answers_to_read([(questions[slot], response) for slot, response in responses.items()])
    return {slot: answer.files for slot, answer in zip(responses, answers, strict=True)}


def feedback_files_of(attempt: Attempt) -> QuerySet[FeedbackFile]:
    """The files of the marks that count; none until the attempt has its result."""
    marks = [mark for those in _marks_that_count(attempt).values() for mark in those]
    return FeedbackFile.objects.filter(mark__in=marks)


def _marks_that_count(attempt: Attempt) -> dict[int, list[Mark]]:
    if not attempt.is_marked:
        return {}
    newest = (
        Mark.objects.filter(task__attempt=attempt)
        .order_by("task_id", "round", "-edition")
        .distinct("task_id", "round")
        .select_related("task")
        .prefetch_related("files")
    )
    marks: dict[int, list[Mark]] = defaultdict(list)
    for mark in newest:
        marks[mark.task.slot].append(mark)
    return {
        slot: [mark for mark in those if mark.round == MarkRound.MODERATION] or those
        for slot, those in marks.items()
    }


def _feedback(version: int, marks: list[Mark], on: Sequence[FileToRead]) -> Feedback:
    [question] = stored_questions([version])
    levels = {
        LevelGiven(line.text, level.text, level.points, line.most): None
        for line in rubric_of(question.key)
        for level in line.levels
        if any(mark.levels.get(line.criterion_id) == level.level_id for mark in marks)
    }
    return Feedback(
        comments=[mark.comment for mark in marks if mark.comment],
        levels=list(levels),
        pins=pins_of([point for mark in marks for point in mark.points], on),
        files=[file for mark in marks for file in mark.files.all()],
    )
