"""Corrections of keys, and attempts marked by a wrong one."""

from typing import Any
from uuid import UUID

from accounts.enums import RoleName
from accounts.models import Center, User
from assessment.enums import KeyRule
from assessment.models import Attempt, Regrade
from assessment.services.attempts import start_attempt, submit_attempt
from assessment.services.regrades import propose_regrade, start_regrade, work_on_regrade
from courses.models import Cohort, Enrollment
from courses.services.enrollments import enroll
from tests.factories.accounts import TraineeFactory, staff_member
from tests.factories.assessment import open_attempt, responses_to
from tests.factories.jobs import job_of
from tests.factories.rows import row_of

WHY = "المفتاح كان خاطئًا"


def officer() -> User:
    """Who corrects keys for the whole ministry."""
    return staff_member(RoleName.MINISTRY_OFFICER)


def begun(cohort: Cohort, enrollment: Enrollment | None = None) -> tuple[Attempt, User]:
    """An attempt at the quiz of a cohort by somebody new, or one more of an enrollment."""
    assert cohort.content_version is not None
    quiz_key = UUID(cohort.content_version.units[0]["unit"])
    trainee = User.objects.get(person=enrollment.person) if enrollment else TraineeFactory()
    assert trainee.person is not None
    enrollment = enrollment or enroll(person_id=trainee.person.pk, cohort_id=cohort.pk, by=trainee)
    return start_attempt(enrollment_id=enrollment.pk, unit_key=quiz_key, by=trainee), trainee


def taken(cohort: Cohort, *chosen: tuple[int, ...], enrollment: Enrollment | None = None) -> Attempt:
    """A marked attempt that chose the options at these places."""
    attempt, trainee = begun(cohort, enrollment)
    return submit_attempt(attempt_id=attempt.pk, responses=responses_to(attempt, *chosen), by=trainee)


def counted(version: int, rule: KeyRule, *, by: User, key: dict[str, Any] | None = None) -> Regrade:
    """A correction that was proposed, with what it changes."""
    regrade = propose_regrade(version_id=version, rule=rule, reason=WHY, key=key, by=by)
    done = work_on_regrade(regrade_id=regrade.pk)
    assert done is not None
    return done


def regraded(version: int, rule: KeyRule, *, by: User, key: dict[str, Any] | None = None) -> Regrade:
    """A correction that another officer asked for, that was started by `by`, and is done."""
    regrade = start_regrade(regrade_id=counted(version, rule, by=officer(), key=key).pk, by=by)
    done = work_on_regrade(regrade_id=regrade.pk)
    assert done is not None
    return done


def marked_attempt(center: Center) -> Attempt:
    trainee, attempt = open_attempt(center)
    return submit_attempt(attempt_id=attempt.pk, responses=responses_to(attempt, (1,), (0, 1)), by=trainee)


@job_of(Regrade)
def regrade_to_be_counted(center: Center) -> Regrade:
    attempt = marked_attempt(center)
    return propose_regrade(version_id=attempt.versions[0], rule=KeyRule.EVERYBODY, reason=WHY, by=officer())


@row_of(Regrade)
def regrade_of_the_ministry(center: Center) -> Regrade:
    return counted(marked_attempt(center).versions[0], KeyRule.EVERYBODY, by=officer())
