"""Appeals against marks."""

import datetime as dt

from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from assessment.models import Appeal, Attempt
from assessment.services.appeals import file_appeal
from tests.factories.accounts import staff_member
from tests.factories.regrades import marked_attempt
from tests.factories.rows import Visit, row_of, visit

WHY_WRONG = "أجبت كما في الدرس الثالث."


def trainee_of(attempt: Attempt) -> User:
    return User.objects.get(person=attempt.enrollment.person_id)


def appealed(attempt: Attempt, *, slot: int = 0, reason: str = WHY_WRONG) -> Appeal:
    return file_appeal(attempt_id=attempt.pk, slot=slot, reason=reason, by=trainee_of(attempt))


def left_for_days(center: Center, *, days: int = 4) -> Appeal:
    """An appeal at a center without an assessor, made so many days ago."""
    attempt = marked_attempt(center)
    return Appeal.objects.create(
        attempt=attempt,
        slot=0,
        reason=WHY_WRONG,
        filed_by=trainee_of(attempt),
        filed_at=timezone.now() - dt.timedelta(days=days),
        from_mark=attempt.answers.get(slot=0).mark,
    )


@visit("marking_appeal_left")
def left_to_the_manager(center: Center) -> Visit:
    appeal = appealed(marked_attempt(center))
    # All who could answer it teach the cohort.
    assessors = User.objects.filter(memberships__role=RoleName.ASSESSOR)
    appeal.attempt.enrollment.cohort.instructors.add(*assessors)
    return Visit(user=staff_member(RoleName.CENTER_MANAGER, center), kwargs={"pk": appeal.pk})


@row_of(Appeal)
def appeal_in(center: Center) -> Appeal:
    return appealed(marked_attempt(center))


@visit("assessment:appeal")
def asked_why(center: Center) -> Visit:
    attempt = marked_attempt(center)
    return Visit(user=trainee_of(attempt), kwargs={"public_id": attempt.public_id, "slot": 0})
