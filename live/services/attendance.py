"""Objections after the class, and the freeze of its attendance."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import Center, User
from accounts.scoping.hands import is_own
from courses.enums import AttendanceStatus
from courses.errors import MarkNotYours
from courses.models import AttendanceRecord, ClassSession
from courses.services.attendance_notices import tell_of_answer
from courses.services.mark_objections import answer_given, grant_objection
from live.attendance.policy import policy_of
from live.enums import LiveState
from live.errors import (
    NotAdmitted,
    NothingToAmend,
    ObjectionAnswered,
    ObjectionMade,
    ObjectionNeedsReason,
    ObjectionTermOver,
    RecordFrozen,
    RoomNotEnded,
)
from live.models import AttendanceObjection, AttendanceSnapshot, LiveSession
from live.queries.admission import enrolled_in
from live.queries.attendance_snapshots import digest_of, meetings_of, parts_of
from live.queries.presence import objection_term
from live.services.events import locked_session

# Limits how long one run locks a center; the next run does the rest.
FREEZES_AT_ONCE = 50


@transaction.atomic
def object_to_attendance(*, session_id: int, by: User, reason: str) -> AttendanceObjection:
    """Store a trainee's objection to their count: once, within the term.

    Raises `RoomNotEnded`, `ObjectionTermOver`, `ObjectionNeedsReason`, `ObjectionMade`, `NotAdmitted`.
    """
    reason = reason.strip()
    session = locked_session(session_id)
    if session.state != LiveState.ENDED or session.ended_at is None:
        raise RoomNotEnded
    if AttendanceSnapshot.objects.filter(session=session).exists() or timezone.now() > objection_term(
        session
    ):
        raise ObjectionTermOver
    if not reason:
        raise ObjectionNeedsReason
    enrollment = enrolled_in(session).filter(person=by.person_id).first()
    if enrollment is None or by.person_id is None:
        raise NotAdmitted
    objection, is_new = AttendanceObjection.objects.get_or_create(
        session=session,
        enrollment=enrollment,
        defaults={"reason": reason[:500], "made_by": by, "made_at": timezone.now()},
    )
    if not is_new:
        raise ObjectionMade
    facts = {"person": enrollment.person_id, "enrollment": enrollment.pk}
    log(session, "live.attendance.object", user=by, data=facts)
    return objection


@transaction.atomic
def answer_objection(
    *,
    objection_id: int,
    by: User,
    is_granted: bool,
    answer: str,
    status: AttendanceStatus | None = None,
    minutes: int | None = None,
) -> AttendanceObjection:
    """Answer an objection; its person is told. Granted, the record is amended with the answer as its reason.

    Raises `ObjectionAnswered`, `ObjectionNeedsReason`, `NothingToAmend`, `RecordFrozen`, and of courses `MarkNotBetter`, `MinutesOutOfRange`
    and, to its own person, `MarkNotYours`.
    """
    session_id = AttendanceObjection.objects.values_list("session_id", flat=True).get(pk=objection_id)
    session = locked_session(session_id)
    objection = AttendanceObjection.objects.select_related("enrollment").get(pk=objection_id)
    if is_own(by, objection.enrollment.person_id):
        raise MarkNotYours
    if objection.is_granted is not None:
        raise ObjectionAnswered(
            **answer_given(
                by=objection.answered_by,
                at=objection.answered_at,
                is_granted=objection.is_granted,
                answer=objection.answer,
            )
        )
    if AttendanceSnapshot.objects.filter(session=session).exists():
        raise RecordFrozen
    answer = answer.strip()[:200]
    if not answer:
        raise ObjectionNeedsReason
    current = AttendanceRecord.objects.filter(
        session__in=meetings_of(session), enrollment=objection.enrollment_id, is_current=True
    ).first()
    if is_granted:
        if current is None or status is None or minutes is None:
            raise NothingToAmend
        grant_objection(
            objected=_objected(objection, current), status=status, minutes=minutes, by=by, answer=answer
        )
    elif current is not None:
        tell_of_answer(record=current, is_granted=False, answer=answer)
    objection.is_granted, objection.answer = is_granted, answer
    objection.answered_by, objection.answered_at = by, timezone.now()
    objection.save(update_fields=["is_granted", "answer", "answered_by", "answered_at"])
    facts = {"person": objection.enrollment.person_id, "granted": is_granted, "answer": answer}
    log(session, "live.attendance.answer", user=by, data=facts)
    return objection


def _objected(objection: AttendanceObjection, current: AttendanceRecord) -> AttendanceRecord:
    """The mark that was current when the objection was made."""
    earlier = AttendanceRecord.objects.filter(
        session=current.session_id, enrollment=current.enrollment_id, recorded_at__lte=objection.made_at
    )
    return earlier.order_by("recorded_at", "pk").last() or current


def freeze_due_attendance() -> int:
    """Freeze every session whose term is over and whose objections are answered. Return how many.

    One of which nothing is recorded, as of a class that was too short, stays open: freezing would lock its empty sheet.
    """
    of_room = Q(session__live=OuterRef("pk")) | Q(session__joint_meeting__session=OuterRef("pk"))
    due = (
        LiveSession.objects.filter(
            Exists(AttendanceRecord.objects.filter(of_room)), state=LiveState.ENDED, snapshot__isnull=True
        )
        .exclude(objections__is_granted__isnull=True, objections__isnull=False)
        .order_by("ended_at", "pk")
    )
    now = timezone.now()
    frozen = 0
    for session in due[: 4 * FREEZES_AT_ONCE]:
        if objection_term(session) < now and frozen < FREEZES_AT_ONCE:
            frozen += freeze_attendance(session_id=session.pk) is not None
    return frozen


@transaction.atomic
def freeze_attendance(*, session_id: int) -> AttendanceSnapshot | None:
    """Freeze the attendance of a session into the chain of its center. None where it is not due or done already."""
    # Lock the center first: the links of its chain are made one after the other.
    center_id = LiveSession.objects.values_list("class_session__cohort__center", flat=True).get(pk=session_id)
    Center.objects.select_for_update(no_key=True).get(pk=center_id)
    session = locked_session(session_id)
    if session.state != LiveState.ENDED or AttendanceSnapshot.objects.filter(session=session).exists():
        return None
    is_disputed = session.objections.filter(is_granted__isnull=True).exists()
    if is_disputed or timezone.now() <= objection_term(session):
        return None
    # Recording and amending lock these rows, so that later writes have a later time.
    registers = ClassSession.objects.filter(pk__in=[meeting.pk for meeting in meetings_of(session)])
    list(registers.select_for_update(no_key=True).order_by("pk"))
    now = timezone.now()
    registers.filter(locked_at=None).update(locked_at=now)
    last = AttendanceSnapshot.objects.filter(center=center_id).order_by("-number").first()
    snapshot = AttendanceSnapshot(
        session=session,
        center_id=center_id,
        number=last.number + 1 if last else 1,
        policy_version=policy_of(session.attendance_policy).version,
        previous=last.digest if last else "",
        parts=parts_of(session, at=now),
        frozen_at=now,
    )
    snapshot.digest = digest_of(snapshot)
    snapshot.save(force_insert=True)
    log(session, "live.attendance.freeze", data={"number": snapshot.number, "digest": snapshot.digest})
    return snapshot
