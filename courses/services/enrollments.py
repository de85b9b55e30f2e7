"""Enrolling, withdrawing, giving a seat back."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from accounts.models import Person, User
from accounts.scoping.hands import is_own
from accounts.services.guardians import age_obstacle
from courses.enums import CohortState, EnrollmentState, SeatNoticeKind, WithdrawalReason
from courses.errors import (
    CohortClosed,
    CohortFull,
    EnrollmentNotActive,
    EnrollmentNotYours,
    NotWithdrawn,
    OwnEnrollment,
    ReasonMissing,
    StaffGivesSeats,
)
from courses.models import Cohort, Enrollment
from courses.queries.seats import is_to_settle
from courses.services.locks import locked_cohort, locked_enrollment, locked_person
from courses.services.seats import (
    check_entry,
    cohort_with_seats_counted,
    earlier_enrollment,
    free_seat,
    open_hold,
    take_seat,
    tell,
)
from courses.signals import enrollment_resumed
from media_pipeline.services.revocations import revoke_playback, viewer_of

# What the audit trail calls the two ways in which a seat ends before its cohort.
_ENDED = "courses.enrollment.withdraw", "courses.enrollment.give_back"


@transaction.atomic
def enroll(*, person_id: int, cohort_id: int, by: User, hold_id: int | None = None) -> Enrollment:
    """Give a person a seat: the one that is held for them (`hold_id` insists on it), else a free one.

    Someone who withdrew from this cohort takes up the same enrollment again. A login that acts for another person is staff: only they
    give the seats of a cohort with `Entry.STAFF` and the reserved ones. Raises `PersonGone`, `EnrollmentClosed`, `AlreadyEnrolled` (here, or
    active in another cohort of the program), `BirthDateMissing`, `GuardianMissing`, `StaffGivesSeats`, `HoldEnded`,
    `UnprovedSeatsTaken`, `CohortFull`.
    """
    # The person first: two clerks cannot put one person into two cohorts of a program at once.
    person = locked_person(person_id)
    cohort = cohort_with_seats_counted(cohort_id)
    earlier = earlier_enrollment(person, cohort)
    is_staff = not is_own(by, person_id)
    check_entry(cohort)
    if obstacle := age_obstacle(person, timezone.localdate()):
        raise obstacle
    if not is_staff and not cohort.is_self_service and open_hold(person_id, cohort) is None:
        raise StaffGivesSeats
    take_seat(person, cohort, is_staff=is_staff, hold_id=hold_id)
    if person.registered_at_id is None:
        # A person who signed up alone belongs to no center until here: its staff must find and reach them.
        person.registered_at = cohort.center
        person.save(update_fields=["registered_at"])
    now = timezone.now()
    if earlier:
        earlier.state = EnrollmentState.ACTIVE
        earlier.enrolled_at = now
        earlier.withdrawn_for = ""
        earlier.save(update_fields=["state", "enrolled_at", "withdrawn_for"])
    enrollment = earlier or Enrollment.objects.create(person=person, cohort=cohort, enrolled_at=now)
    log(enrollment, "courses.enrollment.enroll", user=by, data={"cohort": cohort.code})
    if earlier:
        _announce_resumed(earlier)
    return enrollment


def check_seat(*, person_id: int, cohort_id: int) -> None:
    """Raise what `enroll` would raise now, before a person is asked to confirm. Only `enroll` itself decides."""
    cohort = Cohort.objects.get(pk=cohort_id)
    earlier_enrollment(Person.objects.get(pk=person_id), cohort)
    if open_hold(person_id, cohort) is None:
        check_cohort(cohort)


@transaction.atomic
def withdraw(
    *,
    enrollment_id: int,
    reason: str,
    by: User,
    withdrawn_for: WithdrawalReason = WithdrawalReason.OTHER,
) -> Enrollment:
    """End an active enrollment, give its seat to the next in line, end the addresses of its videos and tell the person.

    Raises `ReasonMissing`, `EnrollmentNotActive`.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    enrollment = _freed(enrollment_id, withdrawn_for)
    facts = {"reason": reason, "withdrawn_for": withdrawn_for}
    log(enrollment, "courses.enrollment.withdraw", user=by, data=facts)
    tell(enrollment.person_id, enrollment.cohort, SeatNoticeKind.WITHDRAWN)
    return enrollment


