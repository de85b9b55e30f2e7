"""Queries of quizzes and attempts, as trainees may see them."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, QuerySet

from accounts.models import Person, User
from accounts.services.personal_data import Row, register_personal_data
from assessment.enums import QuestionKind
from assessment.models import Answer, Attempt, QuizPage
from assessment.queries.questions import StoredQuestion, in_language, stored_questions
from courses.enums import EnrollmentState
from courses.models import Enrollment
from courses.queries.content import taught_in_languages, taught_unit
from courses.queries.evidence import may_raise_score
from courses.queries.outline import OutlineUnit, UnitState, outline
from courses.queries.workspace.work import register_trace

# What is typed in a line.
TYPED = frozenset({QuestionKind.NUMERIC, QuestionKind.SHORT_TEXT})


@dataclass(frozen=True)
class OptionToRead:
    option_id: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class StemToMatch:
    """One side of a pair, and what may belong to it."""

    stem_id: str
    text: str
    choices: list[OptionToRead]


@dataclass(frozen=True)
class QuestionToAnswer:
    """A question as it may leave the server before marking, with what was answered: no key, no weight, no explanation.

    `slot` counts from 0. `options`, `line` or `stems` is filled, as its kind needs.
    """

    slot: int
    kind: QuestionKind
    text: str
    is_answered: bool
    options: list[OptionToRead]
    line: str
    stems: list[StemToMatch]
    takes_unit: bool

    @property
    def number(self) -> int:
        """As the page counts, from 1."""
        return self.slot + 1


@dataclass(frozen=True)
class OptionReviewed:
    """`is_right` is None while it is hidden: the attempt failed and another one is left.

    `is_wrong`: it was chosen and is not right. Shown at once for a question with one answer, since its mark discloses it.
    """

    text: str
    is_chosen: bool
    is_right: bool | None
    is_wrong: bool


@dataclass(frozen=True)
class PairReviewed:
    """A stem with the choice that was made, and the right one; that is empty where it is hidden or was chosen."""

    stem: str
    chosen: str
    right: str


@dataclass(frozen=True)
class QuestionReviewed:
    """A marked question. `mark` is the share of its points earned, from 0 to 1. `line` was typed, `right_lines` would have been right:
    empty where they are hidden.
    """

    text: str
    mark: Decimal
    points: int
    explanation: str
    options: list[OptionReviewed]
    line: str
    right_lines: list[str]
    pairs: list[PairReviewed]


def quiz_of(enrollment: Enrollment, unit_key: UUID) -> QuizPage | None:
    """The quiz as the cohort of an enrollment is taught it, in the reader's language, else in any other."""
    version = enrollment.cohort.content_version
    taught = taught_unit(version, unit_key) if version else None
    return taught.page if taught and isinstance(taught.page, QuizPage) else None


def pages_of_quiz(enrollment: Enrollment, unit_key: UUID) -> dict[str, QuizPage]:
    """The quiz as the cohort of an enrollment is taught it, by language, in the source language first."""
    version = enrollment.cohort.content_version
    pages = taught_in_languages(version, unit_key) if version else {}
    return {language: page for language, page in pages.items() if isinstance(page, QuizPage)}


def attempts_of(user: User | AnonymousUser) -> QuerySet[Attempt]:
    """The attempts of the user's own person; empty for a login without a person."""
    if not isinstance(user, User) or user.person_id is None:
        return Attempt.objects.none()
    own = Attempt.objects.filter(enrollment__person=user.person_id)
    return own.select_related("enrollment__cohort__content_version", "enrollment__cohort__completion_rule")


def attempts_left(attempt: Attempt, quiz: QuizPage | None) -> int:
    """How many attempts may still follow a marked one: none after a pass, unless the completion rule asks for a better score, or once the
    quiz is taken out of the content."""
    siblings = Attempt.objects.at(attempt.enrollment, attempt.quiz_key)
    if (
        quiz is None
        or attempt.enrollment.state != EnrollmentState.ACTIVE
        or (
            siblings.filter(passed=True).exists()
            and not may_raise_score(attempt.enrollment, attempt.quiz_key)
        )
    ):
        return 0
    return max(quiz.attempts_allowed - siblings.count(), 0)


def unit_to_go_on_with(attempt: Attempt) -> OutlineUnit | None:
    """The first unit of the enrollment that is not done yet."""
    return next((unit for unit in outline(attempt.enrollment) if unit.state == UnitState.NOW), None)


