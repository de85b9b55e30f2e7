"""Queries of quizzes and attempts, as trainees may see them."""

import datetime as dt
from collections.abc import Iterable
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
from courses.enums import EnrollmentState
from courses.models import Enrollment
from courses.queries.content import taught_unit
from courses.queries.evidence import may_raise_score
from courses.queries.outline import OutlineUnit, UnitState, outline
from courses.queries.workspace.work import register_trace


@dataclass(frozen=True)
class OptionToRead:
    option_id: str
    text: str


@dataclass(frozen=True)
class QuestionToAnswer:
    """A question as it may leave the server before marking: no key, no weight, no explanation."""

    question_id: str
    kind: QuestionKind
    text: str
    options: list[OptionToRead]


@dataclass(frozen=True)
class UnansweredQuestion:
    """`number` counts from 1, as the page does."""

    question_id: str
    number: int
    text: str


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
class QuestionReviewed:
    """A marked question. `mark` is the share of its points earned, from 0 to 1."""

    text: str
    mark: Decimal
    points: int
    explanation: str
    options: list[OptionReviewed]


def quiz_of(enrollment: Enrollment, unit_key: UUID) -> QuizPage | None:
    """The quiz as the cohort of an enrollment is taught it, in the reader's language, else in any other."""
    version = enrollment.cohort.content_version
    taught = taught_unit(version, unit_key) if version else None
    return taught.page if taught and isinstance(taught.page, QuizPage) else None


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


def questions_to_answer(attempt: Attempt) -> list[QuestionToAnswer]:
    """The questions of an attempt without anything that discloses the answers."""
    return [
        QuestionToAnswer(
            question_id=question["id"],
            kind=QuestionKind(question["kind"]),
            text=question["text"],
            options=[OptionToRead(option["id"], option["text"]) for option in question["options"]],
        )
        for question in attempt.questions
    ]


def unanswered(attempt: Attempt) -> list[UnansweredQuestion]:
    """The questions of an open attempt that have no answer yet, in order."""
    return [
        UnansweredQuestion(question["id"], number, question["text"])
        for number, question in enumerate(attempt.questions, start=1)
        if not attempt.draft.get(question["id"])
    ]


def review(attempt: Attempt, *, shows_right_options: bool) -> list[QuestionReviewed]:
    """A marked attempt, question by question. An open one has nothing to review."""
    answers = {answer.question_id: answer for answer in attempt.answers.all()}
    return [
        QuestionReviewed(
            text=question["text"],
            mark=answers[question["id"]].mark,
            points=question["points"],
            explanation=question["explanation"],
            options=[
                _reviewed(option, question, answers[question["id"]], shows_right=shows_right_options)
                for option in question["options"]
            ],
        )
        for question in attempt.questions
        if question["id"] in answers
    ]


def _reviewed(
    option: dict[str, Any],
    question: dict[str, Any],
    answer: Answer,
    *,
    shows_right: bool,
) -> OptionReviewed:
    is_chosen = option["id"] in answer.chosen
    is_shown = shows_right or question["kind"] == QuestionKind.SINGLE
    return OptionReviewed(
        text=option["text"],
        is_chosen=is_chosen,
        is_right=option["is_right"] if shows_right else None,
        is_wrong=is_chosen and is_shown and not option["is_right"],
    )


@register_personal_data("tests")
def attempt_rows(person: Person) -> Iterable[Row]:
    """Attempts at quizzes. The questions hold the answer key, which is for no one."""
    named = ("title", "number", "state", "score", "passed", "started_at", "marked_at")
    return Attempt.objects.filter(enrollment__person=person).values(*named).iterator()


@register_personal_data("answers")
def answer_rows(person: Person) -> Iterable[Row]:
    named = ("attempt__title", "attempt__number", "question_id", "chosen", "mark")
    return Answer.objects.filter(attempt__enrollment__person=person).values(*named).iterator()


@register_trace
def attempts_begun() -> QuerySet[Attempt, dt.datetime]:
    """When a person last began a quiz."""
    attempts = Attempt.objects.filter(enrollment=OuterRef("pk")).order_by("-started_at")
    return attempts.values_list("started_at", flat=True)[:1]
