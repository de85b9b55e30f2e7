"""A supervised test, its cohort, a sitting whose code is told, and who supervises it."""

import pytest

from accounts.enums import RoleName
from accounts.models import User
from assessment.models import QuizPage, Sitting
from courses.models import Cohort
from tests.factories.accounts import MembershipFactory
from tests.factories.assessment import quizzed_cohort
from tests.factories.exams import running_sitting, supervised_test


@pytest.fixture
def quiz(db: None) -> QuizPage:
    return supervised_test()


@pytest.fixture
def cohort(quiz: QuizPage) -> Cohort:
    return quizzed_cohort(quiz)


@pytest.fixture
def sitting(cohort: Cohort, quiz: QuizPage) -> Sitting:
    return running_sitting(cohort, quiz)


@pytest.fixture
def supervisor(cohort: Cohort) -> User:
    user: User = MembershipFactory(role=RoleName.INSTRUCTOR, center=cohort.center).user
    return user
