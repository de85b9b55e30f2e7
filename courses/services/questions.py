"""Questions under units and answers to them, by trainees and by staff.

What trainees write is a row with its author and time, so the audit trail has only what takes words away: changes and removals. What
staff decide is there, too (`courses.services.question_moderation`).
"""

import hashlib
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from courses.enums import QuestionNoticeKind
from courses.models import Answer, Enrollment, Question, QuestionNotice
from courses.queries.content import units_of
from courses.services.question_rules import (
    ANSWERS_A_DAY,
    MOST_WAITING,
    QUESTIONS_A_DAY,
    HasReactions,
    NotInThisUnit,
    NotYourQuestion,
    TooManyWaiting,
    lock_for_staff,
    lock_question,
    lock_writer,
    require_changeable,
    require_fewer,
    require_open,
    tidy_post,
)


@transaction.atomic
def ask_question(
    *, enrollment_id: int, unit_key: UUID, text: str, second: int | None, is_anonymous: bool
) -> Question:
    """Ask the own cohort and its instructors under a unit.

    Raises `PostMissing`, `PostTooLong`, `NotInThisUnit`, `TooManyWaiting`, `TooManyToday`, and what `lock_writer` raises.
    """
    text = tidy_post(text)
    enrollment = lock_writer(enrollment_id)
    if not any(unit["unit"] == str(unit_key) for unit in units_of(enrollment.cohort)):
        raise NotInThisUnit
    own = Question.objects.filter(cohort=enrollment.cohort_id, person=enrollment.person_id)
    waiting = own.filter(waiting_since__isnull=False, hidden_at=None).count()
    if waiting >= MOST_WAITING:
        raise TooManyWaiting(count=waiting)
    require_fewer(own, than=QUESTIONS_A_DAY)
    now = timezone.now()
    return Question.objects.create(
        cohort=enrollment.cohort,
        unit_key=unit_key,
        person_id=enrollment.person_id,
        text=text,
        second=second,
        is_anonymous=is_anonymous,
        at=now,
        waiting_since=now,
    )


@transaction.atomic
def answer_as_trainee(*, question_id: int, enrollment_id: int, text: str) -> Answer:
    """Answer a question of the own cohort, or add to the own one. It still waits for staff; an own addition makes it wait again.

    Raises `PostMissing`, `PostTooLong`, `TooManyToday`, `HasReactions` for one that is hidden, and what `lock_writer` raises.
    """
    text = tidy_post(text)
    enrollment = lock_writer(enrollment_id)
    question = lock_question(question_id, cohort_id=enrollment.cohort_id)
    if question.is_hidden:
        raise HasReactions
    written = Answer.objects.filter(question__cohort=enrollment.cohort_id, person=enrollment.person_id)
    require_fewer(written, than=ANSWERS_A_DAY)
    answer = Answer.objects.create(
        question=question, person_id=enrollment.person_id, text=text, at=timezone.now()
    )
    if question.person_id != enrollment.person_id:
        _tell_author(question, answer, QuestionNoticeKind.REPLIED)
    elif question.waiting_since is None and question.solved_at is None:
        _wait_again(question)
    return answer


@transaction.atomic
def answer_as_staff(*, question_id: int, text: str, is_answer: bool, by: User) -> Answer:
    """Answer; with `is_answer` it is marked as the answer, without it the question goes on waiting: something was asked back.

    Raises `PostMissing`, `PostTooLong`, `NotYoursToAnswer`, `QuestionsReadOnly`, `HasReactions` for one that is hidden.
    """
    text = tidy_post(text)
    question = lock_for_staff(question_id, by=by)
    require_open(question.cohort)
    if question.is_hidden:
        raise HasReactions
    answer = Answer.objects.create(question=question, staff=by, text=text, at=timezone.now())
    if is_answer:
        question.accepted, question.waiting_since = answer, None
        question.save(update_fields=["accepted", "waiting_since"])
    _tell_author(question, answer, QuestionNoticeKind.ANSWERED)
    log(question, "courses.question.answer", user=by, data={"marked": is_answer})
    return answer


@transaction.atomic
def change_question(
    *, question_id: int, enrollment_id: int, text: str, second: int | None, by: User
) -> Question:
    """Change the own question shortly after it was asked. Raises `NotYourQuestion`, `TooLateToChange`, `HasReactions`, and what
    `ask_question` raises.
    """
    text = tidy_post(text)
    enrollment = lock_writer(enrollment_id)
    question = _own(lock_question(question_id, cohort_id=enrollment.cohort_id), enrollment)
    require_changeable(question)
    log(question, "courses.question.change", user=by, data={"sha256": digest_of(question)})
    question.text, question.second, question.edited_at = text, second, timezone.now()
    question.save(update_fields=["text", "second", "edited_at"])
    return question


@transaction.atomic
def change_answer(*, answer_id: int, enrollment_id: int, text: str, by: User) -> Answer:
    """Change the own answer shortly after it was written. Raises as `change_question` does."""
    text = tidy_post(text)
    enrollment = lock_writer(enrollment_id)
    answer = Answer.objects.select_for_update(of=("self",)).get(
        pk=answer_id, question__cohort=enrollment.cohort_id
    )
    if answer.person_id != enrollment.person_id:
        raise NotYourQuestion
    require_changeable(answer)
    log(answer, "courses.question.change_answer", user=by, data={"sha256": digest_of(answer)})
    answer.text, answer.edited_at = text, timezone.now()
    answer.save(update_fields=["text", "edited_at"])
    return answer


@transaction.atomic
def remove_question(*, question_id: int, enrollment_id: int, by: User) -> None:
    """Delete the own question as long as no one reacted. Raises `NotYourQuestion`, `HasReactions`, and what `lock_writer` raises."""
    enrollment = lock_writer(enrollment_id)
    question = _own(lock_question(question_id, cohort_id=enrollment.cohort_id), enrollment)
    if question.is_hidden or question.answers.exists() or question.reports.exists():
        raise HasReactions
    log(question, "courses.question.remove", user=by, data={"sha256": digest_of(question)})
    question.delete()


@transaction.atomic
def settle_question(*, question_id: int, enrollment_id: int, is_solved: bool) -> Question:
    """Its author says whether it is solved: if not, it waits for staff again.

    Raises `NotYourQuestion`, `HasReactions` for one that is hidden, and what `lock_writer` raises.
    """
    enrollment = lock_writer(enrollment_id)
    question = _own(lock_question(question_id, cohort_id=enrollment.cohort_id), enrollment)
    if question.is_hidden:
        raise HasReactions
    if not is_solved:
        if question.waiting_since is None:
            _wait_again(question)
        return question
    if question.solved_at is None:
        question.solved_at, question.waiting_since = timezone.now(), None
        question.save(update_fields=["solved_at", "waiting_since"])
    return question


def digest_of(post: Question | Answer) -> str:
    """What was there can be proved, and the trail does not repeat it."""
    return hashlib.sha256(post.text.encode()).hexdigest()


def _own(question: Question, enrollment: Enrollment) -> Question:
    if question.person_id != enrollment.person_id:
        raise NotYourQuestion
    return question


def _wait_again(question: Question) -> None:
    question.waiting_since, question.solved_at = timezone.now(), None
    question.save(update_fields=["waiting_since", "solved_at"])


def _tell_author(question: Question, answer: Answer, kind: QuestionNoticeKind) -> None:
    QuestionNotice.objects.create(question=question, answer=answer, person_id=question.person_id, kind=kind)
