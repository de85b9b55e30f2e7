"""Exams of the timetable, with the tests that are taken in them."""

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import Center, User
from assessment.models import Attempt, QuizPage, Sitting
from assessment.services.attempts import start_attempt
from assessment.services.sittings import plan_sitting, release_code
from courses.enums import SessionKind
from courses.models import ClassSession, Cohort, Enrollment, Venue
from tests.factories.accounts import TraineeFactory, UserFactory
from tests.factories.assessment import QuizPageFactory, quizzed_cohort
from tests.factories.courses import ClassSessionFactory, EnrollmentFactory
from tests.factories.rows import row_of


def exam_in(cohort: Cohort, **facts: Any) -> ClassSession:
    """An exam that began a quarter of an hour ago, today, and lasts for two hours more, in a room."""
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    room, _is_new = Venue.objects.get_or_create(center=cohort.center, name="معمل ٢")
    return ClassSessionFactory(
        **{
            "cohort": cohort,
            "kind": SessionKind.EXAM,
            "title": "امتحان نهائي",
            "venue": room,
            "starts_at": max(now - dt.timedelta(minutes=15), midnight),
            "ends_at": now + dt.timedelta(hours=2),
            **facts,
        }
    )


def supervised_test(**facts: Any) -> QuizPage:
    quiz: QuizPage = QuizPageFactory(
        **{"limit_minutes": 40, "is_supervised": True, "purpose": "exam", **facts}
    )
    return quiz


def planned_sitting(cohort: Cohort, quiz: QuizPage, **facts: Any) -> Sitting:
    exam = exam_in(cohort, **facts)
    return plan_sitting(session_id=exam.pk, quiz_key=quiz.translation_key, by=UserFactory())


def running_sitting(cohort: Cohort, quiz: QuizPage, *, by: User | None = None) -> Sitting:
    """The code is told."""
    return release_code(sitting_id=planned_sitting(cohort, quiz).pk, by=by or UserFactory())


def start(
    quiz: QuizPage, cohort: Cohort, *, code: str = "", enrollment: Enrollment | None = None, holder: str = "h"
) -> Attempt:
    """Somebody of the cohort starts a test."""
    enrollment = enrollment or EnrollmentFactory(cohort=cohort)
    return start_attempt(
        enrollment_id=enrollment.pk,
        unit_key=quiz.translation_key,
        by=TraineeFactory(person=enrollment.person),
        holder=holder,
        code=code,
    )


def sit(sitting: Sitting, *, enrollment: Enrollment | None = None, holder: str = "h") -> Attempt:
    """Somebody of the cohort starts with the code."""
    quiz = QuizPage.objects.get(translation_key=sitting.quiz_key)
    cohort = sitting.class_session.cohort
    return start(quiz, cohort, code=sitting.code, enrollment=enrollment, holder=holder)


@row_of(Sitting)
def sitting_in(center: Center) -> Sitting:
    quiz = supervised_test()
    cohort = quizzed_cohort(quiz)
    Cohort.objects.filter(pk=cohort.pk).update(center=center)
    cohort.refresh_from_db()
    return planned_sitting(cohort, quiz)
