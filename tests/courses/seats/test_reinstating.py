"""A withdrawal is taken back, as long as there is a seat and the cohort is not closed."""

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.models import User
from courses.enums import CohortState, EnrollmentState, SeatNoticeKind, WithdrawalReason
from courses.errors import (
    AlreadyEnrolled,
    CohortClosed,
    CohortFull,
    NotWithdrawn,
    OwnEnrollment,
    ReasonMissing,
)
from courses.models import Cohort, Enrollment, SeatNotice, UnitProgress
from courses.services.cohorts import start_cohort
from courses.services.enrollments import enroll, reinstate, withdraw
from courses.services.notices import send_seat_notices
from courses.services.progress import complete_unit
from courses.services.transfers import transfer
from tests.factories.accounts import PersonFactory, TraineeFactory, UserFactory, staff_member
from tests.factories.courses import CohortFactory, taught_cohort


@pytest.fixture
def clerk(db: None) -> User:
    return UserFactory()


@pytest.fixture
def enrollment(clerk: User) -> Enrollment:
    """Of a cohort that runs and takes no one new, with one unit done."""
    cohort = taught_cohort(seats=1)
    enrollment = enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)
    complete_unit(enrollment_id=enrollment.pk, unit_key=UUID(cohort.content_version.units[0]["unit"]))
    start_cohort(cohort_id=cohort.pk, by=clerk)
    return enrollment


def ended(enrollment: Enrollment, clerk: User) -> Enrollment:
    return withdraw(
        enrollment_id=enrollment.pk, withdrawn_for=WithdrawalReason.ABSENT, reason="ظُنّ أنه غاب", by=clerk
    )


def test_the_trainee_goes_on_in_a_running_cohort_with_everything_done(enrollment: Enrollment, clerk: User):
    before = Cohort.objects.values().get(pk=enrollment.cohort_id)
    ended(enrollment, clerk)

    reinstate(enrollment_id=enrollment.pk, reason="سُحب بالخطأ", by=clerk)

    again = Enrollment.objects.get(pk=enrollment.pk)
    assert (again.state, again.withdrawn_for, again.enrolled_at) == (
        EnrollmentState.ACTIVE,
        "",
        enrollment.enrolled_at,
    )
    assert Cohort.objects.values().get(pk=enrollment.cohort_id) == before
    assert UnitProgress.objects.filter(enrollment=enrollment, completed_at__isnull=False).count() == 1
    assert ModelLogEntry.objects.get(action="courses.enrollment.reinstate").data["reason"] == "سُحب بالخطأ"


def test_the_person_is_told_of_both_ends_unless_it_was_a_slip(enrollment: Enrollment, clerk: User):
    """What was taken back before its notice went out is not announced."""
    ended(enrollment, clerk)
    reinstate(enrollment_id=enrollment.pk, reason="x", by=clerk)

    send_seat_notices()

    told = dict(SeatNotice.objects.values_list("kind", "state"))
    assert told[SeatNoticeKind.WITHDRAWN] != told[SeatNoticeKind.REINSTATED]


def test_a_seat_that_someone_else_has_by_now_is_not_given_twice(enrollment: Enrollment, clerk: User):
    ended(enrollment, clerk)
    Cohort.objects.filter(pk=enrollment.cohort_id).update(state=CohortState.OPEN)
    enroll(person_id=PersonFactory().pk, cohort_id=enrollment.cohort_id, by=clerk)

    with pytest.raises(CohortFull):
        reinstate(enrollment_id=enrollment.pk, reason="x", by=clerk)


def test_who_learns_in_another_cohort_of_the_program_has_no_second_seat(enrollment: Enrollment, clerk: User):
    ended(enrollment, clerk)
    other = CohortFactory(program=enrollment.cohort.program)
    enroll(person_id=enrollment.person_id, cohort_id=other.pk, by=clerk)

    with pytest.raises(AlreadyEnrolled):
        reinstate(enrollment_id=enrollment.pk, reason="x", by=clerk)


def test_it_needs_a_withdrawal_a_reason_an_open_cohort_and_another_person(
    enrollment: Enrollment, clerk: User
):
    own = TraineeFactory(person=enrollment.person)

    with pytest.raises(NotWithdrawn):
        reinstate(enrollment_id=enrollment.pk, reason="x", by=clerk)
    ended(enrollment, clerk)
    with pytest.raises(ReasonMissing):
        reinstate(enrollment_id=enrollment.pk, reason=" ", by=clerk)
    with pytest.raises(OwnEnrollment):
        reinstate(enrollment_id=enrollment.pk, reason="x", by=own)
    Cohort.objects.filter(pk=enrollment.cohort_id).update(state=CohortState.CLOSED)
    with pytest.raises(CohortClosed):
        reinstate(enrollment_id=enrollment.pk, reason="x", by=clerk)


def test_the_page_of_a_withdrawn_enrollment_offers_it(client: Client, enrollment: Enrollment, clerk: User):
    ended(enrollment, clerk)
    client.force_login(staff_member(RoleName.REGISTRAR, enrollment.cohort.center))
    address = reverse("enrollment:reinstate", args=[enrollment.pk])

    offered = address in client.get(reverse("enrollment:inspect", args=[enrollment.pk])).content.decode()
    client.post(address, {"reason": "سُحب بالخطأ"})

    assert offered
    assert Enrollment.objects.get(pk=enrollment.pk).state == EnrollmentState.ACTIVE


def test_a_transfer_out_of_a_running_cohort_is_undone(client: Client, enrollment: Enrollment, clerk: User):
    here = enrollment.cohort
    there = CohortFactory(
        program=here.program,
        center=here.center,
        content_version=here.content_version,
        completion_rule=here.completion_rule,
    )
    transfer(enrollment_id=enrollment.pk, to_cohort_id=there.pk, reason="خطأ", by=clerk)
    client.force_login(staff_member(RoleName.REGISTRAR, here.center))
    address = reverse("enrollment:transfer", args=[enrollment.pk])

    listed = list(client.get(address).context["form"].fields["cohort"].queryset)
    client.post(address, {"cohort": here.pk, "reason": "عودة"})

    assert listed == [here]
    assert Enrollment.objects.get(pk=enrollment.pk).cohort == here
