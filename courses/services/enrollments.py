"""Enrolling, withdrawing, giving a seat back."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import Person, User
from courses.enums import CohortState, EnrollmentState
from courses.errors import (
    AlreadyEnrolled,
    CohortFull,
    EnrollmentClosed,
    EnrollmentNotActive,
    EnrollmentNotYours,
    ReasonMissing,
)
from courses.models import Cohort, Enrollment
from courses.services.locks import locked_cohort, locked_enrollment
from media_pipeline.services.revocations import revoke_playback, viewer_of


@transaction.atomic
def enroll(*, person_id: int, cohort_id: int, by: User) -> Enrollment:
    """Give a person a seat. Someone who withdrew from this cohort takes up the same enrollment again.

    Raises `EnrollmentClosed`, `AlreadyEnrolled` (here, or active in another cohort of the program), `CohortFull`.
    """
    # The person first: two clerks cannot put one person into two cohorts of a program at once.
    person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
    cohort = locked_cohort(cohort_id)
    earlier = _earlier_enrollment_let_in(person, cohort)
    now = timezone.now()
    if earlier:
        earlier.state = EnrollmentState.ACTIVE
        earlier.enrolled_at = now
        earlier.save(update_fields=["state", "enrolled_at"])
    enrollment = earlier or Enrollment.objects.create(person=person, cohort=cohort, enrolled_at=now)
    cohort.seats_taken += 1
    cohort.save(update_fields=["seats_taken"])
    log(enrollment, "courses.enrollment.enroll", user=by, data={"cohort": cohort.code})
    return enrollment


def check_seat(*, person_id: int, cohort_id: int) -> None:
    """Raise what `enroll` would raise now, before a person is asked to confirm. Only `enroll` itself decides."""
    _earlier_enrollment_let_in(Person.objects.get(pk=person_id), Cohort.objects.get(pk=cohort_id))


@transaction.atomic
def withdraw(*, enrollment_id: int, reason: str, by: User) -> Enrollment:
    """End an active enrollment, give its seat back and end the addresses of its videos.

    Raises `ReasonMissing`, `EnrollmentNotActive`.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    enrollment = _freed(enrollment_id)
    log(enrollment, "courses.enrollment.withdraw", user=by, data={"reason": reason})
    return enrollment


@transaction.atomic
def give_seat_back(*, enrollment_id: int, by: User, reason: str = "") -> Enrollment:
    """End an active enrollment at the request of its person, who need not give a reason. The workplace lists it for the center.

    Raises `EnrollmentNotYours`, `EnrollmentNotActive`.
    """
    enrollment = _freed(enrollment_id)
    if by.person_id is None or enrollment.person_id != by.person_id:
        raise EnrollmentNotYours
    log(enrollment, "courses.enrollment.give_back", user=by, data={"reason": reason.strip()})
    return enrollment


def revoke_playback_of(enrollment: Enrollment) -> None:
    """Revoke the signed stream addresses of the person of an enrollment; what they may still watch is signed again."""
    user = User.objects.filter(person=enrollment.person_id).first()
    if user:
        revoke_playback(viewer=viewer_of(user))


def _freed(enrollment_id: int) -> Enrollment:
    """The enrollment, ended, with its seat free again. Raises `EnrollmentNotActive`."""
    cohort = locked_cohort(Enrollment.objects.values_list("cohort_id", flat=True).get(pk=enrollment_id))
    enrollment = locked_enrollment(enrollment_id)
    if enrollment.state != EnrollmentState.ACTIVE:
        raise EnrollmentNotActive
    enrollment.state = EnrollmentState.WITHDRAWN
    enrollment.save(update_fields=["state"])
    cohort.seats_taken -= 1
    cohort.save(update_fields=["seats_taken"])
    revoke_playback_of(enrollment)
    return enrollment


def _earlier_enrollment_let_in(person: Person, cohort: Cohort) -> Enrollment | None:
    """What `enroll` asks of a person and a cohort; the withdrawn enrollment to be taken up again, if any."""
    # `AlreadyEnrolled` comes first, whatever the state of the cohort.
    earlier = _earlier_enrollment(person, cohort)
    check_cohort(cohort)
    return earlier


def check_cohort(cohort: Cohort) -> None:
    """Raise the errors that do not depend on the person: `EnrollmentClosed`, `CohortFull`."""
    if cohort.state != CohortState.OPEN or cohort.ends_on < timezone.localdate():
        raise EnrollmentClosed
    if cohort.seats_taken >= cohort.seats:
        raise CohortFull


def _earlier_enrollment(person: Person, cohort: Cohort) -> Enrollment | None:
    """The person's withdrawn enrollment in `cohort`, to be taken up again, if any."""
    of_program = person.enrollments.filter(cohort__program=cohort.program_id)
    if of_program.filter(state=EnrollmentState.ACTIVE).exists():
        raise AlreadyEnrolled
    earlier = person.enrollments.filter(cohort=cohort).first()
    if earlier and earlier.state != EnrollmentState.WITHDRAWN:
        raise AlreadyEnrolled
    return earlier
