"""Results in the practical tasks of a completion rule."""

from django.db import transaction
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping.hands import hands_of, is_own, why_one_hand
from courses.enums import EnrollmentState
from courses.errors import EnrollmentNotActive, OwnMark, ScoreOutOfRange, TaskNotInRule, TaughtByAssessor
from courses.models import Enrollment, PracticalResult
from courses.queries.timetable import teachers_of_enrollment
from courses.services.closing import end_if_over
from courses.services.completion import reconsider
from courses.services.locks import locked_enrollment


@transaction.atomic
def record_practical_result(
    *, enrollment_id: int, task_code: str, score: int, passed: bool, by: User, remark: str = ""
) -> PracticalResult:
    """Record what `by` saw the trainee do, in percent. The newest result of a task counts, and may be lower than the one before.
    After the end of the enrollment, too, as a corrected score does (`courses.services.marks`).

    No one assesses a cohort they teach or taught, or themselves. Raises `ScoreOutOfRange`, `EnrollmentNotActive`, `OwnMark`,
    `TaughtByAssessor`, `TaskNotInRule`.
    """
    if not 0 <= score <= 100:
        raise ScoreOutOfRange
    enrollment = locked_enrollment(enrollment_id)
    if enrollment.state == EnrollmentState.WITHDRAWN:
        raise EnrollmentNotActive
    if is_own(by, enrollment.person_id):
        raise OwnMark
    if not hands_of(by).isdisjoint(teachers := teachers_of_enrollment(enrollment)):
        raise why_one_hand(by, teachers, Act.TEACH, TaughtByAssessor)
    if task_code not in codes_of_tasks(enrollment):
        raise TaskNotInRule
    result = PracticalResult.objects.create(
        enrollment=enrollment,
        task_code=task_code,
        score=score,
        passed=passed,
        remark=remark.strip(),
        by=by,
    )
    facts = {"task": task_code, "score": score, "passed": passed}
    log(enrollment, "courses.practice.record", user=by, data=facts)
    reconsider(enrollment_id=enrollment_id, is_corrected=True)
    end_if_over(enrollment_id)
    return result


def codes_of_tasks(enrollment: Enrollment) -> list[str]:
    """The codes of the practical tasks that the rule of the enrollment's cohort names."""
    rule = enrollment.cohort.completion_rule
    return [task.code for task in rule.asks.practice.tasks] if rule else []
