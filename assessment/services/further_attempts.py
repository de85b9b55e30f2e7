"""Further attempts at a test for people who have none left."""

from uuid import UUID

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from accounts.scoping.hands import hands_of, is_own
from assessment.errors import AttemptOfOwnHand, AttemptsAreLeft, KeysOfExamRead, NoSuchQuiz
from assessment.models import FurtherAttempt
from assessment.queries.attempts import quiz_of
from assessment.queries.exams import keys_read_in, who_needs_attempts
from courses.errors import ReasonMissing
from courses.queries.timetable import teachers_of_enrollment
from courses.services.locks import locked_active_enrollment

LONGEST_REASON = 200


@transaction.atomic
def give_further_attempt(*, enrollment_id: int, quiz_key: UUID, reason: str, by: User) -> FurtherAttempt:
    """Let a person who has used every attempt at a test, in this cohort or before, begin it once more.

    Raises `ReasonMissing`, `NoSuchQuiz`, `AttemptOfOwnHand`, `KeysOfExamRead`, `AttemptsAreLeft`, and of courses `EnrollmentNotActive`.
    """
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing
    enrollment = locked_active_enrollment(enrollment_id)
    quiz = quiz_of(enrollment, quiz_key)
    if quiz is None:
        raise NoSuchQuiz
    if is_own(by, enrollment.person_id) or not hands_of(by).isdisjoint(teachers_of_enrollment(enrollment)):
        raise AttemptOfOwnHand
    if keys_read_in(enrollment.cohort, [quiz_key]):
        raise KeysOfExamRead(test=quiz.title)
    if not who_needs_attempts(enrollment.cohort, quiz_key).filter(pk=enrollment_id).exists():
        raise AttemptsAreLeft
    given = FurtherAttempt.objects.create(enrollment=enrollment, quiz_key=quiz_key, reason=reason, by=by)
    log(enrollment, "assessment.attempt.give", user=by, data={"test": quiz.title, "reason": reason})
    return given
