"""Cohorts in every state, with their sessions, enrollments and outcomes."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import User
from courses.clauses import Clauses, Score
from courses.enums import (
    AttendanceSource,
    AttendanceStatus,
    CohortState,
    CompletesBy,
    SessionKind,
    WithdrawalReason,
)
from courses.models import ClassSession, Cohort, Enrollment, ProgramPage
from courses.queries.closing import outcomes_of_closing
from courses.queries.content import units_of
from courses.queries.releases import start_of_day
from courses.queries.units_by_course import units_by_course
from courses.services.attendance import lock_attendance, record_attendance
from courses.services.closing import close_cohort
from courses.services.cohorts import open_cohort, start_cohort
from courses.services.completion import set_completion_rule
from courses.services.enrollments import enroll, give_seat_back, withdraw
from courses.services.releases import release_course, release_unit
from courses.services.sessions import schedule_session
from live.services.scheduling import schedule_live_session
from lms.demo.clock import at, moment, working_day
from lms.demo.history import take_quizzes, write_past_study
from lms.demo.people import DemoPeople
from lms.demo.texts import PROGRAMS
from lms.demo.timetables import PLANS, CohortPlan, Meeting, Outcome

type Seated = Sequence[tuple[Enrollment, Outcome]]

SHARE = {
    Outcome.STARTED: 0.0,
    Outcome.HALFWAY: 0.5,
    Outcome.DONE: 1.0,
    Outcome.ABSENT: 0.4,
    Outcome.WITHDRAWN: 0.2,
}
# Of those on an open register, so many are recorded.
RECORDED_SO_FAR = 3
AN_HOUR = dt.timedelta(hours=1)


def _quiet(_line: str) -> None:
    """Say nothing."""


def build_cohorts(
    cast: DemoPeople, programs: Mapping[str, ProgramPage], report: Callable[[str], None] = _quiet
) -> dict[str, Cohort]:
    """Find or make the cohorts by key (`lms.demo.timetables`)."""
    for key, program in programs.items():
        if not program.completion_rules.exists():
            text = PROGRAMS[key]
            set_completion_rule(
                program_id=program.pk,
                asks=Clauses(units=True, attendance=text.attendance, score=Score(text.score)),
                by=cast.login(RoleName.MINISTRY_OFFICER),
            )
    cohorts = {}
    for plan in PLANS:
        cohort = Cohort.objects.filter(code=plan.code).first()
        if cohort is None:
            cohort = _build(cast, programs[plan.program], plan)
            report(
                f"cohort {plan.code}: {cohort.get_state_display()}, {cohort.seats_taken} of {cohort.seats} seats"
            )
        cohorts[plan.key] = cohort
    return cohorts


@transaction.atomic
def _build(cast: DemoPeople, program: ProgramPage, plan: CohortPlan) -> Cohort:
    """One cohort in one transaction: a cohort with its code is complete."""
    manager = cast.working_at(RoleName.CENTER_MANAGER, plan.center)
    instructor = cast.working_at(RoleName.INSTRUCTOR, plan.center)
    people = cast.trainees_of(plan.center)
    # Opened three weeks before its start, or some days ago; its people come in the week after.
    with at(moment(min(plan.starts - 21, -9), 10)):
        cohort = open_cohort(
            program_id=program.pk,
            center_id=cast.centers[plan.center].pk,
            code=plan.code,
            starts_on=working_day(plan.starts),
            ends_on=working_day(plan.ends),
            shift=plan.shift,
            seats=plan.seats,
            by=manager,
            instructors=[instructor],
        )
        _release(cohort, plan, by=manager)
        meetings = [
            (meeting, _schedule(cast, cohort, meeting, plan, manager, instructor))
            for meeting in plan.meetings
        ]
    with at(moment(min(plan.starts - 7, -4), 11)):
        seated = [
            (enroll(person_id=people[index].pk, cohort_id=cohort.pk, by=manager), outcome)
            for index, outcome in plan.seated
        ]
    _give_back(cast, seated)
    if plan.state != CohortState.OPEN:
        with at(moment(plan.starts, 8)):
            start_cohort(cohort_id=cohort.pk, by=manager)
        _pass_time(plan, meetings, seated, manager=manager, instructor=instructor)
    if plan.state == CohortState.CLOSED:
        with at(moment(plan.ends, 15)):
            failing = {row.enrollment.pk for row in outcomes_of_closing(cohort) if not row.completes}
            close_cohort(cohort_id=cohort.pk, reason="انتهت أيام التدريب", failing=failing, by=manager)
    cohort.refresh_from_db()
    return cohort


def _release(cohort: Cohort, plan: CohortPlan, *, by: User) -> None:
    """When units open, as the plan says."""
    for course, day in zip(units_by_course(cohort), plan.course_days, strict=False):
        if course.key:
            release_course(cohort_id=cohort.pk, course_key=course.key, day=day, by=by)
    if plan.last_lesson_day is not None:
        last = [unit for unit in units_of(cohort) if unit["completes_by"] != CompletesBy.MARKS][-1]
        opens_at = start_of_day(cohort.starts_on + dt.timedelta(days=plan.last_lesson_day))
        release_unit(cohort_id=cohort.pk, unit_key=UUID(last["unit"]), opens_at=opens_at, after=(), by=by)


def _give_back(cast: DemoPeople, seated: Seated) -> None:
    for enrollment, outcome in seated:
        if outcome == Outcome.GAVE_BACK and (user := cast.login_of(enrollment.person)):
            with at(moment(-1, 20)):
                give_seat_back(
                    enrollment_id=enrollment.pk,
                    withdrawn_for=WithdrawalReason.WORK,
                    reason="الموعد لا يناسب عملي",
                    by=user,
                )


def _schedule(
    cast: DemoPeople, cohort: Cohort, meeting: Meeting, plan: CohortPlan, manager: User, instructor: User
) -> ClassSession:
    starts_at = moment(meeting.day, meeting.hour)
    ends_at = starts_at + meeting.hours * AN_HOUR
    if meeting.kind == SessionKind.LIVE:
        return schedule_live_session(
            cohort=cohort,
            title=meeting.title,
            starts_at=starts_at,
            ends_at=ends_at,
            by=manager,
            instructor=instructor,
        ).class_session
    venue = None if meeting.venue is None else cast.venues[plan.center][meeting.venue]
    return schedule_session(
        cohort_id=cohort.pk,
        kind=meeting.kind,
        title=meeting.title,
        starts_at=starts_at,
        ends_at=ends_at,
        venue_id=venue.pk if venue else None,
        instructor_id=instructor.pk,
        by=manager,
    )


def _pass_time(
    plan: CohortPlan,
    meetings: Sequence[tuple[Meeting, ClassSession]],
    seated: Seated,
    *,
    manager: User,
    instructor: User,
) -> None:
    """What happened from the start of a cohort until now, in its order: study, workshop days, tests, people who left."""
    over = [(meeting, session) for meeting, session in meetings if session.ends_at < timezone.now()]
    begun_at, last = moment(plan.starts + 1, 20), over[-1][1]
    # Those who did everything: in a cohort that is over they complete with the test, after the last day.
    days = 1 if plan.state == CohortState.CLOSED else -1
    tested_at = timezone.localtime(last.starts_at).replace(hour=20) + dt.timedelta(days=days)
    for enrollment, outcome in seated:
        write_past_study(enrollment, share=SHARE[outcome], begun_at=begun_at, until=tested_at)
    for turn, (meeting, session) in enumerate(over):
        with at(session.ends_at + AN_HOUR / 4):
            _attend(meeting, session, turn, seated, by=instructor)
        if turn == 0:
            with at(session.ends_at + 20 * AN_HOUR):
                for enrollment, outcome in seated:
                    if outcome == Outcome.WITHDRAWN:
                        withdraw(enrollment_id=enrollment.pk, reason="وجد عملا في مدينة أخرى", by=manager)
    with at(tested_at):
        _test(seated, by=instructor)


def _test(seated: Seated, *, by: User) -> None:
    for enrollment, outcome in seated:
        if outcome == Outcome.DONE:
            # One mistake for every second of them.
            take_quizzes(enrollment, wrong=enrollment.pk % 2, by=by)


def _attend(meeting: Meeting, session: ClassSession, turn: int, seated: Seated, *, by: User) -> None:
    length = meeting.hours * 60
    rows = [
        (row, enrollment, outcome)
        for row, (enrollment, outcome) in enumerate(seated)
        if not turn or outcome != Outcome.WITHDRAWN
    ]
    for row, enrollment, outcome in rows[: RECORDED_SO_FAR if meeting.is_register_open else None]:
        status = _status(outcome, turn, row)
        missed = {AttendanceStatus.PRESENT: 0, AttendanceStatus.LATE: 25}.get(status, length)
        record_attendance(
            session_id=session.pk,
            enrollment_id=enrollment.pk,
            status=status,
            minutes=length - missed,
            source=AttendanceSource.INSTRUCTOR,
            by=by,
            reason="شهادة مرضية" if status == AttendanceStatus.EXCUSED else "",
        )
    if not meeting.is_register_open:
        lock_attendance(session_id=session.pk, by=by)


def _status(outcome: Outcome, turn: int, row: int) -> AttendanceStatus:
    if outcome == Outcome.ABSENT:
        return AttendanceStatus.ABSENT if turn else AttendanceStatus.PRESENT
    if outcome == Outcome.HALFWAY and turn == 1 and row % 3 == 0:
        return AttendanceStatus.EXCUSED
    return AttendanceStatus.LATE if (turn + row) % 5 == 4 else AttendanceStatus.PRESENT
