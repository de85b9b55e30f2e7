"""Exams of a cohort: when their answers may be known."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from assessment.enums import AttemptState, Purpose
from assessment.models import Attempt, ExamWindow, Sitting
from courses.enums import CohortState
from courses.queries.timetable import register_begun, register_tests


def are_keys_out(attempt: Attempt) -> bool:
    """Whether the right answers and explanations of a marked attempt may be shown. Those of practice at once; those of an exam once the
    whole cohort is through: no one of it is in the middle of it, no sitting is to come or goes on, and its window is over.
    """
    if attempt.purpose == Purpose.PRACTICE:
        return True
    cohort = attempt.enrollment.cohort
    if cohort.state == CohortState.CLOSED:
        return True
    open_ones = Attempt.objects.filter(
        quiz_key=attempt.quiz_key, enrollment__cohort=cohort, state=AttemptState.OPEN
    )
    sittings = Sitting.objects.of(cohort.pk, attempt.quiz_key)
    if open_ones.exists() or sittings.ahead().exists():
        return False
    window = ExamWindow.objects.filter(cohort=cohort, quiz_key=attempt.quiz_key).first()
    # Without either, others of the cohort may begin at any time.
    return window.closes_at <= timezone.now() if window else sittings.exists()


@register_tests
def tests_in_exams(sessions: Collection[int]) -> dict[int, list[UUID]]:
    """What is taken in them, by the keys of the class sessions. One query."""
    found: dict[int, list[UUID]] = defaultdict(list)
    rows = Sitting.objects.filter(class_session__in=sessions, ended_at=None).order_by("pk")
    for session, key in rows.values_list("class_session", "quiz_key"):
        found[session].append(key)
    return found


@register_begun
def is_code_told(session: int) -> bool:
    return Sitting.objects.filter(class_session=session, released_at__isnull=False).exists()