def questions_to_answer(
    attempt: Attempt, responses: Mapping[int, Any] | None = None
) -> list[QuestionToAnswer]:
    """The questions of an attempt, in the reader's language, without anything that discloses the answers.

    With what is kept of the answers, or with `responses`, slot by slot, that were sent and refused.
    """
    given = {int(slot): kept for slot, kept in attempt.draft.items()} if responses is None else responses
    return [
        _to_answer(slot, one, given.get(slot)) for slot, one in enumerate(stored_questions(attempt.versions))
    ]


def _to_answer(slot: int, one: StoredQuestion, response: Any) -> QuestionToAnswer:
    is_typed = one.kind in TYPED
    chosen = response if isinstance(response, list) else [response]
    pairs = response if isinstance(response, dict) else {}
    return QuestionToAnswer(
        slot=slot,
        kind=one.kind,
        text=in_language(one.content["text"]),
        is_answered=bool(response),
        options=_to_read(one.content.get("options", ()), chosen),
        line=response if is_typed and isinstance(response, str) else "",
        stems=[
            StemToMatch(
                stem["id"],
                in_language(stem["text"]),
                _to_read(one.content["choices"], [pairs.get(stem["id"])]),
            )
            for stem in one.content.get("stems", ())
        ],
        takes_unit=one.kind == QuestionKind.NUMERIC and one.content["unit"]["has_some"],
    )


def _to_read(options: Iterable[Mapping[str, Any]], chosen: Collection[Any]) -> list[OptionToRead]:
    return [
        OptionToRead(option["id"], in_language(option["text"]), option["id"] in chosen) for option in options
    ]


def unanswered(attempt: Attempt) -> list[QuestionToAnswer]:
    """The questions of an open attempt that have no answer yet, in order."""
    return [one for one in questions_to_answer(attempt) if not one.is_answered]


def review(attempt: Attempt, *, shows_right_options: bool) -> list[QuestionReviewed]:
    """A marked attempt, question by question. An open one has nothing to review."""
    answers = {answer.slot: answer for answer in attempt.answers.all()}
    return [
        QuestionReviewed(
            text=in_language(one.content["text"]),
            mark=answers[slot].mark,
            points=attempt.points[slot],
            explanation=in_language(one.key["explanation"]),
            options=_options_reviewed(one, answers[slot].response, shows_right=shows_right_options),
            line=(answers[slot].response or "") if one.kind in TYPED else "",
            right_lines=_right_lines(one) if shows_right_options and answers[slot].mark < 1 else [],
            pairs=_pairs_reviewed(one, answers[slot].response or {}, shows_right=shows_right_options),
        )
        for slot, one in enumerate(stored_questions(attempt.versions))
        if slot in answers
    ]


def _options_reviewed(one: StoredQuestion, response: Any, *, shows_right: bool) -> list[OptionReviewed]:
    if "options" not in one.content:
        return []
    takes_one = one.kind != QuestionKind.MULTIPLE
    chosen = {response} if takes_one else set(response or ())
    right = {option for option, weight in one.key["weights"].items() if not weight.startswith("-")}
    return [
        OptionReviewed(
            text=in_language(option["text"]),
            is_chosen=option["id"] in chosen,
            is_right=option["id"] in right if shows_right else None,
            is_wrong=option["id"] in chosen and (shows_right or takes_one) and option["id"] not in right,
        )
        for option in one.content["options"]
    ]


def _right_lines(one: StoredQuestion) -> list[str]:
    match one.kind:
        case QuestionKind.NUMERIC:
            unit = next(iter(one.key["units"]), "")
            return [f"{answer['value']} {unit}".strip() for answer in one.key["answers"]]
        case QuestionKind.SHORT_TEXT:
            return [accepted["text"] for accepted in one.key["accepted"]]
        case _:
            return []


def _pairs_reviewed(
    one: StoredQuestion, response: Mapping[str, str], *, shows_right: bool
) -> list[PairReviewed]:
    if one.kind != QuestionKind.MATCHING:
        return []
    choices = {choice["id"]: in_language(choice["text"]) for choice in one.content["choices"]}
    reviewed = []
    for stem in one.content["stems"]:
        chosen, right = response.get(stem["id"]), one.key["pairs"][stem["id"]]
        told = choices[right] if shows_right and chosen != right else ""
        reviewed.append(PairReviewed(in_language(stem["text"]), choices.get(chosen or "", ""), told))
    return reviewed


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


@register_trace
def attempts_begun() -> QuerySet[Attempt, dt.datetime]:
    """When a person last began a quiz."""
    attempts = Attempt.objects.filter(enrollment=OuterRef("pk")).order_by("-started_at")
    return attempts.values_list("started_at", flat=True)[:1]
