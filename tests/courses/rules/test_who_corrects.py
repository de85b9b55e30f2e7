"""Who teaches a cohort, or taught it, neither corrects its marks nor assesses its practical tasks."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from courses.enums import SessionKind
from courses.errors import CorrectedByTeacher
from courses.models import Cohort, Enrollment, FormerInstructor
from courses.queries.timetable import teachers_of
from courses.services.cohorts import change_cohort, start_cohort
from courses.services.enrollments import enroll
from courses.services.progress import record_score
from courses.services.sessions import reschedule_session
from courses.services.transfers import transfer
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.courses import ClassSessionFactory, CohortFactory, score_corrected, taught_cohort
from tests.factories.live import LiveSessionFactory


@pytest.fixture
def teacher(db: None) -> User:
    return UserFactory()


@pytest.fixture
def manager(db: None) -> User:
    return UserFactory()


@pytest.fixture
def cohort(db: None) -> Cohort:
    """Of next week: no one teaches it yet."""
    cohort = taught_cohort(lessons=1, score=60)
    later = timezone.localdate() + dt.timedelta(days=7)
    Cohort.objects.filter(pk=cohort.pk).update(starts_on=later)
    cohort.refresh_from_db()
    return cohort


def take_off(cohort: Cohort, manager: User) -> None:
    change_cohort(cohort_id=cohort.pk, by=manager, instructors=[])


def marked(cohort: Cohort) -> Enrollment:
    enrollment = enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=UserFactory())
    (unit,) = cohort.content_version.units
    record_score(enrollment_id=enrollment.pk, unit_key=UUID(unit["unit"]), score=Decimal(40), passed=False)
    return enrollment


def test_no_one_corrects_the_marks_of_a_cohort_they_teach(cohort: Cohort, teacher: User, manager: User):
    enrollment = marked(cohort)
    cohort.instructors.add(teacher)

    with pytest.raises(CorrectedByTeacher):
        score_corrected(enrollment, teacher)

    score_corrected(enrollment, manager)
    assert enrollment.progress.get().score == 90


def test_taking_an_instructor_off_for_an_hour_changes_nothing(cohort: Cohort, teacher: User, manager: User):
    enrollment = marked(cohort)
    cohort.instructors.add(teacher)
    start_cohort(cohort_id=cohort.pk, by=manager)

    take_off(cohort, manager)

    with pytest.raises(CorrectedByTeacher):
        score_corrected(enrollment, teacher)
    kept = FormerInstructor.objects.get()
    assert (kept.instructor, kept.by) == (teacher, manager)


def test_who_was_replaced_before_the_start_never_taught(cohort: Cohort, teacher: User, manager: User):
    cohort.instructors.add(teacher)

    take_off(cohort, manager)
    start_cohort(cohort_id=cohort.pk, by=manager)

    assert teachers_of(cohort) == set()


@pytest.mark.parametrize("is_moved_first", [False, True])
def test_who_gave_one_class_taught_whatever_the_timetable_says_later(
    cohort: Cohort, teacher: User, manager: User, is_moved_first: bool
):
    Cohort.objects.filter(pk=cohort.pk).update(starts_on=timezone.localdate() - dt.timedelta(days=1))
    session = ClassSessionFactory(cohort=cohort, instructor=teacher)
    facts = {"session_id": session.pk, "kind": SessionKind.CLASS, "title": session.title, "by": manager}
    times = {"starts_at": session.starts_at, "ends_at": session.ends_at}

    if is_moved_first:
        times = {name: moment + dt.timedelta(days=2) for name, moment in times.items()}
        reschedule_session(instructor_id=teacher.pk, **facts, **times)
    reschedule_session(instructor_id=None, **facts, **times)

    assert teachers_of(cohort) == {teacher.pk}


def test_a_class_to_come_is_given_to_somebody_else_without_a_trace(
    cohort: Cohort, teacher: User, manager: User
):
    tomorrow = timezone.now() + dt.timedelta(days=8)
    session = ClassSessionFactory(cohort=cohort, instructor=teacher, starts_at=tomorrow)

    reschedule_session(
        session_id=session.pk,
        kind=SessionKind.CLASS,
        title="حصة",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        by=manager,
    )

    assert teachers_of(cohort) == set()


def test_who_gives_a_joint_class_teaches_every_cohort_in_it(cohort: Cohort, teacher: User):
    own = ClassSessionFactory(cohort=cohort)
    room = LiveSessionFactory(class_session__instructor=teacher)

    room.joint_meetings.create(class_session=own)

    assert teachers_of(cohort) == {teacher.pk}


def test_a_transfer_takes_nobody_out_of_the_reach_of_this(cohort: Cohort, teacher: User, manager: User):
    enrollment = marked(cohort)
    cohort.instructors.add(teacher)
    elsewhere = CohortFactory(program=cohort.program, content_version=cohort.content_version)

    transfer(enrollment_id=enrollment.pk, to_cohort_id=elsewhere.pk, reason="انتقال", by=manager)

    with pytest.raises(CorrectedByTeacher):
        score_corrected(enrollment, teacher)


def test_the_database_keeps_who_taught(cohort: Cohort, teacher: User, manager: User):
    cohort.instructors.add(teacher)
    start_cohort(cohort_id=cohort.pk, by=manager)
    take_off(cohort, manager)

    for change in (
        FormerInstructor.objects.all().delete,
        lambda: FormerInstructor.objects.update(by=teacher),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
