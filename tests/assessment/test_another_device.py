"""An attempt that is open on another device: it asks before it goes on here, and the other one then stops."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from accounts.models import User
from assessment.models import Attempt, QuizPage
from tests.assessment.test_quiz_page import address, enrollment, logged_in, quiz, started, trainee  # noqa: F401
from tests.factories.assessment import options_of, saved


@pytest.fixture
def phone(trainee: User) -> Client:  # noqa: F811
    return logged_in(trainee)


@pytest.fixture
def desk(trainee: User) -> Client:  # noqa: F811
    return logged_in(trainee)


@pytest.fixture
def attempt(phone: Client, quiz: QuizPage) -> Attempt:  # noqa: F811
    return started(phone, quiz)


def page(client: Client, attempt: Attempt) -> str:
    return client.get(address("attempt", attempt)).content.decode()


def answers(attempt: Attempt, place: int, **more: Any) -> dict[str, Any]:
    return {"question-0": options_of(attempt)[0][place], "asked": ["0"], **more}


def takeovers() -> int:
    return ModelLogEntry.objects.filter(action="assessment.attempt.take_over").count()


def test_a_second_device_asks_first_and_goes_on_by_a_form(phone: Client, desk: Client, attempt: Attempt):
    asked = page(desk, attempt)
    attempt.refresh_from_db()
    before = (attempt.epoch, takeovers())
    gone_on = desk.post(address("go_on", attempt), follow=True).content.decode()
    attempt.refresh_from_db()

    assert "هذا الاختبار مفتوح على جهاز آخر" in asked
    assert f'action="{address("go_on", attempt)}"' in asked
    assert "quiz__question" not in asked
    assert "المراقب" not in asked
    assert before == (1, 0)
    assert "quiz__question" in gone_on
    assert (attempt.epoch, takeovers()) == (2, 1)
    assert "quiz__question" not in page(phone, attempt)


def test_the_same_device_and_its_other_tab_are_not_asked(phone: Client, attempt: Attempt):
    pages = [page(phone, attempt) for _time in range(2)]

    assert all("quiz__question" in one for one in pages)
    assert Attempt.objects.get().epoch == 1


def test_an_attempt_that_no_device_has_is_not_asked_about(phone: Client, attempt: Attempt):
    Attempt.objects.update(holder="")

    assert "quiz__question" in page(phone, attempt)


def test_to_start_it_again_elsewhere_asks_too(desk: Client, attempt: Attempt, quiz: QuizPage):  # noqa: F811
    shown = desk.post(f"/ar/assessment/quizzes/{quiz.translation_key}/start/", follow=True)

    assert "quiz__question" not in shown.content.decode()
    assert Attempt.objects.get().epoch == 1


def test_a_form_that_comes_after_the_other_device_went_on_is_refused_and_keeps_its_answers(
    phone: Client, desk: Client, attempt: Attempt
):
    desk.post(address("go_on", attempt))

    refused = phone.post(address("submit", attempt), answers(attempt, 1, epoch="1"))
    without_epoch = phone.post(address("submit", attempt), answers(attempt, 1))
    again = phone.post(address("submit", attempt), answers(attempt, 1, epoch="2"))

    html = refused.content.decode()
    assert (refused.status_code, without_epoch.status_code, again.status_code) == (400, 400, 200)
    assert f'value="{options_of(attempt)[0][1]}" checked' in html
    assert "إذا أرسلت من هنا مرة أخرى" in html
    assert saved(attempt) == {0: options_of(attempt)[0][1]}
    assert (Attempt.objects.get().epoch, takeovers()) == (3, 2)


def test_a_confirmation_that_comes_after_the_other_device_went_on_hands_nothing_in(
    phone: Client, desk: Client, attempt: Attempt
):
    desk.post(address("go_on", attempt))

    sent = phone.post(address("submit", attempt), {"confirmed": "1"}, follow=True)

    assert "هذا الاختبار مفتوح على جهاز آخر" in sent.content.decode()
    assert (Attempt.objects.get().state, takeovers()) == ("open", 1)


def test_the_page_that_asks_takes_no_more_statements_than_the_questions(desk: Client, attempt: Attempt):
    page(desk, attempt)

    with CaptureQueriesContext(connection) as queries:
        page(desk, attempt)

    assert len(queries) <= 8, [query["sql"] for query in queries]
