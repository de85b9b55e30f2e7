"""Attempts and answers in the file of one's own data."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from accounts.models import Person
from accounts.services.personal_data import Row, register_personal_data
from assessment.enums import Purpose, QuestionKind
from assessment.models import Answer, Appeal, Attempt, AttemptCorrection
from assessment.queries.exams import are_keys_out, keys_read_in
from assessment.queries.feedback import feedback_of
from assessment.queries.questions import (
    StoredQuestion,
    in_language,
    questions_of,
    text_of,
    words_in_gap,
)
from assessment.queries.responses_by_hand import answer_to_read


@register_personal_data("tests")
def attempt_rows(person: Person) -> Iterable[Row]:
    """Attempts at quizzes. The questions hold the answer key, which is for no one."""
    named = ("title", "number", "state", "score", "passed", "started_at", "marked_at")
    return Attempt.objects.filter(enrollment__person=person).values(*named).iterator()


@register_personal_data("corrected_tests")
def correction_rows(person: Person) -> Iterable[Row]:
    """What attempts scored before they were marked again by a corrected key."""
    named = ("attempt__title", "attempt__number", "from_score", "to_score", "from_passed", "to_passed", "at")
    return AttemptCorrection.objects.filter(attempt__enrollment__person=person).values(*named).iterator()


@register_personal_data("appeals")
def appeal_rows(person: Person) -> Iterable[Row]:
    """Appeals against marks, with their answers."""
    named = ("attempt__title", "attempt__number", "reason", "filed_at", "is_granted", "answer", "answered_at")
    return Appeal.objects.filter(attempt__enrollment__person=person).values(*named).iterator()


@register_personal_data("answers")
def answer_rows(person: Person) -> Iterator[Row]:
    """What was asked and answered, in words, once its page shows it: before, what is asked is for those who are asked. A mark tells what is
    right: that of an exam stays out until somebody of the cohort read its right answers, from when on no one of it begins the exam.
    """
    answers = Answer.objects.filter(attempt__enrollment__person=person)
    is_out: dict[int, bool] = {}
    are_read: dict[int, bool] = {}
    for answer in answers.select_related("attempt__enrollment__cohort").iterator():
        attempt = answer.attempt
        if attempt.pk not in is_out:
            is_out[attempt.pk] = are_keys_out(attempt)
            are_read[attempt.pk] = attempt.purpose == Purpose.PRACTICE or bool(
                keys_read_in(attempt.enrollment.cohort, {attempt.quiz_key})
            )
        if not is_out[attempt.pk]:
            continue
        one = questions_of(attempt)[answer.slot]
        yield {
            "attempt__title": answer.attempt.title,
            "attempt__number": answer.attempt.number,
            "question": text_of(one),
            "answer": response_in_words(one, answer.response),
            **({"mark": answer.mark} if are_read[attempt.pk] else {}),
        }


@register_personal_data("marks_by_hand")
def feedback_rows(person: Person) -> Iterator[Row]:
    """What markers wrote about answers, once their pages show it; who wrote it is not of the person."""
    attempts = Attempt.objects.filter(enrollment__person=person, marking_tasks__isnull=False).distinct()
    for attempt in attempts.select_related("enrollment__cohort"):
        for slot, given in feedback_of(attempt).items() if are_keys_out(attempt) else ():
            yield {
                "attempt__title": attempt.title,
                "attempt__number": attempt.number,
                "question": slot + 1,
                "comments": given.comments,
                "levels": [f"{one.criterion}: {one.level}" for one in given.levels],
                "on_files": [f"{pin.where}: {pin.text}" for pin in given.pins],
            }


def response_in_words(one: StoredQuestion, response: Any) -> list[str]:
    """A response as its person read or typed it."""
    if response is None:
        return []
    match one.kind:
        case QuestionKind.NUMERIC | QuestionKind.SHORT_TEXT | QuestionKind.ESSAY:
            words = [response]
        case QuestionKind.FILES:
            words = [
                f"{file.kind} {file.public_id}, {file.pages} p., {file.size} bytes"
                for file in answer_to_read(one, response).files
            ]
        case QuestionKind.MATCHING:
            stems, choices = _texts(one.content["stems"]), _texts(one.content["choices"])
            words = [f"{stems[stem]}: {choices[choice]}" for stem, choice in response.items()]
        case QuestionKind.ORDERING:
            steps = _texts(one.content["items"])
            words = [f"{place}: {steps[step]}" for place, step in enumerate(response, start=1) if step]
        case QuestionKind.FILL_IN:
            words = [f"{gap}: {words_in_gap(one, gap, filled)}" for gap, filled in response.items()]
        case QuestionKind.HOTSPOT if "points" in response:
            words = [f"{x}/1000, {y}/1000" for x, y in response["points"]]
        case QuestionKind.HOTSPOT:
            words = _chosen(one.content["instead"]["content"], response["instead"])
        case _:
            words = _chosen(one.content, response)
    return words


def _texts(parts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {part["id"]: in_language(part["text"]) for part in parts}


def _chosen(content: Mapping[str, Any], response: Any) -> list[str]:
    chosen = {response} if isinstance(response, str) else set(response)
    return [text for option, text in _texts(content["options"]).items() if option in chosen]
