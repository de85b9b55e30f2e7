"""A test that is under way comes first on *My learning*, with the time left."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessment.models import Attempt
from assessment.services.attempts import start_attempt
from courses.models import Enrollment
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import QuizPageFactory, quizzed_cohort
from tests.factories.courses import EnrollmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrollment() -> Enrollment:
    return EnrollmentFactory(person=TraineeFactory().person)


def begun(enrollment: Enrollment, title: str = "امتحان التمديدات", limit: int | None = 40) -> Attempt:
    """An attempt in a further cohort of the person."""
    quiz = QuizPageFactory(title=title, limit_minutes=limit)
    seat = EnrollmentFactory(person=enrollment.person, cohort=quizzed_cohort(quiz))
    return start_attempt(enrollment_id=seat.pk, unit_key=quiz.translation_key, by=enrollment.person.user)


def learning(client: Client, enrollment: Enrollment) -> str:
    client.force_login(enrollment.person.user)
    return client.get(reverse("courses:my_learning")).content.decode()


def test_a_test_under_way_is_the_first_thing_with_its_time_and_the_way_back(
    client: Client, enrollment: Enrollment
):
    attempt = begun(enrollment)
    Attempt.objects.update(closes_at=timezone.now() + dt.timedelta(minutes=12, seconds=-30))

    html = learning(client, enrollment)

    first = html.split("</h1>", 1)[1].split("</section>", 1)[0]
    assert "data-under-way" in first
    assert "امتحان التمديدات" in first
    assert "بقيت ١٢ دقيقة" in first
    assert reverse("assessment:attempt", args=[attempt.public_id]) in first
    assert "متابعة الاختبار" in first


def test_a_test_without_a_limit_says_no_time(client: Client, enrollment: Enrollment):
    begun(enrollment, limit=None)

    html = learning(client, enrollment)

    assert "data-under-way" in html
    assert "دقيقة، حتى" not in html


@pytest.mark.parametrize("ended", ["by the clock", "by the person", "never begun", "of another person"])
def test_what_is_over_or_of_others_is_not_there(client: Client, enrollment: Enrollment, ended: str):
    if ended == "by the clock":
        begun(enrollment)
        Attempt.objects.update(closes_at=timezone.now() - dt.timedelta(seconds=1))
    elif ended == "by the person":
        begun(enrollment)
        Attempt.objects.update(state="awaiting", ended_at=timezone.now(), ended_by="person")
    elif ended == "of another person":
        begun(EnrollmentFactory(person=TraineeFactory().person))

    assert "data-under-way" not in learning(client, enrollment)


def test_it_asks_the_database_as_often_for_three_tests_as_for_none(client: Client, enrollment: Enrollment):
    attempts = [begun(enrollment, title) for title in ("الأول", "الثاني", "الثالث")]
    learning(client, enrollment)
    with CaptureQueriesContext(connection) as three:
        client.get(reverse("courses:my_learning"))
    Attempt.objects.filter(pk__in=[one.pk for one in attempts]).update(
        closes_at=timezone.now() - dt.timedelta(minutes=1)
    )

    with CaptureQueriesContext(connection) as none:
        html = client.get(reverse("courses:my_learning")).content.decode()

    assert "data-under-way" not in html
    assert len(three) == len(none)
