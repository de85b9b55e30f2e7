"""Objections to marks of attendance in a room, and their answers."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import pgettext
from wagtail.log_actions import log

from accounts.models import User
from accounts.scoping.hands import is_own
from accounts.services.formatting import format_datetime
from courses.enums import AttendanceStatus, SessionKind
from courses.errors import (
    MarkNotBetter,
    MarkNotYours,
    MarkObjectionAnswered,
    MarkObjectionMade,
    MarkObjectionTermOver,
    MarkObjectionWaiting,
    MarkOfLiveClass,
    MarkReplaced,
    NoMarkToSet,
    ReasonMissing,
)
from courses.models import AttendanceRecord, MarkObjection
from courses.queries.own_attendance import (
    OBJECTING,
    mark_with_minutes,
    objection_term,
    worth_of_mark,
)
from courses.services.attendance import amend_attendance
from courses.services.attendance_notices import tell_of_answer
from courses.services.locks import locked_session


@transaction.atomic
def object_to_mark(*, record_id: int, by: User, reason: str) -> MarkObjection:
    """Store that a trainee finds the current mark of a session that is over wrong: once for each mark, within the term.

    Raises `ReasonMissing`, `MarkNotYours`, `MarkOfLiveClass`, `MarkReplaced`, `MarkObjectionTermOver`, `MarkObjectionWaiting`,
    `MarkObjectionMade`.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    session = locked_session(AttendanceRecord.objects.values_list("session_id", flat=True).get(pk=record_id))
    record = AttendanceRecord.objects.select_related("enrollment", "session").get(pk=record_id)
    if by.person_id is None or record.enrollment.person_id != by.person_id:
        raise MarkNotYours
    if record.enrollment.state not in OBJECTING:
        raise MarkNotYours
    if session.kind == SessionKind.LIVE:
        raise MarkOfLiveClass
    if not record.is_current:
        raise MarkReplaced
    if not session.ends_at < timezone.now() <= objection_term(record):
        raise MarkObjectionTermOver
    waiting = MarkObjection.objects.filter(
        record__session=session, record__enrollment=record.enrollment_id, is_granted=None
    )
    if waiting.exists():
        raise MarkObjectionWaiting
    if MarkObjection.objects.filter(record=record).exists():
        raise MarkObjectionMade
    objection = MarkObjection.objects.create(
        record=record, reason=reason[:500], made_by=by, made_at=timezone.now()
    )
    log(record, "courses.attendance.object", user=by)
    return objection


@transaction.atomic
def answer_mark_objection(
    *,
    objection_id: int,
    by: User,
    is_granted: bool,
    answer: str,
    status: AttendanceStatus | None = None,
    minutes: int | None = None,
) -> MarkObjection:
    """Answer an objection; its person is told. Granted, the mark is amended with the answer as its reason.

    Raises `ReasonMissing`, `MarkNotYours` to its own person, `MarkObjectionAnswered`, `NoMarkToSet`, `MarkNotBetter`, `MinutesOutOfRange`.
    """
    answer = answer.strip()[:200]
    if not answer:
        raise ReasonMissing
    objections = MarkObjection.objects.select_related("record__enrollment")
    first = objections.get(pk=objection_id)
    locked_session(first.record.session_id)
    objection = objections.get(pk=objection_id)
    enrollment = objection.record.enrollment
    if is_own(by, enrollment.person_id):
        raise MarkNotYours
    if objection.is_granted is not None:
        raise MarkObjectionAnswered(
            **answer_given(
                by=objection.answered_by,
                at=objection.answered_at,
                is_granted=objection.is_granted,
                answer=objection.answer,
            )
        )
    objection.is_granted, objection.answer = is_granted, answer
    objection.answered_by, objection.answered_at = by, timezone.now()
    objection.save(update_fields=["is_granted", "answer", "answered_by", "answered_at"])
    if is_granted:
        if status is None or minutes is None:
            raise NoMarkToSet
        grant_objection(objected=objection.record, status=status, minutes=minutes, by=by, answer=answer)
    else:
        tell_of_answer(record=objection.record, is_granted=False, answer=answer)
    log(
        objection.record,
        "courses.attendance.answer",
        user=by,
        data={"granted": is_granted, "answer": answer},
    )
    return objection


def answer_given(*, by: User | None, at: dt.datetime | None, is_granted: bool, answer: str) -> dict[str, str]:
    """Who answered an objection what, and when: for a colleague who answers it, too."""
    return {
        "name": str(by),
        "when": format_datetime(at) if at else "",
        "decision": pgettext("objection", "granted") if is_granted else pgettext("objection", "refused"),
        "answer": answer,
    }


def grant_objection(
    *, objected: AttendanceRecord, status: AttendanceStatus, minutes: int, by: User, answer: str
) -> AttendanceRecord:
    """Amend the mark that replaced `objected`, or itself, with the answer as the reason, and tell its person, also where it was not final.

    The mark that is set is better than the one objected to. It may be the current one, where that was corrected meanwhile. Raises
    `MarkNotBetter` and what `amend_attendance` raises.
    """
    current = AttendanceRecord.objects.select_related("session__cohort").get(
        session=objected.session_id, enrollment=objected.enrollment_id, is_current=True
    )
    worth = worth_of_mark(current.session, status, minutes)
    for mark in (objected, current):
        least = worth_of_mark(current.session, mark.status, mark.minutes)
        if worth < least or (worth == least and mark == objected):
            raise MarkNotBetter(mark=mark_with_minutes(mark))
    if worth > worth_of_mark(current.session, current.status, current.minutes):
        current = amend_attendance(record_id=current.pk, status=status, minutes=minutes, by=by, reason=answer)
    tell_of_answer(record=current, is_granted=True, answer=answer)
    return current
