"""Quizzes and attempts, as trainees may see them."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, Q, QuerySet

from accounts.models import User
from assessment.enums import AttemptState
from assessment.models import Attempt, QuizPage
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment
from courses.queries.content import taught_in_languages, taught_unit
from courses.queries.evidence import may_raise_score
from courses.queries.outline import OutlineUnit, UnitState, outline
from courses.queries.progress import progress_of, score_that_counts
from courses.queries.workspace.work import register_trace

# Tests under way: with more of them a page would begin with a list.
MOST_SHOWN = 3


def quiz_in(cohort: Cohort, quiz_key: UUID) -> QuizPage | None:
    """The quiz as a cohort is taught it, in the reader's language, else in any other."""
    taught = taught_unit(cohort.content_version, quiz_key) if cohort.content_version else None
    return taught.page if taught and isinstance(taught.page, QuizPage) else None


def quiz_of(enrollment: Enrollment, unit_key: UUID) -> QuizPage | None:
    """The quiz as the cohort of an enrollment is taught it, in the reader's language, else in any other."""
    return quiz_in(enrollment.cohort, unit_key)


def pages_of_quiz(enrollment: Enrollment, unit_key: UUID) -> dict[str, QuizPage]:
    """The quiz as the cohort of an enrollment is taught it, by language, in the source language first."""
    version = enrollment.cohort.content_version
    pages = taught_in_languages(version, unit_key) if version else {}
    return {language: page for language, page in pages.items() if isinstance(page, QuizPage)}


def attempts_of(user: User | AnonymousUser) -> QuerySet[Attempt]:
    """The attempts of the user's own person; empty for a login without a person."""
    if not isinstance(user, User) or user.person_id is None:
        return Attempt.objects.none()
    own = Attempt.objects.filter(enrollment__person=user.person_id)
    return own.select_related("enrollment__cohort__content_version", "enrollment__cohort__completion_rule")


def under_way(user: User | AnonymousUser, now: dt.datetime) -> QuerySet[Attempt]:
    """The user's own open attempts that still take answers, the one that closes first before the others."""
    with_time = Q(closes_at=None) | Q(closes_at__gt=now)
    own = attempts_of(user).filter(
        with_time, state=AttemptState.OPEN, enrollment__state=EnrollmentState.ACTIVE
    )
    return own.select_related(None).order_by("closes_at", "-started_at")[:MOST_SHOWN]


def attempts_to_save(user: User) -> QuerySet[Attempt]:
    """The user's own attempts, with what a save asks for: it happens in each quarter of a minute."""
    return (
        attempts_of(user).select_related(None).only("public_id", "versions", "holder", "state", "closes_at")
    )


def attempts_left(attempt: Attempt, quiz: QuizPage | None) -> int:
    """How many attempts of the person, in any cohort, may still follow a marked one: none after a pass, unless the completion rule asks for a better score, or once the
    quiz is taken out of the content."""
    siblings = Attempt.objects.at(attempt.enrollment, attempt.quiz_key)
    if (
        quiz is None
        or attempt.enrollment.state != EnrollmentState.ACTIVE
        or (
            siblings.filter(passed=True).exists()
            and not may_raise_score(attempt.enrollment, attempt.quiz_key)
        )
    ):
        return 0
    person = attempt.enrollment.person_id
    return Attempt.objects.left_to(person, attempt.quiz_key, allowed=quiz.attempts_allowed)


def score_of_passed(attempt: Attempt) -> Decimal | None:
    """The score that counts at the quiz of an attempt, in percent, where another attempt passed it; None where none did."""
    enrollment = attempt.enrollment
    if not Attempt.objects.at(enrollment, attempt.quiz_key).filter(passed=True).exists():
        return None
    progress = progress_of([enrollment])[enrollment.pk].get(str(attempt.quiz_key))
    return score_that_counts(progress, enrollment.cohort.completion_rule) if progress else None


def unit_to_go_on_with(attempt: Attempt) -> OutlineUnit | None:
    """The first unit of the enrollment that is not done yet."""
    return next((unit for unit in outline(attempt.enrollment) if unit.state == UnitState.NOW), None)


@register_trace
def attempts_begun() -> QuerySet[Attempt, dt.datetime]:
    """When a person last began a quiz."""
    attempts = Attempt.objects.filter(enrollment=OuterRef("pk")).order_by("-started_at")
    return attempts.values_list("started_at", flat=True)[:1]
