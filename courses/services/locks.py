"""Row locks. `no_key`: inserting rows that refer to the locked ones is not blocked."""

from collections.abc import Iterable

from django.db.models import Prefetch

from accounts.models import Person
from courses.enums import EnrollmentState
from courses.errors import EnrollmentNotActive, PersonGone
from courses.models import ClassSession, Cohort, Enrollment


def locked_cohort(cohort_id: int) -> Cohort:
    return Cohort.objects.select_for_update(no_key=True).get(pk=cohort_id)


def locked_person(person_id: int) -> Person:
    """Raises `PersonGone`."""
    person = Person.objects.select_for_update(no_key=True).filter(pk=person_id).first()
    if person is None:
        raise PersonGone
    return person


def locked_session(session_id: int) -> ClassSession:
    return ClassSession.objects.select_for_update(no_key=True).get(pk=session_id)


def locked_enrollment(enrollment_id: int) -> Enrollment:
    """The enrollment with its cohort, content version and rule at hand; only the enrollment is locked."""
    return (
        Enrollment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("cohort__content_version", "cohort__completion_rule")
        .get(pk=enrollment_id)
    )


def locked_enrollments(enrollment_ids: Iterable[int]) -> dict[int, Enrollment]:
    """Enrollments by their keys, locked in that order: two of these never wait for each other. Their people, cohorts, content
    versions and rules are at hand; those of one cohort share it. Two statements.
    """
    rows = (
        Enrollment.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk__in=set(enrollment_ids))
        .select_related("person")
        .prefetch_related(
            Prefetch("cohort", Cohort.objects.select_related("content_version", "completion_rule"))
        )
    )
    return {row.pk: row for row in rows.order_by("pk")}


def locked_active_enrollment(enrollment_id: int) -> Enrollment:
    enrollment = locked_enrollment(enrollment_id)
    check_active(enrollment)
    return enrollment


def check_active(enrollment: Enrollment) -> None:
    if enrollment.state != EnrollmentState.ACTIVE:
        raise EnrollmentNotActive
