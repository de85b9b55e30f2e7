"""Appeals against marks."""

from accounts.models import Center, User
from assessment.models import Appeal, Attempt
from assessment.services.appeals import file_appeal
from tests.factories.regrades import marked_attempt
from tests.factories.rows import Visit, row_of, visit

WHY_WRONG = "أجبت كما في الدرس الثالث."


def trainee_of(attempt: Attempt) -> User:
    return User.objects.get(person=attempt.enrollment.person_id)


def appealed(attempt: Attempt, *, slot: int = 0, reason: str = WHY_WRONG) -> Appeal:
    return file_appeal(attempt_id=attempt.pk, slot=slot, reason=reason, by=trainee_of(attempt))


@row_of(Appeal)
def appeal_in(center: Center) -> Appeal:
    return appealed(marked_attempt(center))


@visit("assessment:appeal")
def asked_why(center: Center) -> Visit:
    attempt = marked_attempt(center)
    return Visit(user=trainee_of(attempt), kwargs={"public_id": attempt.public_id, "slot": 0})
