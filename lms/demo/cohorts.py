"""Cohorts in every state, with their classes, their people and what became of them."""

import datetime as dt
from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import User
from courses.enums import AttendanceSource, AttendanceStatus, CohortState, SessionKind
from courses.models import ClassSession, Cohort, Enrollment, ProgramPage
from courses.queries import outcomes_of_closing
from courses.services import (
    change_cohort,
    close_cohort,
    enroll,
    lock_attendance,
    open_cohort,
    record_attendance,
    schedule_session,
    set_completion_rule,
    start_cohort,
    withdraw,
)
from live.services import schedule_live_session
from lms.demo.archive import build_archive
from lms.demo.certificates import build_certificates
from lms.demo.history import date_back, moment, take_quizzes, write_past_study
from lms.demo.people import Cast
from lms.demo.texts import PROGRAMS
from lms.demo.timetables import PLANS, CohortPlan, Fate, Meeting

SHARE = {Fate.STARTED: 0.0, Fate.HALFWAY: 0.5, Fate.DONE: 1.0, Fate.ABSENT: 0.4, Fate.WITHDRAWN: 0.2}


def _quiet(_line: str) -> None:
    """Say nothing."""


def build_cohorts(
    cast: Cast, programs: Mapping[str, ProgramPage], say: Callable[[str], None] = _quiet
) -> dict[str, Cohort]:
    """Find or make the cohorts by key (`lms.demo.timetables`) and the certificates of the past ones."""
    for key, program in programs.items():
        if not program.completion_rules.exists():
            text = PROGRAMS[key]
            set_completion_rule(
                program_id=program.pk,
                attendance_percent=text.attendance,
                score_percent=text.score,
                by=cast.login(RoleName.MINISTRY_OFFICER),
            )
    cohorts = {}
    for plan in PLANS:
        cohort = Cohort.objects.filter(code=plan.code).first()
        if cohort is None:
            cohort = _build(cast, programs[plan.program], plan)
            say(
                f"cohort {plan.code}: {cohort.get_state_display()}, {cohort.seats_taken} of {cohort.seats} seats"
            )
        cohorts[plan.key] = cohort
    build_certificates(cast, approved=cohorts["past_electrical"], waiting=cohorts["past_welding"])
    build_archive(cast)
    return cohorts


@transaction.atomic
def _build(cast: Cast, program: ProgramPage, plan: CohortPlan) -> Cohort:
    """One cohort, whole or not at all: found again by its code, it is finished."""
    manager = cast.working_at(RoleName.CENTER_MANAGER, plan.center)
    instructor = cast.working_at(RoleName.INSTRUCTOR, plan.center)
    today = timezone.localdate()
    ends_on = today + dt.timedelta(days=plan.ends)
    cohort = open_cohort(
        program_id=program.pk,
        center_id=cast.centers[plan.center].pk,
        code=plan.code,
        starts_on=today + dt.timedelta(days=plan.starts),
        # Nobody enrolls into a cohort that is over: its end moves back once everybody sits.
        ends_on=max(ends_on, today),
        shift=plan.shift,
        seats=plan.seats,
        by=manager,
        trainers=[instructor],
    )
    people = cast.trainees_of(plan.center)
    seated = [
        (enroll(person_id=people[index].pk, cohort_id=cohort.pk, by=manager), fate)
        for index, fate in plan.seated
    ]
    sessions = [_schedule(cast, cohort, meeting, plan, manager, instructor) for meeting in plan.meetings]
    for enrollment, fate in seated:
        _study(enrollment, fate, plan, by=instructor)
    _attend([session for session in sessions if session.ends_at < timezone.now()], seated, by=instructor)
    for enrollment, fate in seated:
        if fate == Fate.WITHDRAWN:
            withdraw(enrollment_id=enrollment.pk, reason="وجد عملا في مدينة أخرى", by=manager)
    if plan.state != CohortState.OPEN:
        start_cohort(cohort_id=cohort.pk, by=manager)
    if plan.state == CohortState.CLOSED:
        change_cohort(cohort_id=cohort.pk, ends_on=ends_on, by=manager)
        failing = {row.enrollment.pk for row in outcomes_of_closing(cohort) if not row.completes}
        close_cohort(cohort_id=cohort.pk, reason="انتهت أيام التدريب", failing=failing, by=manager)
    for enrollment, _fate in seated:
        # They enrolled a week before the start, or a few days ago where it has not started.
        enrolled = min(plan.starts - 7, -3)
        date_back(enrollment, enrolled_at=moment(enrolled, 11), completed_at=moment(plan.ends, 14))
    cohort.refresh_from_db()
    return cohort


def _schedule(
    cast: Cast, cohort: Cohort, meeting: Meeting, plan: CohortPlan, manager: User, instructor: User
) -> ClassSession:
    starts_at = moment(meeting.day, meeting.hour)
    ends_at = starts_at + dt.timedelta(hours=meeting.hours)
    if meeting.kind == SessionKind.LIVE:
        return schedule_live_session(
            cohort=cohort,
            title=meeting.title,
            starts_at=starts_at,
            ends_at=ends_at,
            by=manager,
            trainer=instructor,
        ).class_session
    room = None if meeting.room is None else cast.rooms[plan.center][meeting.room]
    return schedule_session(
        cohort_id=cohort.pk,
        kind=meeting.kind,
        title=meeting.title,
        starts_at=starts_at,
        ends_at=ends_at,
        room_id=room.pk if room else None,
        trainer_id=instructor.pk,
        by=manager,
    )


def _study(enrollment: Enrollment, fate: Fate, plan: CohortPlan, *, by: User) -> None:
    if plan.state == CohortState.OPEN:
        return
    write_past_study(enrollment, share=SHARE[fate], at=moment(plan.starts + 3, 20))
    if fate == Fate.DONE:
        # One mistake for every second of them.
        take_quizzes(enrollment, wrong=enrollment.pk % 2, by=by)


def _attend(sessions: list[ClassSession], seated: list[tuple[Enrollment, Fate]], *, by: User) -> None:
    for turn, session in enumerate(sessions):
        length = int((session.ends_at - session.starts_at).total_seconds() // 60)
        for row, (enrollment, fate) in enumerate(seated):
            status = _status(fate, turn, row)
            missed = {AttendanceStatus.PRESENT: 0, AttendanceStatus.LATE: 25}.get(status, length)
            record_attendance(
                session_id=session.pk,
                enrollment_id=enrollment.pk,
                status=status,
                minutes=length - missed,
                source=AttendanceSource.TRAINER,
                by=by,
                reason="شهادة مرضية" if status == AttendanceStatus.EXCUSED else "",
            )
        lock_attendance(session_id=session.pk, by=by)


def _status(fate: Fate, turn: int, row: int) -> AttendanceStatus:
    if fate in {Fate.ABSENT, Fate.WITHDRAWN}:
        return AttendanceStatus.ABSENT if turn else AttendanceStatus.PRESENT
    if fate == Fate.HALFWAY and turn == 1 and row % 3 == 0:
        return AttendanceStatus.EXCUSED
    return AttendanceStatus.LATE if (turn + row) % 5 == 4 else AttendanceStatus.PRESENT
