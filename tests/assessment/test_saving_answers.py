"""The form of a quiz saves answers without a script, and nothing is marked by one tap."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessment.errors import AttemptOver
from assessment.models import Answer, Attempt, QuizPage, ResponseEvent
from assessment.services.saving import take_over
from courses.queries.outline import unit_address
from tests.assessment.test_quiz_page import address, enrollment, logged_in, quiz, started, trainee  # noqa: F401
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import posted_answers, responses_to, saved


def ticked(page: str) -> int:
    return page.count(" checked")


def test_one_tap_on_an_empty_form_uses_no_attempt_up(quiz: QuizPage, trainee: User):  # noqa: F811
    client = logged_in(trainee)
    attempt = started(client, quiz)

    asked = client.post(address("submit", attempt))

    attempt.refresh_from_db()
    assert attempt.is_open
    assert "سؤالان بلا إجابة" in asked.content.decode()


def test_what_was_confirmed_is_marked(quiz: QuizPage, trainee: User):  # noqa: F811
    client = logged_in(trainee)
    attempt = started(client, quiz)
    sheet = posted_answers(attempt, (0,))

    asked = client.post(address("submit", attempt), sheet).content.decode()
    client.post(address("submit", attempt), {"confirmed": "1"})

    attempt.refresh_from_db()
    assert "سؤال واحد بلا إجابة" in asked
    assert not attempt.is_open
    assert Answer.objects.filter(attempt=attempt).exclude(response__isnull=True).count() == 1


def test_answers_survive_a_reload_and_another_device(quiz: QuizPage, trainee: User):  # noqa: F811
    client = logged_in(trainee)
    attempt = started(client, quiz)

    client.post(address("submit", attempt), posted_answers(attempt, (1,), (0, 1)))
    elsewhere = logged_in(trainee).post(address("go_on", attempt), follow=True).content.decode()

    assert ticked(elsewhere) == 3


def test_going_back_from_the_confirmation_finds_the_answers(quiz: QuizPage, trainee: User):  # noqa: F811
    client = logged_in(trainee)
    attempt = started(client, quiz)

    client.post(address("submit", attempt), posted_answers(attempt, (1,)))

    assert ticked(client.get(address("attempt", attempt)).content.decode()) == 1


def test_the_page_that_asks_once_more_leads_to_each_open_question(quiz: QuizPage, trainee: User):  # noqa: F811
    client = logged_in(trainee)
    attempt = started(client, quiz)

    asked = client.post(address("submit", attempt), posted_answers(attempt, (1,))).content.decode()
    back = f"{address('attempt', attempt)}?unanswered=1"
    page = client.get(back).content.decode()

    # The question itself, and the way back.
    assert asked.count(f'href="{back}#question-2"') == 2
    assert "#question-1" not in asked
    assert 'id="question-2"' in page
    assert page.count('class="quiz__open"') == 1
    assert page.index('id="question-2"') < page.index('class="quiz__open"')


def test_questions_are_not_marked_as_open_before_anyone_asked(quiz: QuizPage, trainee: User):  # noqa: F811
    client = logged_in(trainee)
    attempt = started(client, quiz)

    assert "quiz__open" not in client.get(address("attempt", attempt)).content.decode()


def test_without_a_script_answers_are_kept_for_later_by_a_button(quiz: QuizPage, trainee: User):  # noqa: F811
    client = logged_in(trainee)
    attempt = started(client, quiz)

    left = client.post(address("submit", attempt), {**posted_answers(attempt, (1,)), "later": "1"})

    attempt.refresh_from_db()
    assert left.url == unit_address(attempt.enrollment, quiz.translation_key)
    assert (attempt.is_open, len(saved(attempt))) == (True, 1)


def test_boxes_that_are_no_longer_ticked_take_the_answer_back(quiz: QuizPage, trainee: User):  # noqa: F811
    client = logged_in(trainee)
    attempt = started(client, quiz)
    sheet = {**posted_answers(attempt, (1,), (0, 1)), "asked": ["0", "1"]}
    client.post(address("submit", attempt), sheet)
    sheet.pop("question-1")

    client.post(address("submit", attempt), sheet)

    assert list(saved(attempt)) == [0]
    assert ResponseEvent.objects.count() == 3


def test_a_form_that_says_the_same_again_writes_nothing(quiz: QuizPage, trainee: User):  # noqa: F811
    client = logged_in(trainee)
    attempt = started(client, quiz)
    sheet = posted_answers(attempt, (1,), (0, 1))

    for _time in range(3):
        client.post(address("submit", attempt), sheet)

    assert ResponseEvent.objects.count() == 2


def test_an_answer_after_the_end_does_not_touch_what_was_marked(quiz: QuizPage, trainee: User):  # noqa: F811
    client = logged_in(trainee)
    attempt = started(client, quiz)
    client.post(address("submit", attempt), {**posted_answers(attempt, (0,)), "confirmed": "1"})
    marked = Attempt.objects.get()

    client.post(address("submit", attempt), posted_answers(attempt, (1,)))

    attempt.refresh_from_db()
    assert (attempt.score, attempt.marked_at) == (marked.score, marked.marked_at)
    assert ResponseEvent.objects.count() == 1


def test_no_device_goes_on_with_what_was_handed_in(quiz: QuizPage, trainee: User):  # noqa: F811
    client = logged_in(trainee)
    attempt = started(client, quiz)
    client.post(address("submit", attempt), {**posted_answers(attempt, (0,)), "confirmed": "1"})

    with pytest.raises(AttemptOver):
        take_over(attempt_id=attempt.pk, holder="another", by=trainee)


def test_answers_to_other_questions_are_not_saved(quiz: QuizPage, trainee: User):  # noqa: F811
    client = logged_in(trainee)
    attempt = started(client, quiz)

    for name in ("question-11111111-1111-1111-1111-111111111111", "question-2", "question--1", "question-²"):
        refused = client.post(address("submit", attempt), {name: "x"})

        assert (refused.status_code, saved(attempt)) == (400, {})


def test_a_page_of_before_another_device_went_on_saves_nothing(quiz: QuizPage, trainee: User):  # noqa: F811
    phone, desk = logged_in(trainee), logged_in(trainee)
    attempt = started(phone, quiz)
    desk.post(address("submit", attempt), {**posted_answers(attempt, (2,)), "epoch": "1"})

    refused = phone.post(address("submit", attempt), {**posted_answers(attempt, (1,)), "epoch": "1"})

    attempt.refresh_from_db()
    assert (refused.status_code, attempt.epoch) == (400, 2)
    assert saved(attempt) == responses_to(attempt, (2,))
    # It shows what was typed, and can send it now.
    assert 'name="epoch" value="2"' in refused.content.decode()


@pytest.mark.parametrize("name", ["changes", "go_on", "submit"])
def test_a_user_cannot_answer_for_another(quiz: QuizPage, trainee: User, name: str):  # noqa: F811
    attempt = started(logged_in(trainee), quiz)
    stranger = Client()
    stranger.force_login(TraineeFactory())

    assert stranger.post(reverse(f"assessment:{name}", args=[attempt.public_id])).status_code == 404
