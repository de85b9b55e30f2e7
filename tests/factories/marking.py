"""Answers that wait for people who mark them."""

import itertools
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from assessment.files.rewriting import rewritten
from assessment.models import (
    AnswerFile,
    Attempt,
    FeedbackFile,
    Mark,
    MarkingTask,
    Question,
    QuestionVersion,
    QuizPage,
)
from assessment.services.attempts import submit_attempt
from assessment.services.marking_tasks import claim_next
from assessment.services.marks import Given, decide_mark, give_mark
from courses.models import Cohort, Enrollment
from tests.factories.accounts import CenterFactory, TraineeFactory, staff_member
from tests.factories.assessment import QuizPageFactory, attempt_with_files, photo, quizzed_cohort, single
from tests.factories.courses import EnrollmentFactory
from tests.factories.rows import Visit, row_of, visit

RUBRIC = [
    {
        "id": "1",
        "text": {"ar": "ترتيب الخطوات", "en": "Order of the steps"},
        "levels": [
            {"id": "1", "text": {"ar": "غائب", "en": "missing"}, "points": 0},
            {"id": "2", "text": {"ar": "ناقص", "en": "incomplete"}, "points": 2},
            {"id": "3", "text": {"ar": "كامل", "en": "complete"}, "points": 4},
        ],
    },
    {
        "id": "2",
        "text": {"ar": "السلامة", "en": "Safety"},
        "levels": [
            {"id": "1", "text": {"ar": "لم تُذكر", "en": "not named"}, "points": 0},
            {"id": "2", "text": {"ar": "ذُكرت", "en": "named"}, "points": 6},
        ],
    },
]
# Of 10 points.
BEST = {"1": "3", "2": "2"}
WORST = {"1": "1", "2": "1"}
SIX = {"1": "1", "2": "2"}
EIGHT = {"1": "2", "2": "2"}

ESSAY = "أفصل التيار من القاطع،\nثم أعلق لافتة التحذير."
_numbers = itertools.count(1)

# Of the rubric of `tests.factories.assessment.files`: levels by criterion.
FILES_BEST = {"1": "1", "2": "1"}
FILES_WORST = {"1": "2", "2": "2"}


def essay_version(
    quiz: QuizPage, *, rubric: Any = RUBRIC, text: str = "صف الخطوات.", medium: Any = None
) -> QuestionVersion:
    number = next(_numbers)
    question = Question.objects.create(quiz_key=quiz.translation_key, block_id=f"essay-{number}")
    key = {"explanation": {}, **({"rubric": rubric} if rubric else {})}
    content = {"text": {"ar": text, "en": text}, **({"medium": medium} if medium else {})}
    version: QuestionVersion = QuestionVersion.objects.create(
        question=question, kind="essay", content=content, key=key, digest=f"essay-{number}"
    )
    return version


def essay_cohort(center: Center | None = None, **rules: Any) -> Cohort:
    """A running cohort with a quiz whose answers are marked by these rules, 60 % to pass."""
    cohort = quizzed_cohort(QuizPageFactory(questions=[single()], **rules))
    Cohort.objects.filter(pk=cohort.pk).update(center=center or CenterFactory())
    cohort.refresh_from_db()
    return cohort


def quiz_taught(cohort: Cohort) -> QuizPage:
    assert cohort.content_version is not None
    quiz: QuizPage = QuizPage.objects.get(translation_key=cohort.content_version.units[0]["unit"])
    return quiz


def written(
    cohort: Cohort,
    *versions: QuestionVersion,
    enrollment: Enrollment | None = None,
    essay: str | None = ESSAY,
    points: int = 10,
    **facts: Any,
) -> Attempt:
    """An attempt that was handed in with an answer to each of these essays."""
    quiz = quiz_taught(cohort)
    enrollment = enrollment or EnrollmentFactory(cohort=cohort)
    trainee = User.objects.filter(person=enrollment.person).first() or TraineeFactory(
        person=enrollment.person
    )
    versions = versions or (essay_version(quiz),)
    attempt = Attempt.objects.create(
        **{
            "enrollment": enrollment,
            "quiz_key": quiz.translation_key,
            "number": 1,
            "title": quiz.title,
            "versions": [version.pk for version in versions],
            "points": [points] * len(versions),
            "pass_percent": 60,
            "started_at": timezone.now(),
            **facts,
        }
    )
    responses = dict.fromkeys(range(len(versions)), essay)
    return submit_attempt(attempt_id=attempt.pk, responses=responses, by=trainee)


