"""When a cohort may start a test."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from assessment.errors import KeysOfExamRead, NoSuchQuiz, WindowClosesBeforeItOpens
from assessment.models import Attempt, ExamWindow, KeysRead
from assessment.queries.attempts import quiz_in
from assessment.queries.exams import keys_read_in
from courses.services.locks import locked_cohort


@transaction.atomic
def set_window(
    *, cohort_id: int, quiz_key: UUID, opens_at: dt.datetime | None, closes_at: dt.datetime | None, by: User
) -> ExamWindow | None:
    """Say from when until when a cohort may start a test; without both it may always. Attempts that run are not touched. A test in a room
    is started in sittings only: of it this says until when sittings may be planned, and when its keys are shown.

    Raises `NoSuchQuiz`, `WindowClosesBeforeItOpens`, `KeysOfExamRead`.
    """
    cohort = locked_cohort(cohort_id)
    quiz = quiz_in(cohort, quiz_key)
    if quiz is None:
        raise NoSuchQuiz
    if (opens_at is None) != (closes_at is None) or (opens_at and closes_at and closes_at <= opens_at):
        raise WindowClosesBeforeItOpens
    before = ExamWindow.objects.filter(cohort=cohort, quiz_key=quiz_key).first()
    if (before and (before.opens_at, before.closes_at)) == ((opens_at, closes_at) if opens_at else None):
        return before
    if (closes_at is None or closes_at > timezone.now()) and keys_read_in(cohort, [quiz_key]):
        raise KeysOfExamRead(test=quiz.title)
    if opens_at and closes_at:
        window, _is_new = ExamWindow.objects.update_or_create(
            cohort=cohort,
            quiz_key=quiz_key,
            defaults={"opens_at": opens_at, "closes_at": closes_at, "set_at": timezone.now()},
        )
    else:
        window = None
        ExamWindow.objects.filter(cohort=cohort, quiz_key=quiz_key).delete()
    log(
        cohort,
        "assessment.window.set",
        user=by,
        data={
            "test": quiz.title,
            "before": _said(before),
            "after": _said(window),
        },
    )
    return window


def note_keys_read(attempt: Attempt) -> None:
    """Note that right answers of an exam are shown to its person. Noting it again changes nothing."""
    KeysRead.objects.get_or_create(cohort=attempt.enrollment.cohort, quiz_key=attempt.quiz_key)


def _said(window: ExamWindow | None) -> list[str] | None:
    return [window.opens_at.isoformat(), window.closes_at.isoformat()] if window else None
