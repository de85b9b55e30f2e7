"""Attempts and answers in the file of one's own data."""

from collections.abc import Iterable, Iterator
from typing import Any

from accounts.models import Person
from accounts.services.personal_data import Row, register_personal_data
from assessment.models import Answer, Attempt
from assessment.queries.asking import TYPED
from assessment.queries.questions import StoredQuestion, in_language, stored_questions


@register_personal_data("tests")
def attempt_rows(person: Person) -> Iterable[Row]:
    """Attempts at quizzes. The questions hold the answer key, which is for no one."""
    named = ("title", "number", "state", "score", "passed", "started_at", "marked_at")
    return Attempt.objects.filter(enrollment__person=person).values(*named).iterator()


@register_personal_data("answers")
def answer_rows(person: Person) -> Iterator[Row]:
    """What was asked and answered, in words, once it is marked: before, what is asked is for those who are asked."""
    answers = Answer.objects.filter(attempt__enrollment__person=person).select_related("attempt")
    for answer in answers.iterator():
        one = stored_questions(answer.attempt.versions)[answer.slot]
        yield {
            "attempt__title": answer.attempt.title,
            "attempt__number": answer.attempt.number,
            "question": in_language(one.content["text"]),
            "answer": _in_words(one, answer.response),
            "mark": answer.mark,
        }


def _in_words(one: StoredQuestion, response: Any) -> list[str]:
    """A response as its person read or typed it."""
    match response:
        case None:
            return []
        case str() if one.kind in TYPED:
            return [response]
        case dict():
            stems, choices = (
                {part["id"]: in_language(part["text"]) for part in one.content[name]}
                for name in ("stems", "choices")
            )
            return [f"{stems[stem]}: {choices[choice]}" for stem, choice in response.items()]
        case _:
            chosen = {response} if isinstance(response, str) else set(response)
            return [
                in_language(option["text"]) for option in one.content["options"] if option["id"] in chosen
            ]