def task_of(attempt: Attempt, slot: int = 0) -> MarkingTask:
    return MarkingTask.objects.get(attempt=attempt, slot=slot)


def marker(center: Center, role: RoleName = RoleName.ASSESSOR) -> User:
    return staff_member(role, center)


def marked(task: MarkingTask, by: User, levels: dict[str, str] = BEST, comment: str = "") -> None:
    give_mark(task_id=task.pk, given=Given(levels=levels, comment=comment), by=by)


def decide(task: MarkingTask, by: User, levels: dict[str, str]) -> Mark:
    return decide_mark(task_id=task.pk, given=Given(levels=levels), by=by)


def result_of(attempt: Attempt) -> tuple[str, Decimal | None]:
    attempt.refresh_from_db()
    return attempt.state, attempt.score


def far_apart(center: Center) -> MarkingTask:
    """An answer whose two marks wait for a decision."""
    attempt = written(essay_cohort(center, second_marking="all"))
    task = task_of(attempt)
    marked(task, marker(center), BEST)
    marked(task, marker(center), WORST)
    task.refresh_from_db()
    return task


@row_of(MarkingTask)
def task_in(center: Center) -> MarkingTask:
    return task_of(written(essay_cohort(center)))


def opened(center: Center) -> tuple[User, MarkingTask]:
    """An answer that an assessor of `center` has open."""
    user = marker(center)
    task = claim_next(version_id=task_in(center).version_id, by=user)
    assert task is not None
    return user, task


def opened_to_decide(center: Center) -> tuple[User, MarkingTask]:
    user = marker(center, RoleName.CENTER_MANAGER)
    task = claim_next(version_id=far_apart(center).version_id, by=user, decides=True)
    assert task is not None
    return user, task


@visit("marking_answer")
def opened_to_mark(center: Center) -> Visit:
    user, task = opened(center)
    return Visit(user=user, kwargs={"code": task.code})


@visit("marking_later")
def left_for_later(center: Center) -> Visit:
    user, task = opened(center)
    return Visit(user=user, kwargs={"code": task.code}, method="post", status=302)


@visit("marking_decide")
def decided(center: Center) -> Visit:
    user, task = opened_to_decide(center)
    return Visit(user=user, kwargs={"code": task.code})


@visit("marking_decide_later")
def decided_later(center: Center) -> Visit:
    user, task = opened_to_decide(center)
    return Visit(user=user, kwargs={"code": task.code}, method="post", status=302)


@visit("marking_again")
def marked_again(center: Center) -> Visit:
    cohort = essay_cohort(center)
    quiz = quiz_taught(cohort)
    task = task_of(written(cohort, essay_version(quiz), essay_version(quiz)))
    user = marker(center)
    marked(task, user)
    return Visit(user=user, kwargs={"code": task.code})


def files_opened(center: Center, *, side: int = 80) -> tuple[User, MarkingTask, AnswerFile]:
    """An answer by a file that an assessor of `center` has open."""
    trainee, attempt, file = attempt_with_files(center, side=side)
    submit_attempt(attempt_id=attempt.pk, responses={0: [str(file.public_id)]}, by=trainee)
    user = marker(center)
    task = claim_next(version_id=attempt.versions[0], by=user)
    assert task is not None
    return user, task, file


@visit("marking_file")
def file_opened(center: Center) -> Visit:
    user, _task, file = files_opened(center)
    return Visit(user=user, kwargs={"public_id": file.public_id})


def sent_back(center: Center) -> tuple[User, Attempt, FeedbackFile]:
    """A trainee whose answer came back with a file."""
    attempt = written(essay_cohort(center))
    given = Given(levels=BEST, files=[rewritten(photo(80))])
    mark = give_mark(task_id=task_of(attempt).pk, given=given, by=marker(center))
    return User.objects.get(person=attempt.enrollment.person), attempt, mark.files.get()


@visit("assessment:feedback_file")
def feedback_read(center: Center) -> Visit:
    trainee, attempt, file = sent_back(center)
    return Visit(user=trainee, kwargs={"public_id": attempt.public_id, "file_id": file.public_id})
