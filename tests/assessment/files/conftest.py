"""An attempt that asks for a text and for files."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessment.models import Attempt, QuizPage
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import QuizPageFactory, essay, files, quizzed_cohort
from tests.factories.courses import EnrollmentFactory
from tests.factories.pages import site_of


@pytest.fixture
def quiz() -> QuizPage:
    quiz = QuizPageFactory(questions=[essay(), files()])
    site_of(quiz.get_ancestors().get(depth=2), hostname="localhost")
    return quiz


@pytest.fixture
def trainee(quiz: QuizPage) -> User:
    return EnrollmentFactory(person=TraineeFactory().person, cohort=quizzed_cohort(quiz)).person.user


@pytest.fixture
def client(trainee: User) -> Client:
    client = Client()
    client.force_login(trainee)
    return client


@pytest.fixture
def attempt(quiz: QuizPage, client: Client) -> Attempt:
    client.post(reverse("assessment:start", args=[quiz.translation_key]))
    return Attempt.objects.get()
