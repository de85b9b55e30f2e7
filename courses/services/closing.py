"""Closing and reopening cohorts."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import AuditedModelLogEntry, Person, User
from courses.enums import CohortState, EnrollmentState, SeatNoticeKind
from courses.errors import CohortClosed, CohortNotClosed, OutcomeChanged, ReasonMissing
from courses.models import Cohort, Enrollment
from courses.queries.closing import obstacle_to_closing, obstacle_to_reopening, waiting_for_marks
from courses.services.completion import complete_eligible
from courses.services.enrollments import revoke_playback_of
from courses.services.locks import locked_cohort, locked_enrollment, locked_enrollments
from courses.services.search_index import mark_cohort
from courses.services.seats import close_waiting_list, reopen_waiting_list, tell


@transaction.atomic
def close_cohort(*, cohort_id: int, reason: str, failing: Collection[int], by: User) -> Cohort:
    """End a cohort: enrollments that meet the rule complete, all other active ones end as not completed. Those whose work waits
    for a mark go on until it is there (`end_if_over`).

    `failing` are the keys of those that `by` was shown as not completing (`courses.queries.outcomes_of_closing`): no
    other one ends so; they are told. Raises `CohortClosed`, `ReasonMissing`, `OutcomeChanged`, and errors of apps in which something runs
    that the closing would end (`courses.queries.closing.register_obstacle_to_closing`).
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    cohort = locked_cohort(cohort_id)
    if cohort.state == CohortState.CLOSED:
        raise CohortClosed
    active = cohort.enrollments.filter(state=EnrollmentState.ACTIVE)
    enrollments = list(locked_enrollments(active.values_list("pk", flat=True)).values())
    complete_eligible(enrollments)
    left = [one for one in enrollments if one.state == EnrollmentState.ACTIVE]
    waiting = waiting_for_marks(one.pk for one in left)
    failed = [one for one in left if one.pk not in waiting]
    if not {one.pk for one in failed} <= set(failing):
        raise OutcomeChanged
    if refusal := obstacle_to_closing(cohort):
        raise refusal
    _fail(failed, by)
    cohort.closed_from, cohort.state = cohort.state, CohortState.CLOSED
    cohort.closed_at, cohort.close_reason = timezone.now(), reason
    cohort.save(update_fields=["state", "closed_from", "closed_at", "close_reason"])
    facts = {"reason": reason, "completed": len(enrollments) - len(left), "failed": len(failed)}
    log(cohort, "courses.cohort.close", user=by, data=facts)
    close_waiting_list(cohort)
    mark_cohort(cohort)
    return cohort


@transaction.atomic
def reopen_cohort(*, cohort_id: int, reason: str, by: User) -> Cohort:
    """Reopen a cohort: enrollments that closing ended as not completed are active again, and the waiting list is as it was. Completed ones
    stay completed. All are told.

    A person who learns in another cohort of the program by now stays there. Raises `CohortNotClosed`, `ReasonMissing`,
    and errors of apps that depend on the result (`courses.queries.register_obstacle`).
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    # People first, as for a new enrollment: none of them takes a seat elsewhere meanwhile.
    people = Person.objects.filter(enrollments__cohort=cohort_id, enrollments__state=EnrollmentState.FAILED)
    list(people.order_by("pk").select_for_update(no_key=True, of=("self",)))
    cohort = locked_cohort(cohort_id)
    if cohort.state != CohortState.CLOSED:
        raise CohortNotClosed
    if refusal := obstacle_to_reopening(cohort):
        raise refusal
    elsewhere = Enrollment.objects.filter(
        state=EnrollmentState.ACTIVE, cohort__program=cohort.program_id
    ).values("person")
    failed = cohort.enrollments.filter(state=EnrollmentState.FAILED).exclude(person__in=elsewhere)
    keys = list(failed.order_by("pk").values_list("pk", flat=True))
    for key in keys:
        enrollment = locked_enrollment(key)
        enrollment.state = EnrollmentState.ACTIVE
        enrollment.save(update_fields=["state"])
        log(enrollment, "courses.enrollment.reopen", user=by)
        tell(enrollment.person_id, cohort, SeatNoticeKind.REOPENED)
    closed_at = cohort.closed_at
    cohort.state = cohort.closed_from or CohortState.RUNNING
    cohort.closed_from, cohort.closed_at, cohort.close_reason = "", None, ""
    cohort.save(update_fields=["state", "closed_from", "closed_at", "close_reason"])
    log(cohort, "courses.cohort.reopen", user=by, data={"reason": reason, "reopened": len(keys)})
    if closed_at:
        reopen_waiting_list(cohort, closed_at=closed_at)
    mark_cohort(cohort)
    return cohort


@transaction.atomic
def end_if_over(enrollment_id: int) -> None:
    """End an enrollment of a closed cohort as not completed once the last mark that it waited for is there."""
    end_those_over([locked_enrollment(enrollment_id)])


def end_those_over(enrollments: Iterable[Enrollment]) -> None:
    """As `end_if_over`, of many that the caller has locked."""
    over = [
        one
        for one in enrollments
        if one.state == EnrollmentState.ACTIVE and one.cohort.state == CohortState.CLOSED
    ]
    if over:
        waiting = waiting_for_marks(one.pk for one in over)
        _fail([one for one in over if one.pk not in waiting], None)


def _fail(enrollments: Collection[Enrollment], by: User | None) -> None:
    if not enrollments:
        return
    keys = [enrollment.pk for enrollment in enrollments]
    Enrollment.objects.filter(pk__in=keys).update(state=EnrollmentState.FAILED)
    for enrollment in enrollments:
        enrollment.state = EnrollmentState.FAILED
    AuditedModelLogEntry.objects.log_many(
        [(one, {}, (one.cohort.center_id, one.person_id)) for one in enrollments],
        "courses.enrollment.fail",
        user=by,
    )
    for enrollment in enrollments:
        tell(enrollment.person_id, enrollment.cohort, SeatNoticeKind.CLOSED)
    revoke_playback_of(enrollments)
