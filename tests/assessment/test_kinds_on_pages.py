"""Each kind of question from its block over the form to the mark and the review, without a script."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from assessment.blocks import MatchingBlock, NumberBlock, QuestionBlocks, ShortTextBlock, TrueFalseBlock
from assessment.models import Attempt, QuizPage
from assessment.queries.own_data import answer_rows
from assessment.queries.reviewing import review
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import (
    SECRET_WHY,
    QuizPageFactory,
    asked,
    matching,
    multiple,
    numeric,
    quizzed_cohort,
    saved,
    short_text,
    single,
    true_false,
)
from tests.factories.courses import EnrollmentFactory
from tests.factories.pages import site_of

pytestmark = pytest.mark.django_db

EVERY_KIND = (single, multiple, true_false, numeric, short_text, matching)
# Slots of the kinds below.
TRUE_FALSE, NUMERIC, SHORT_TEXT, MATCHING = 2, 3, 4, 5


@pytest.fixture
def quiz() -> QuizPage:
    quiz = QuizPageFactory(questions=[write() for write in EVERY_KIND])
    site_of(quiz.get_ancestors().get(depth=2), hostname="localhost")
    return quiz


@pytest.fixture
def trainee(quiz: QuizPage) -> User:
    enrollment = EnrollmentFactory(person=TraineeFactory().person, cohort=quizzed_cohort(quiz))
    return enrollment.person.user


@pytest.fixture
def client(trainee: User) -> Client:
    client = Client()
    client.force_login(trainee)
    return client


@pytest.fixture
def attempt(quiz: QuizPage, client: Client) -> Attempt:
    client.post(reverse("assessment:start", args=[quiz.translation_key]))
    return Attempt.objects.get()


def address(name: str, attempt: Attempt) -> str:
    return reverse(f"assessment:{name}", args=[attempt.public_id])


def right_pairs(attempt: Attempt) -> dict[str, str]:
    return {
        f"question-{MATCHING}-{stem}": choice
        for stem, choice in asked(attempt)[MATCHING].key["pairs"].items()
    }


def right_answers(attempt: Attempt) -> dict[str, Any]:
    questions = asked(attempt)
    several = [option for option, weight in questions[1].key["weights"].items() if weight == "1/2"]
    return {
        "question-0": next(option for option, weight in questions[0].key["weights"].items() if weight == "1"),
        "question-1": several,
        f"question-{TRUE_FALSE}": "true",
        f"question-{NUMERIC}": "٥٫٠٥ A",
        f"question-{SHORT_TEXT}": "سِر القاطع.",
        **right_pairs(attempt),
    }


def test_right_answers_of_every_kind_earn_everything(client: Client, attempt: Attempt):
    client.post(address("submit", attempt), {**right_answers(attempt), "confirmed": "1"})

    attempt.refresh_from_db()
    assert [answer.mark for answer in attempt.answers.all()] == [1] * len(EVERY_KIND)
    assert (attempt.score, attempt.passed) == (100, True)


def test_what_was_typed_and_chosen_survives_a_reload_and_the_page_that_asks_once_more(
    client: Client, attempt: Attempt
):
    answers = {**right_answers(attempt), f"question-{MATCHING}-2": ""}

    asked_once_more = client.post(address("submit", attempt), answers).content.decode()
    page = client.get(address("attempt", attempt)).content.decode()

    assert page.count(" checked") == 4
    assert page.count(" selected") == 2
    assert 'value="سِر القاطع."' in page
    assert "أجبت عن كل الأسئلة" in asked_once_more
    client.post(address("submit", attempt), {"confirmed": "1"})
    attempt.refresh_from_db()
    assert [float(answer.mark) for answer in attempt.answers.all()] == [1, 1, 1, 1, 1, 0.6666]


def test_no_page_before_the_mark_says_what_is_right(client: Client, attempt: Attempt, quiz: QuizPage):
    client.post(address("submit", attempt), {f"question-{NUMERIC}": "7", f"question-{SHORT_TEXT}": "x"})

    pages = [
        client.get(address("attempt", attempt)),
        client.post(address("submit", attempt), {f"question-{NUMERIC}": "7"}),
        client.get(quiz.url, follow=True),
    ]

    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert not re.search(r"سر القاطع|breaker|1/1000|2%|weights|accepted|is_true", html)
        assert SECRET_WHY not in html
    # Each choice of a pair is offered for each of them, in one order.
    orders = re.findall(r'<select name="question-5-\d".*?</select>', pages[0].content.decode(), re.DOTALL)
    values = {tuple(re.findall(r'value="(\d)"', one)) for one in orders}
    assert (len(orders), values) == (3, {("1", "2", "3")})


def test_the_ids_of_pairs_do_not_depend_on_what_belongs_together():
    block = MatchingBlock()
    value = block.to_python(matching()[1])
    mixed = block.to_python(
        {
            **matching()[1],
            "pairs": [{"left": one["left"], "right": "لحام"} for one in matching()[1]["pairs"]],
            "others": ["قطع السلك", "كشف التيار"],
        }
    )

    (content, _key), (other, _other_key) = block.written({"ar": value}), block.written({"ar": mixed})

    assert content == other


@pytest.mark.parametrize(
    ("name", "sent", "status"),
    [
        ("question-3", "x" * 65, 400),
        ("question-3", "1e309", 200),
        ("question-3", "²", 200),
        ("question-4", "x" * 1_000_000, 400),
        ("question-4", "\x00", 200),
        ("question-5", "1", 400),
        ("question-5-9", "1", 400),
        ("question-5-1", "9", 400),
        ("question-0-1", "1", 400),
        ("question-2", "maybe", 400),
        ("question-6", "1", 400),
    ],
)
def test_what_a_kind_cannot_take_is_refused_and_changes_nothing(
    client: Client, attempt: Attempt, name: str, sent: str, status: int
):
    client.post(address("submit", attempt), {"question-2": "true"})

    answer = client.post(address("submit", attempt), {"question-2": "false", name: sent})

    assert answer.status_code == status
    if status == 400:
        assert saved(attempt) == {2: "true"}


def test_the_review_shows_what_was_answered_and_the_right_answers_once_no_attempt_is_left(
    client: Client, attempt: Attempt
):
    wrong = {f"question-{NUMERIC}": "7 A", f"question-{MATCHING}-1": "1", f"question-{TRUE_FALSE}": "false"}
    client.post(address("submit", attempt), {**wrong, "confirmed": "1"})
    attempt.refresh_from_db()

    with override("ar"):
        hidden, shown = (review(attempt, shows_right_options=shows) for shows in (False, True))

    assert (hidden[NUMERIC].line, hidden[NUMERIC].right_lines, shown[NUMERIC].right_lines) == (
        "7 A",
        [],
        ["5 A"],
    )
    assert shown[SHORT_TEXT].right_lines == ["سر القاطع", "breaker*"]
    assert [pair.right for pair in hidden[MATCHING].pairs] == ["", "", ""]
    assert [(pair.stem, pair.right) for pair in shown[MATCHING].pairs] == [
        ("مفك", "كشف التيار"),
        ("كماشة", "قطع السلك"),
        ("مقص", "قطع السلك"),
    ]
    assert [option.is_wrong for option in hidden[TRUE_FALSE].options] == [False, True]
    page = client.get(address("attempt", attempt)).content.decode()
    assert "7 A" in page or "٧ A" in page


def test_the_data_of_a_person_has_questions_and_answers_in_words(client: Client, attempt: Attempt):
    client.post(address("submit", attempt), {**right_answers(attempt), "confirmed": "1"})

    with override("ar"):
        rows = list(answer_rows(attempt.enrollment.person))

    assert [row["answer"] for row in rows] == [
        ["أفصل التيار"],
        ["مفك اختبار", "كماشة بمقبض مطاطي"],
        ["صواب"],
        ["٥٫٠٥ A"],
        ["سِر القاطع."],
        ["مفك: كشف التيار", "كماشة: قطع السلك", "مقص: قطع السلك"],
    ]
    assert rows[0]["question"] == "ما أول خطوة؟"


@pytest.mark.parametrize(
    ("block", "value", "change"),
    [
        (NumberBlock(), numeric()[1], {"value": "five"}),
        (NumberBlock(), numeric()[1], {"value": "1e309"}),
        (NumberBlock(), numeric()[1], {"value": "1,234"}),
        (NumberBlock(), numeric()[1], {"tolerance": "-1"}),
        (NumberBlock(), numeric()[1], {"units": [{"name": "m", "factor": "0"}]}),
        (NumberBlock(), numeric()[1], {"units": [], "is_unit_asked": True}),
        (ShortTextBlock(), short_text()[1], {"accepted": [" . "]}),
        (ShortTextBlock(), short_text()[1], {"accepted": ["* * * * * *"]}),
        (
            MatchingBlock(),
            matching()[1],
            {"pairs": [{"left": "أ", "right": "ب"}, {"left": "أ ", "right": "ج"}]},
        ),
        (MatchingBlock(), matching()[1], {"others": ["كشف التيار"]}),
        (TrueFalseBlock(), true_false()[1], {"text": ""}),
    ],
)
def test_what_cannot_be_marked_is_refused_when_it_is_written(block: Any, value: Any, change: dict[str, Any]):
    block.clean(block.to_python(value))

    with pytest.raises(ValidationError):
        block.clean(block.to_python({**value, **change}))


def test_blocks_show_editors_no_key():
    stream = QuestionBlocks()

    rendered = stream.render(
        stream.to_python(
            [{"type": kind, "value": value} for kind, value in (write() for write in EVERY_KIND)]
        )
    )

    assert not re.search(r"سر القاطع|breaker|1/1000|كشف التيار", rendered)
    assert SECRET_WHY not in rendered
