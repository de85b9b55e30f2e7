"""Row locks. `no_key`: inserting rows that refer to the locked ones is not blocked."""

from courses.enums import EnrollmentState
from courses.errors import EnrollmentNotActive
from courses.models import ClassSession, Cohort, Enrollment


def locked_cohort(cohort_id: int) -> Cohort:
    return Cohort.objects.select_for_update(no_key=True).get(pk=cohort_id)


def locked_session(session_id: int) -> ClassSession:
    return ClassSession.objects.select_for_update(no_key=True).get(pk=session_id)


def locked_enrollment(enrollment_id: int) -> Enrollment:
    """The enrollment with its cohort, content version and rule at hand; only the enrollment is locked."""
    return (
        Enrollment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("cohort__content_version", "cohort__completion_rule")
        .get(pk=enrollment_id)
    )


def locked_active_enrollment(enrollment_id: int) -> Enrollment:
    enrollment = locked_enrollment(enrollment_id)
    if enrollment.state != EnrollmentState.ACTIVE:
        raise EnrollmentNotActive
    return enrollment