@transaction.atomic
def reinstate(*, enrollment_id: int, reason: str, by: User) -> Enrollment:
    """Take a withdrawal back: the enrollment goes on in its cohort as if it had not ended, also where no one new is enrolled any more.

    It needs a free seat. Sessions held meanwhile count as missed until somebody excuses them. The person is told. Raises
    `ReasonMissing`, `PersonGone`, `NotWithdrawn`, `CohortClosed`, `OwnEnrollment`, `AlreadyEnrolled`, `BirthDateMissing`, `GuardianMissing`, `CohortFull`.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    asked = Enrollment.objects.values("person_id", "cohort_id").get(pk=enrollment_id)
    # People before cohorts, as in `enroll`.
    person = locked_person(asked["person_id"])
    cohort = cohort_with_seats_counted(asked["cohort_id"])
    enrollment = locked_enrollment(enrollment_id)
    if enrollment.state != EnrollmentState.WITHDRAWN or enrollment.cohort_id != cohort.pk:
        raise NotWithdrawn
    if cohort.state == CohortState.CLOSED:
        raise CohortClosed
    if is_own(by, person.pk):
        raise OwnEnrollment
    earlier_enrollment(person, cohort)
    if obstacle := age_obstacle(person, timezone.localdate()):
        raise obstacle
    take_seat(person, cohort, is_staff=True)
    enrollment.state = EnrollmentState.ACTIVE
    enrollment.withdrawn_for = ""
    enrollment.save(update_fields=["state", "withdrawn_for"])
    log(enrollment, "courses.enrollment.reinstate", user=by, data={"cohort": cohort.code, "reason": reason})
    tell(person.pk, cohort, SeatNoticeKind.REINSTATED)
    _announce_resumed(enrollment)
    return enrollment


@transaction.atomic
def give_seat_back(
    *,
    enrollment_id: int,
    by: User,
    withdrawn_for: WithdrawalReason,
    reason: str = "",
) -> Enrollment:
    """End an active enrollment at the request of its person, who chooses a reason and may add words. The workplace lists it for
    the center.

    Raises `EnrollmentNotYours`, `EnrollmentNotActive`.
    """
    enrollment = _freed(enrollment_id, withdrawn_for)
    if by.person_id is None or enrollment.person_id != by.person_id:
        raise EnrollmentNotYours
    facts = {"reason": reason.strip(), "withdrawn_for": withdrawn_for}
    log(enrollment, "courses.enrollment.give_back", user=by, data=facts)
    return enrollment


@transaction.atomic
def settle_given_back(*, enrollment_id: int, by: User) -> Enrollment:
    """Note that nothing is to do about a seat that was given back: it is shown no more as work that waits.

    Noting it again changes nothing. Raises `NotWithdrawn`.
    """
    enrollment = locked_enrollment(enrollment_id)
    if enrollment.state != EnrollmentState.WITHDRAWN:
        raise NotWithdrawn
    if is_to_settle(enrollment):
        log(enrollment, "courses.enrollment.settle_given_back", user=by)
    return enrollment


def revoke_playback_of(enrollments: Iterable[Enrollment]) -> None:
    """Revoke the signed stream addresses of the people of enrollments; what they may still watch is signed again."""
    for user in User.objects.filter(person__in=[enrollment.person_id for enrollment in enrollments]):
        revoke_playback(viewer=viewer_of(user))


def _freed(enrollment_id: int, withdrawn_for: WithdrawalReason) -> Enrollment:
    """The enrollment, ended, with its seat free again. Raises `EnrollmentNotActive`."""
    cohort = locked_cohort(Enrollment.objects.values_list("cohort_id", flat=True).get(pk=enrollment_id))
    enrollment = locked_enrollment(enrollment_id)
    if enrollment.state != EnrollmentState.ACTIVE:
        raise EnrollmentNotActive
    enrollment.state = EnrollmentState.WITHDRAWN
    enrollment.withdrawn_for = withdrawn_for
    enrollment.save(update_fields=["state", "withdrawn_for"])
    free_seat(cohort)
    revoke_playback_of([enrollment])
    return enrollment


def _announce_resumed(enrollment: Enrollment) -> None:
    ends = ModelLogEntry.objects.for_instance(enrollment).filter(action__in=_ENDED)
    if (last := ends.order_by("-timestamp").first()) is not None:
        enrollment_resumed.send(sender=Enrollment, enrollment=enrollment, withdrawn_at=last.timestamp)


def check_cohort(cohort: Cohort) -> None:
    """Raise the errors that a visitor meets: `EnrollmentClosed`, `StaffGivesSeats`, `CohortFull`."""
    check_entry(cohort)
    if not cohort.is_self_service:
        raise StaffGivesSeats
    if cohort.seats_left <= 0:
        raise CohortFull
