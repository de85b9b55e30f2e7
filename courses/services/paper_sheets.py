"""Attendance typed from a printed sheet by two people."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping.hands import is_of_one_hand, why_one_hand
from accounts.services.short_codes import is_short_code_of
from courses.enums import AttendanceSource, AttendanceStatus, PaperState
from courses.errors import (
    AttendanceLocked,
    DifferencesUndecided,
    NoAttendanceAtExams,
    ReasonMissing,
    SessionCanceled,
    SessionNotStarted,
    SheetNotOpen,
    SheetOfAnotherSession,
    TypedByYourself,
)
from courses.models import ClassSession, PaperMark, PaperSheet
from courses.queries.paper_sheets import Mark, TypedLine, open_sheet, typed_lines
from courses.queries.transfers import taking_part
from courses.services.attendance import record_attendance
from courses.services.locks import locked_session


@dataclass(frozen=True, slots=True)
class Decision:
    """What counts of a line whose readings differ, and why."""

    mark: Mark
    reason: str


@transaction.atomic
def type_sheet(*, session_id: int, code: str, marks: Mapping[int, Mark], by: User) -> PaperSheet:
    """Type the marks of a printed sheet, by enrollment: the first time, or the second time by another user.

    `code` is the one that the paper has. The second typing records the sheet where both read every line alike; else the
    differences wait for `record_sheet`. Raises `SheetOfAnotherSession`, `TypedByYourself`, `SheetNotOpen`, `SessionNotStarted`,
    `AttendanceLocked`, `SessionCanceled`, and what `record_attendance` raises.
    """
    session = _open_session(session_id)
    if not is_short_code_of(code, session.public_id):
        raise SheetOfAnotherSession
    sheet = open_sheet(session)
    if sheet is None:
        return _begin(session, marks, by)
    if sheet.state != PaperState.TYPED:
        raise SheetNotOpen
    first, act = {sheet.first_by_id}, Act.RECORD_ATTENDANCE
    if is_of_one_hand(by, first, act, on=sheet.first_at):
        raise why_one_hand(by, first, act, TypedByYourself, on=sheet.first_at)
    return _compare(session, sheet, marks, by)


@transaction.atomic
def record_sheet(*, sheet_id: int, decisions: Mapping[int, Decision], by: User) -> PaperSheet:
    """Record a sheet that was typed twice, with a decision by enrollment for each line that differs.

    Raises `DifferencesUndecided`, `ReasonMissing`, `SheetNotOpen`, and as `type_sheet`.
    """
    session = _open_session(PaperSheet.objects.values_list("session_id", flat=True).get(pk=sheet_id))
    sheet = (
        PaperSheet.objects.select_for_update(of=("self",))
        .select_related("first_by", "second_by")
        .get(pk=sheet_id)
    )
    if sheet.state != PaperState.COMPARED:
        raise SheetNotOpen
    if any(not decision.reason.strip() for decision in decisions.values()):
        raise ReasonMissing
    _record(session, sheet, typed_lines(sheet), decisions, by)
    return sheet


@transaction.atomic
def discard_sheet(*, sheet_id: int, reason: str, by: User) -> None:
    """Discard what was typed of a sheet, for example that of another day: nothing of it is recorded.

    Raises `ReasonMissing`, `SheetNotOpen`.
    """
    if not reason.strip():
        raise ReasonMissing
    session = locked_session(PaperSheet.objects.values_list("session_id", flat=True).get(pk=sheet_id))
    sheet = open_sheet(session)
    if sheet is None or sheet.pk != sheet_id:
        raise SheetNotOpen
    _end(sheet, PaperState.DISCARDED)
    log(session, "courses.attendance.discard_paper", user=by, data={"reason": reason.strip()})


def _open_session(session_id: int) -> ClassSession:
    session = locked_session(session_id)
    if session.is_exam:
        raise NoAttendanceAtExams
    if session.starts_at > timezone.now():
        raise SessionNotStarted
    if session.locked_at:
        raise AttendanceLocked
    if session.canceled_at:
        raise SessionCanceled
    return session


def _begin(session: ClassSession, marks: Mapping[int, Mark], by: User) -> PaperSheet:
    sheet = PaperSheet.objects.create(session=session, first_by=by, first_at=timezone.now())
    PaperMark.objects.bulk_create(
        PaperMark(sheet=sheet, enrollment=row, first_status=mark.status, first_minutes=mark.minutes)
        for row in taking_part(session)
        for mark in [marks.get(row.pk, Mark())]
    )
    log(session, "courses.attendance.type_paper", user=by)
    return sheet


def _compare(session: ClassSession, sheet: PaperSheet, marks: Mapping[int, Mark], by: User) -> PaperSheet:
    known = {mark.enrollment_id: mark for mark in sheet.marks.all()}
    for row in taking_part(session):
        # Who came into the cohort since is a line that the first did not have.
        typed = known.setdefault(row.pk, PaperMark(sheet=sheet, enrollment=row))
        mark = marks.get(row.pk, Mark())
        typed.second_status, typed.second_minutes = mark.status, mark.minutes
    PaperMark.objects.bulk_create(
        known.values(),
        update_conflicts=True,
        unique_fields=["sheet", "enrollment"],
        update_fields=["second_status", "second_minutes"],
    )
    sheet.state, sheet.second_by, sheet.second_at = PaperState.COMPARED, by, timezone.now()
    sheet.save(update_fields=["state", "second_by", "second_at"])
    log(session, "courses.attendance.type_paper_again", user=by)
    lines = typed_lines(sheet)
    if all(line.is_agreed for line in lines):
        _record(session, sheet, lines, {}, by)
    return sheet


def _record(
    session: ClassSession,
    sheet: PaperSheet,
    lines: list[TypedLine],
    decisions: Mapping[int, Decision],
    by: User,
) -> None:
    differing = [line for line in lines if not line.is_agreed]
    if any(line.enrollment.pk not in decisions for line in differing):
        raise DifferencesUndecided
    taking = {row.pk for row in taking_part(session)}
    for line in lines:
        decision = Decision(line.first, "") if line.is_agreed else decisions[line.enrollment.pk]
        mark = decision.mark
        if not mark.status or mark == line.recorded or line.enrollment.pk not in taking:
            continue
        record_attendance(
            session_id=session.pk,
            enrollment_id=line.enrollment.pk,
            status=AttendanceStatus(mark.status),
            minutes=mark.minutes,
            source=AttendanceSource.PAPER,
            reason=decision.reason,
            by=by,
        )
    _end(sheet, PaperState.RECORDED)
    log(
        session,
        "courses.attendance.record_paper",
        user=by,
        data={
            "first": str(sheet.first_by),
            "second": str(sheet.second_by),
            "lines": len(lines),
            "differences": len(differing),
        },
    )


def _end(sheet: PaperSheet, state: PaperState) -> None:
    sheet.state, sheet.ended_at = state, timezone.now()
    sheet.save(update_fields=["state", "ended_at"])
