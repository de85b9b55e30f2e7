"""Pairs about seats, records of people and what was learned."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.enums import DataRequestKind, RoleName
from accounts.services.data_requests import ask_about_data, decide_data_request
from accounts.services.merging import merge_people
from assessment.services.attempts import submit_attempt
from assessment.services.decisions import end_attempt
from assessment.services.late import count_late_answers, leave_late_answers
from certificates.services.proposing import propose
from courses.enums import AttendanceSource, AttendanceStatus, Shift, WithdrawalReason
from courses.models import Cohort
from courses.queries.content import units_of
from courses.services.attendance import lock_attendance, record_attendance
from courses.services.closing import close_cohort
from courses.services.cohorts import open_cohort
from courses.services.enrollments import enroll, give_seat_back
from courses.services.progress import complete_unit
from courses.services.transfers import transfer
from scripts.world.acts.seats import WHY
from scripts.world.pairs.registry import Act, again, pair
from scripts.world.stage import right_answers
from tests.factories.accounts import CenterFactory, PersonFactory, TraineeFactory, staff_member
from tests.factories.assessment import quizzed_cohort, single
from tests.factories.certificates import CertificateTemplateFactory, completed_enrollment, credential_type
from tests.factories.courses import ClassSessionFactory, CohortFactory, EnrollmentFactory, taught_cohort
from tests.factories.exams import running_sitting, sit, supervised_test
from tests.factories.late import attempt_with_late_answers


@pair("two people take the last seat")
def last_seat() -> tuple[Act, Act]:
    cohort = taught_cohort(seats=1)
    one, other = TraineeFactory(), TraineeFactory()

    def take(user: Any) -> Act:
        return lambda: enroll(person_id=user.person_id, cohort_id=cohort.pk, by=again(user))

    return take(one), take(other)


@pair("somebody is transferred out of a cohort, and it is closed")
def transferred_and_closed() -> tuple[Act, Act]:
    cohort = taught_cohort()
    other = _another(cohort)
    clerk = staff_member(RoleName.MINISTRY_OFFICER)
    enrollment = enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)
    return (
        lambda: transfer(enrollment_id=enrollment.pk, to_cohort_id=other.pk, reason=WHY, by=again(clerk)),
        lambda: close_cohort(cohort_id=cohort.pk, reason=WHY, failing=[enrollment.pk], by=again(clerk)),
    )


def _another(cohort: Cohort) -> Cohort:
    """One more cohort of the program."""
    return open_cohort(
        program_id=cohort.program_id,
        center_id=cohort.center_id,
        code="ANOTHER",
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + dt.timedelta(days=30),
        shift=Shift.MORNING,
        seats=15,
        by=staff_member(RoleName.MINISTRY_OFFICER),
    )


@pair("two records are merged, and one of them is enrolled")
def merged_and_enrolled() -> tuple[Act, Act]:
    center = CenterFactory()
    cohort = taught_cohort(center=center)
    kept, duplicate = PersonFactory(registered_at=center), PersonFactory(registered_at=center)
    clerk = staff_member(RoleName.CENTER_MANAGER, center)
    enroll(person_id=kept.pk, cohort_id=cohort.pk, by=clerk)
    return (
        lambda: merge_people(keep_id=kept.pk, duplicate_id=duplicate.pk, reason=WHY, by=again(clerk)),
        lambda: enroll(person_id=duplicate.pk, cohort_id=cohort.pk, by=again(clerk)),
    )


@pair("an attempt is handed in, and the supervisor ends it")
def handed_in_and_ended() -> tuple[Act, Act]:
    quiz = supervised_test(questions=[single()])
    cohort = quizzed_cohort(quiz)
    attempt = sit(running_sitting(cohort, quiz), enrollment=EnrollmentFactory(cohort=cohort))
    trainee = attempt.enrollment.person.user
    supervisor = staff_member(RoleName.ASSESSOR, cohort.center)
    return (
        lambda: submit_attempt(attempt_id=attempt.pk, responses=right_answers(attempt), by=again(trainee)),
        lambda: end_attempt(attempt_id=attempt.pk, reason=WHY, by=again(supervisor)),
    )


@pair("late answers are counted, and left")
def counted_and_left() -> tuple[Act, Act]:
    attempt = attempt_with_late_answers(CenterFactory())
    one, other = staff_member(RoleName.ASSESSOR), staff_member(RoleName.ASSESSOR)
    return (
        lambda: count_late_answers(attempt_id=attempt.pk, reason=WHY, by=again(one)),
        lambda: leave_late_answers(attempt_id=attempt.pk, reason=WHY, by=again(other)),
    )


@pair("a sheet is locked, and somebody is recorded in it")
def locked_and_recorded() -> tuple[Act, Act]:
    session = ClassSessionFactory(cohort=taught_cohort())
    enrollment = EnrollmentFactory(
        cohort=session.cohort, enrolled_at=session.starts_at - dt.timedelta(days=1)
    )
    teacher = staff_member(RoleName.INSTRUCTOR, session.cohort.center)
    return (
        lambda: lock_attendance(session_id=session.pk, by=again(teacher)),
        lambda: record_attendance(
            session_id=session.pk,
            enrollment_id=enrollment.pk,
            status=AttendanceStatus.PRESENT,
            minutes=40,
            source=AttendanceSource.INSTRUCTOR,
            by=again(teacher),
        ),
    )


@pair("a seat is given back, and its last lesson read")
def given_back_and_completed() -> tuple[Act, Act]:
    cohort = taught_cohort(lessons=1)
    trainee = TraineeFactory()
    enrollment = enroll(person_id=trainee.person_id, cohort_id=cohort.pk, by=trainee)
    (unit,) = units_of(cohort)
    return (
        lambda: give_seat_back(
            enrollment_id=enrollment.pk, withdrawn_for=WithdrawalReason.OTHER, by=again(trainee)
        ),
        lambda: complete_unit(enrollment_id=enrollment.pk, unit_key=UUID(unit["unit"])),
    )


@pair("a person is erased, and their certificate proposed")
def erased_and_proposed() -> tuple[Act, Act]:
    cohort = CohortFactory()
    trainee = TraineeFactory(person=completed_enrollment(cohort).person)
    one, other = (staff_member(RoleName.MINISTRY_OFFICER) for _hand in range(2))
    request = ask_about_data(kind=DataRequestKind.ERASE, text="", by=trainee)
    decide_data_request(request_id=request.pk, is_done=True, answer=WHY, by=one)
    manager = staff_member(RoleName.CENTER_MANAGER, cohort.center)
    type_, template = credential_type(), CertificateTemplateFactory()
    return (
        lambda: decide_data_request(request_id=request.pk, is_done=True, answer=WHY, by=again(other)),
        lambda: propose(cohort_id=cohort.pk, type_id=type_.pk, template_id=template.pk, by=again(manager)),
    )
