"""The exam in the timetable of a trainee."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.models import QuizPage
from courses.models import ClassSession, Cohort
from courses.queries.outline import unit_address
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import quizzed_cohort
from tests.factories.courses import EnrollmentFactory
from tests.factories.exams import exam_in, planned_sitting, supervised_test

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz() -> QuizPage:
    return supervised_test()


@pytest.fixture
def cohort(quiz: QuizPage) -> Cohort:
    return quizzed_cohort(quiz)


def my_learning(client: Client) -> str:
    return client.get(reverse("courses:my_learning")).content.decode()


def test_the_timetable_leads_from_the_exam_to_the_page_of_the_test(
    client: Client, cohort: Cohort, quiz: QuizPage
):
    planned_sitting(cohort, quiz)
    enrollment = EnrollmentFactory(cohort=cohort)
    client.force_login(TraineeFactory(person=enrollment.person))

    html = my_learning(client)

    assert f"صفحة الاختبار: {quiz.title}" in html
    assert "امتحان · " in html
    assert "معمل ٢" in html
    assert unit_address(enrollment, quiz.translation_key) in html

    ClassSession.objects.update(canceled_at=timezone.now(), cancel_reason="تأجل")
    assert "صفحة الاختبار" not in my_learning(client)


def test_it_asks_the_database_as_often_for_three_exams_as_for_one(
    client: Client, cohort: Cohort, quiz: QuizPage
):
    client.force_login(TraineeFactory(person=EnrollmentFactory(cohort=cohort).person))
    planned_sitting(cohort, quiz)
    my_learning(client)
    with CaptureQueriesContext(connection) as one:
        my_learning(client)
    for _number in range(2):
        exam = exam_in(cohort, venue=None)
        exam.sittings.create(quiz_key=quiz.translation_key, title=quiz.title)

    with CaptureQueriesContext(connection) as three:
        my_learning(client)

    assert len(three) == len(one) > 4
