"""A planned exam that no one could begin is said before its day: on the home page, the tab, the page that plans, and where a question is withdrawn."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center
from accounts.scoping.work import kind_of_work
from assessment.errors import BankTooSmall
from assessment.models import Question, QuizPage, Sitting
from assessment.queries.readiness import Readiness, readiness_of
from assessment.services.bank import reinstate_question, withdraw_question
from courses.models import Cohort
from tests.assessment.test_drawing import bank, draw
from tests.assessment.test_quiz_page import logged_in
from tests.factories.accounts import UserFactory, staff_member
from tests.factories.assessment import quizzed_cohort, single
from tests.factories.exams import exam_in, planned_sitting, running_sitting, sit, supervised_test

pytestmark = pytest.mark.django_db
NO_ONE_CAN = "لا يستطيع أحد بدء هذا الاختبار"


@pytest.fixture
def pool() -> list[Question]:
    return list(Question.objects.filter(pk__in=bank(2)))


@pytest.fixture
def quiz(pool: list[Question]) -> QuizPage:
    return supervised_test(questions=[single(), draw(2)])


def manager_of(center: Center) -> Client:
    return logged_in(staff_member(RoleName.CENTER_MANAGER, center))


def withdrawn(question: Question) -> None:
    withdraw_question(question_id=question.pk, reason="خطأ في النص", by=UserFactory())


def list_of(cohort: Cohort) -> str:
    """The page of this work, to which the home page of a manager leads."""
    page = manager_of(cohort.center).get(reverse("work", args=["exams-not-ready"]))
    return str(page.content.decode())


def waiting_on_home_of(cohort: Cohort) -> list[Sitting]:
    """What the home page of a manager asks for this work."""
    manager = staff_member(RoleName.CENTER_MANAGER, cohort.center)
    kind = kind_of_work("exams-not-ready", manager)
    assert kind is not None
    return list(kind.rows(manager))


def tab_of(cohort: Cohort) -> str:
    return str(manager_of(cohort.center).get(reverse("cohort:tests", args=[cohort.pk])).content.decode())


def test_a_withdrawn_question_that_a_planned_exam_needs_is_told_on_home(
    quiz: QuizPage, cohort: Cohort, pool: list[Question]
):
    sitting = planned_sitting(cohort, quiz)
    ready = waiting_on_home_of(cohort)

    withdrawn(pool[0])

    assert ready == []
    assert waiting_on_home_of(cohort) == [sitting]
    assert reverse("cohort:tests", args=[cohort.pk]) in list_of(cohort)
    reinstate_question(question_id=pool[0].pk, by=UserFactory())
    assert waiting_on_home_of(cohort) == []


def test_a_withdrawn_question_that_a_planned_exam_needs_is_told_on_the_tab(
    quiz: QuizPage, cohort: Cohort, pool: list[Question]
):
    planned_sitting(cohort, quiz)
    ready = tab_of(cohort)

    withdrawn(pool[0])

    assert NO_ONE_CAN not in ready
    assert NO_ONE_CAN in tab_of(cohort)


def test_the_page_that_withdraws_a_question_lists_the_exams_that_need_it(
    quiz: QuizPage, cohort: Cohort, pool: list[Question]
):
    planned_sitting(cohort, quiz)
    officer = logged_in(staff_member(RoleName.MINISTRY_OFFICER))
    url = reverse("bank:withdraw", args=[pool[0].pk])

    needed = officer.get(url).content.decode()
    bank(1)
    spare = officer.get(url).content.decode()

    assert cohort.code in needed
    assert cohort.code not in spare


def test_planning_an_exam_that_no_one_could_begin_says_so(
    quiz: QuizPage, cohort: Cohort, pool: list[Question]
):
    withdrawn(pool[0])
    exam = exam_in(cohort)
    url = reverse("plan_sitting", args=[cohort.pk]) + f"?test={quiz.translation_key}"
    client = manager_of(cohort.center)

    page = client.get(url).content.decode()
    answer = client.post(url, {"exam": exam.pk}, follow=True).content.decode()

    assert NO_ONE_CAN in page
    assert "بنك الأسئلة" in answer
    assert Sitting.objects.count() == 1


def test_what_is_said_to_be_ready_can_be_begun_and_nothing_else(
    quiz: QuizPage, cohort: Cohort, pool: list[Question]
):
    sitting = running_sitting(cohort, quiz)
    place = cohort.pk, quiz.translation_key
    ready = readiness_of([(cohort, quiz.translation_key)])[place]
    sit(sitting)

    withdrawn(pool[0])

    assert (ready, ready.can_be_begun) == (Readiness(), True)
    assert readiness_of([(cohort, quiz.translation_key)])[place] == Readiness(missing=1)
    with pytest.raises(BankTooSmall):
        sit(sitting)


def test_an_exam_in_a_month_waits_on_no_home_page_yet(quiz: QuizPage, pool: list[Question]):
    cohort = quizzed_cohort(quiz)
    day = timezone.now() + dt.timedelta(days=29)
    planned_sitting(cohort, quiz, starts_at=day, ends_at=day + dt.timedelta(hours=2))

    withdrawn(pool[0])

    assert waiting_on_home_of(cohort) == []
    assert NO_ONE_CAN in tab_of(cohort)
