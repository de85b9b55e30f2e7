"""Transfers between cohorts of a program."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from courses.enums import CohortState, EnrollmentState, SeatNoticeKind
from courses.errors import (
    EnrollmentNotActive,
    OtherProgram,
    ReasonMissing,
    SameCohort,
    WithdrewThere,
)
from courses.models import Cohort, Enrollment, Transfer
from courses.queries.transfers import obstacle_to_transfer
from courses.services.locks import locked_enrollment, locked_person
from courses.services.seats import check_entry, cohort_with_seats_counted, free_seat, take_seat, tell


@transaction.atomic
def transfer(*, enrollment_id: int, to_cohort_id: int, reason: str, by: User) -> Transfer:
    """Let an active enrollment go on in another cohort of its program, which may give a reserved seat for it.

    Progress, scores and tests stay with the enrollment; what was attended before counts as well. The seat left behind goes to
    the next in line, and the person is told. Back to the cohort it came from last it does, too, although that gives no seats
    to others any more. Raises `ReasonMissing`, `PersonGone`, `EnrollmentNotActive`, `SameCohort`, `OtherProgram`,
    `WithdrewThere`, `EnrollmentClosed`, `CohortFull`, and errors of apps that depend on the cohort
    (`courses.queries.transfers.register_obstacle_to_transfer`).
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    before = Enrollment.objects.values("person_id", "cohort_id").get(pk=enrollment_id)
    if before["cohort_id"] == to_cohort_id:
        raise SameCohort
    # People before cohorts, as for a new enrollment; of two cohorts the older first, so that two transfers never wait for each other.
    person = locked_person(before["person_id"])
    cohorts = {key: cohort_with_seats_counted(key) for key in sorted((before["cohort_id"], to_cohort_id))}
    left, joined = cohorts[before["cohort_id"]], cohorts[to_cohort_id]
    enrollment = locked_enrollment(enrollment_id)
    if enrollment.state != EnrollmentState.ACTIVE or enrollment.cohort_id != left.pk:
        raise EnrollmentNotActive
    if left.program_id != joined.program_id:
        raise OtherProgram(cohort=joined.code)
    if person.enrollments.filter(cohort=joined).exists():
        raise WithdrewThere
    if refusal := obstacle_to_transfer(enrollment):
        raise refusal
    if not _came_from(enrollment, joined):
        check_entry(joined)
    take_seat(person, joined, is_staff=True)
    now = timezone.now()
    enrollment.cohort, enrollment.transferred_at = joined, now
    enrollment.save(update_fields=["cohort", "transferred_at"])
    moved = Transfer.objects.create(
        enrollment=enrollment, from_cohort=left, to_cohort=joined, reason=reason, by=by, at=now
    )
    facts = {"from": left.code, "to": joined.code, "reason": reason}
    log(enrollment, "courses.enrollment.transfer", user=by, data=facts)
    tell(person.pk, joined, SeatNoticeKind.TRANSFERRED)
    free_seat(left)
    return moved


def _came_from(enrollment: Enrollment, cohort: Cohort) -> bool:
    """Whether a transfer is undone: back to a cohort that takes no one new any more."""
    last = enrollment.transfers.order_by("at", "pk").last()
    return last is not None and last.from_cohort_id == cohort.pk and cohort.state != CohortState.CLOSED
