"""Sittings: supervised tests at a class session of the timetable, started with a code that is told in the room."""

import datetime as dt
import secrets
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from accounts.scoping.hands import people_of
from accounts.services.formatting import format_datetime
from assessment.enums import ExamNoticeKind, SittingState
from assessment.errors import (
    KeysOfExamRead,
    NoSuchQuiz,
    NotAnExamSession,
    NotInThisSitting,
    NotSupervised,
    OwnSitting,
    SessionNotToday,
    SittingAfterWindow,
    SittingEnded,
    SittingGoesOn,
    SittingHasBegun,
    SittingHasIncidents,
    TextMissing,
    TooManyToCompare,
)
from assessment.models import Attempt, ExamWindow, Incident, Sitting
from assessment.queries.attempts import quiz_in
from assessment.queries.exams import keys_read_in
from assessment.queries.similarity import MOST_COMPARED, Report, report_of
from assessment.services.exam_notices import tell_of_sitting
from courses.models import ClassSession
from courses.services.sessions import check_exam_clash, check_length

# Before the class session begins: the room is prepared.
RELEASE_BEFORE = dt.timedelta(hours=1)


@transaction.atomic
def plan_sitting(*, session_id: int, quiz_key: UUID, by: User) -> Sitting:
    """Let the cohort of an exam in the timetable take a test in it. Planning it again changes nothing.

    Raises `NotAnExamSession`, `NoSuchQuiz`, `NotSupervised`, `KeysOfExamRead`, `SittingAfterWindow`, `SessionNotToday`: of a session that was canceled or
    is over; and of courses `ExamTooShort` (the time limit, without the time that single people have more) and `ExamClash`.
    """
    session = ClassSession.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=session_id)
    if not session.is_exam:
        raise NotAnExamSession(session=session.title)
    if session.canceled_at or session.ends_at <= timezone.now():
        raise SessionNotToday
    quiz = quiz_in(session.cohort, quiz_key)
    if quiz is None:
        raise NoSuchQuiz
    if not quiz.is_supervised:
        raise NotSupervised(test=quiz.title)
    if keys_read_in(session.cohort, [quiz_key]):
        raise KeysOfExamRead(test=quiz.title)
    over = ExamWindow.objects.filter(
        cohort=session.cohort_id, quiz_key=quiz_key, closes_at__lte=session.starts_at
    ).first()
    if over:
        raise SittingAfterWindow(closes_at=format_datetime(over.closes_at))
    if quiz.limit_minutes:
        check_length(session, (quiz.title, quiz.limit_minutes))
    sitting, is_new = Sitting.objects.get_or_create(
        class_session=session, quiz_key=quiz_key, defaults={"title": quiz.title}
    )
    if is_new:
        # With what is taken in it by now.
        check_exam_clash(session)
        tell_of_sitting(sitting_id=sitting.pk, kind=ExamNoticeKind.PLANNED)
        log(sitting, "assessment.sitting.plan", user=by)
    return sitting


@transaction.atomic
def cancel_sitting(*, sitting_id: int, by: User) -> None:
    """Take a planned sitting back. Raises `SittingHasBegun` once its code was told, `SittingHasIncidents`."""
    sitting = Sitting.objects.select_for_update(of=("self",)).get(pk=sitting_id)
    if sitting.released_at:
        raise SittingHasBegun
    if sitting.incidents.exists():
        raise SittingHasIncidents
    if not sitting.is_told_canceled:
        tell_of_sitting(sitting_id=sitting.pk, kind=ExamNoticeKind.CANCELED)
    log(sitting, "assessment.sitting.cancel", user=by)
    sitting.delete()


@transaction.atomic
def release_code(*, sitting_id: int, by: User) -> Sitting:
    """Make the code with which the people in the room start. Releasing it again changes nothing.

    Raises `SessionNotToday` more than an hour before the class session, after it and where it was canceled; `SittingEnded`.
    """
    sitting = (
        Sitting.objects.select_for_update(of=("self",)).select_related("class_session").get(pk=sitting_id)
    )
    session, now = sitting.class_session, timezone.now()
    if sitting.ended_at:
        raise SittingEnded
    if sitting.released_at:
        return sitting
    if session.canceled_at or not session.starts_at - RELEASE_BEFORE <= now < session.ends_at:
        raise SessionNotToday
    sitting.code, sitting.released_at = f"{secrets.randbelow(10**6):06}", now
    sitting.save(update_fields=["code", "released_at"])
    log(sitting, "assessment.sitting.release", user=by)
    return sitting


@transaction.atomic
def end_sitting(*, sitting_id: int, by: User) -> Sitting:
    """From now on no one starts; who has started goes on until their time is over. Ending it again changes nothing."""
    sitting = Sitting.objects.select_for_update(of=("self",)).get(pk=sitting_id)
    if sitting.ended_at:
        return sitting
    sitting.ended_at = timezone.now()
    sitting.save(update_fields=["ended_at"])
    log(sitting, "assessment.sitting.end", user=by)
    return sitting


@transaction.atomic
def note_incident(*, sitting_id: int, text: str, by: User, attempt_id: int | None = None) -> Incident:
    """Note what happened in the room, or with one person who opened the test in it. Raises `TextMissing`, `NotInThisSitting`."""
    if not text.strip():
        raise TextMissing
    sitting = Sitting.objects.get(pk=sitting_id)
    attempt = Attempt.objects.filter(pk=attempt_id, sitting=sitting).first() if attempt_id else None
    if attempt_id and attempt is None:
        raise NotInThisSitting
    incident = Incident.objects.create(
        sitting=sitting, attempt=attempt, text=text.strip(), by=by, at=timezone.now()
    )
    log(sitting, "assessment.sitting.note", user=by, data={"text": incident.text})
    return incident


def compare_papers(*, sitting_id: int, by: User) -> Report:
    """How alike the papers of an ended sitting are, for people to look at; the audit trail says who did. Nothing follows from it by itself.

    Raises `SittingGoesOn`, `OwnSitting`, `TooManyToCompare`.
    """
    sitting = Sitting.objects.select_related("class_session").get(pk=sitting_id)
    if sitting.state != SittingState.ENDED:
        raise SittingGoesOn
    people = Attempt.objects.filter(sitting=sitting)
    if people.filter(enrollment__person__in=people_of(by)).exists():
        raise OwnSitting
    if people.values("enrollment").distinct().count() > MOST_COMPARED:
        raise TooManyToCompare(most=MOST_COMPARED)
    report = report_of(sitting)
    log(sitting, "assessment.sitting.compare", user=by)
    return report
