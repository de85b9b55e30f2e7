"""The tests of a cohort in its workspace."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import User
from assessment.enums import Purpose, SittingState
from assessment.models import ExamWindow, QuizPage, Sitting
from assessment.queries.cohort_tests import tests_of as listed_in
from assessment.services.attempts import submit_attempt
from courses.models import Cohort
from courses.services.sessions import cancel_session
from tests.factories.accounts import MembershipFactory
from tests.factories.assessment import QuizPageFactory, quizzed_cohort
from tests.factories.courses import ClassSessionFactory, EnrollmentFactory
from tests.factories.exams import exam_in, planned_sitting, running_sitting, sit

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client, cohort: Cohort) -> User:
    user: User = MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user
    client.force_login(user)
    return user


def named(url: str, cohort: Cohort, quiz: QuizPage) -> str:
    return f"{reverse(url, args=[cohort.pk])}?test={quiz.translation_key}"


def test_each_test_has_its_rules_its_sittings_and_how_many_took_it(cohort: Cohort, quiz: QuizPage):
    sitting = running_sitting(cohort, quiz)
    done, _in_the_middle = sit(sitting), sit(sitting)
    submit_attempt(attempt_id=done.pk, by=User.objects.get(person=done.enrollment.person))
    EnrollmentFactory(cohort=cohort)

    (test,) = listed_in(cohort)

    assert (test.purpose, test.limit_minutes, test.is_supervised) == (Purpose.EXAM, 40, True)
    assert (test.taken, test.open, test.passed) == (1, 1, 0)
    assert [(one.pk, one.state) for one in test.sittings] == [(sitting.pk, SittingState.RUNNING)]


def test_the_tab_asks_the_database_as_often_for_three_tests_and_sittings_as_for_one(
    client: Client, quiz: QuizPage
):
    one = quizzed_cohort(quiz)
    planned_sitting(one, quiz)
    for number in range(2):
        QuizPageFactory(parent=quiz.get_parent(), slug=f"more-{number}", is_supervised=True)
    three = quizzed_cohort(quiz, asks=None)
    for hours in (0, 5, 10):
        planned_sitting(
            three,
            quiz,
            starts_at=timezone.now() + dt.timedelta(hours=hours + 20),
            ends_at=timezone.now() + dt.timedelta(hours=hours + 21),
        )
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=one.center).user)
    Cohort.objects.update(center=one.center)

    def statements(cohort: Cohort) -> int:
        client.get(reverse("cohort:tests", args=[cohort.pk]))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("cohort:tests", args=[cohort.pk])).status_code == 200
        return len(asked)

    assert len(listed_in(three)) == 3
    assert statements(three) == statements(one)


def test_a_sitting_is_planned_in_an_exam_to_come_and_canceled_again(
    client: Client, manager: User, cohort: Cohort, quiz: QuizPage
):
    exam = exam_in(cohort)
    lesson = ClassSessionFactory(cohort=cohort, starts_at=timezone.now() + dt.timedelta(hours=3))

    refused = client.post(named("plan_sitting", cohort, quiz), {"exam": lesson.pk})
    client.post(named("plan_sitting", cohort, quiz), {"exam": exam.pk})

    sitting = Sitting.objects.get()
    assert (refused.status_code, sitting.class_session) == (200, exam)
    # It is not offered again.
    assert '<form method="post">' not in client.get(named("plan_sitting", cohort, quiz)).text
    client.post(reverse("cancel_sitting", args=[sitting.pk]))
    assert not Sitting.objects.exists()


def test_a_sitting_whose_exam_was_canceled_is_not_canceled_again(
    client: Client, manager: User, cohort: Cohort, quiz: QuizPage
):
    begins = timezone.now() + dt.timedelta(days=1)
    times = {"starts_at": begins, "ends_at": begins + dt.timedelta(hours=2)}
    sitting = planned_sitting(cohort, quiz, **times)
    tab, address = reverse("cohort:tests", args=[cohort.pk]), reverse("cancel_sitting", args=[sitting.pk])
    before = client.get(tab).content.decode()

    cancel_session(session_id=sitting.class_session_id, reason="انقطاع المياه", by=manager)

    assert address in before
    assert address not in client.get(tab).content.decode()


@pytest.mark.parametrize(
    ("days", "is_planned", "writes"), [(1, True, True), (1, False, False), (0, True, False)]
)
def test_who_cancels_an_exam_reads_whether_trainees_are_told(
    client: Client, manager: User, cohort: Cohort, quiz: QuizPage, days: int, is_planned: bool, writes: bool
):
    begins = timezone.now() + dt.timedelta(days=days)
    times = {"starts_at": begins, "ends_at": begins + dt.timedelta(hours=2)} if days else {}
    exam = planned_sitting(cohort, quiz, **times).class_session if is_planned else exam_in(cohort, **times)

    page = client.get(reverse("classsession:cancel", args=[exam.pk])).content.decode()

    assert ("ولا تُرسل إليهم رسالة" in page) is not writes
    assert ("تُرسل فورًا رسالة" in page) is writes


def test_without_an_exam_in_the_timetable_the_page_says_what_to_do(
    client: Client, manager: User, cohort: Cohort, quiz: QuizPage
):
    html = client.get(named("plan_sitting", cohort, quiz)).content.decode()

    assert reverse("classsession:index") in html
    assert '<form method="post">' not in html


def test_a_window_is_set_and_taken_back(client: Client, manager: User, quiz: QuizPage):
    quiz.is_supervised = False
    quiz.save_revision().publish()
    cohort = quizzed_cohort(quiz, asks=None)
    Cohort.objects.filter(pk=cohort.pk).update(center=manager.memberships.get().center)
    address = named("exam_window", cohort, quiz)

    backwards = client.post(address, {"opens_at": "2027-01-05T09:00", "closes_at": "2027-01-04T09:00"})
    assert (backwards.status_code, ExamWindow.objects.count()) == (200, 0)
    client.post(address, {"opens_at": "2027-01-04T09:00", "closes_at": "2027-01-05T09:00"})
    assert ExamWindow.objects.get().quiz_key == quiz.translation_key
    client.post(address, {"opens_at": "", "closes_at": ""})

    assert not ExamWindow.objects.exists()


@pytest.mark.parametrize("named_test", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_an_address_without_a_test_of_the_cohort_leads_back(
    client: Client, manager: User, cohort: Cohort, named_test: str
):
    address = f"{reverse('plan_sitting', args=[cohort.pk])}?test={named_test}"

    assert client.post(address, {"exam": "1"}).status_code == 302
    assert not Sitting.objects.exists()


def test_an_instructor_reads_the_tab_and_plans_nothing(client: Client, cohort: Cohort, quiz: QuizPage):
    auditor = MembershipFactory(role=RoleName.ASSESSOR, center=cohort.center).user
    client.force_login(auditor)
    exam = exam_in(cohort)

    html = client.get(reverse("cohort:tests", args=[cohort.pk])).content.decode()

    assert quiz.title in html
    assert reverse("plan_sitting", args=[cohort.pk]) not in html
    assert client.post(named("plan_sitting", cohort, quiz), {"exam": exam.pk}).status_code == 404


def test_the_exam_of_today_is_on_the_home_page_of_who_supervises(
    client: Client, manager: User, cohort: Cohort, quiz: QuizPage
):
    sitting = planned_sitting(cohort, quiz)

    html = client.get(reverse("wagtailadmin_home")).content.decode()

    assert reverse("sitting", args=[sitting.pk]) in html
