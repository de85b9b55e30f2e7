"""A cohort that takes an exam of forty questions, with its sessions. Django has to be set up."""

from dataclasses import dataclass
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from assessment.models import QuizPage
from courses.models import Cohort
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import (
    QuizPageFactory,
    matching,
    multiple,
    numeric,
    quizzed_cohort,
    short_text,
    single,
    true_false,
)
from tests.factories.courses import EnrollmentFactory

KINDS = (single, multiple, true_false, numeric, short_text, matching)
QUESTIONS = 40


@dataclass(frozen=True)
class Examinee:
    """Who takes it, by the cookies of their session."""

    enrollment: int
    cookie: str
    token: str


@dataclass(frozen=True)
class Exam:
    quiz: QuizPage
    cohort: Cohort
    start: str
    examinees: list[Examinee]


def build(people: int, *, minutes: int) -> Exam:
    quiz = QuizPageFactory(
        title="امتحان التمديدات",
        questions=[KINDS[number % len(KINDS)](f"السؤال {number}") for number in range(QUESTIONS)],
        purpose="exam",
        limit_minutes=minutes,
        grace_seconds=10,
        shuffles_questions=False,
    )
    cohort = quizzed_cohort(quiz)
    Cohort.objects.filter(pk=cohort.pk).update(seats=people + 20)
    examinees = []
    for _person in range(people):
        enrollment = EnrollmentFactory(cohort=cohort)
        client = Client(SERVER_NAME="localhost")
        client.force_login(TraineeFactory(person=enrollment.person))
        token = uuid4().hex
        cookie = f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}"
        examinees.append(Examinee(enrollment.pk, cookie, token))
    with translation.override("ar"):
        start = reverse("assessment:start", args=[quiz.translation_key])
    return Exam(quiz, cohort, start, examinees)


def moment() -> str:
    return timezone.now().isoformat()
