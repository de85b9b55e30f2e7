"""Each kind of question from its block over the form to the mark and the review, without a script."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from assessment.blocks import (
    FillInBlock,
    MatchingBlock,
    NumberBlock,
    OrderingBlock,
    QuestionBlocks,
    ShortTextBlock,
    TrueFalseBlock,
)
from assessment.marking.numbers import number_text
from assessment.models import Attempt, QuestionVersion, QuizPage
from assessment.queries.own_data import answer_rows
from assessment.queries.questions import questions_of
from assessment.queries.reviewing import review
from assessment.services.attempts import start_attempt
from assessment.services.freezing import freeze_questions
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import (
    SECRET_WHY,
    QuizPageFactory,
    asked,
    fill_in,
    generated,
    hotspot,
    matching,
    multiple,
    numeric,
    ordering,
    quizzed_cohort,
    saved,
    short_text,
    single,
    true_false,
)
from tests.factories.courses import EnrollmentFactory
from tests.factories.pages import site_of

pytestmark = pytest.mark.django_db

EVERY_KIND = (
    single,
    multiple,
    true_false,
    numeric,
    short_text,
    matching,
    ordering,
    fill_in,
    hotspot,
    generated,
)
# Slots of the kinds below.
TRUE_FALSE, NUMERIC, SHORT_TEXT, MATCHING, ORDERING, FILL_IN, HOTSPOT, GENERATED = range(2, 10)


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


def as_stored(value: dict[str, Any]) -> dict[str, Any]:
    return {**value, "picture": value["picture"].pk} if "picture" in value else value


def address(name: str, attempt: Attempt) -> str:
    return reverse(f"assessment:{name}", args=[attempt.public_id])


def right_pairs(attempt: Attempt) -> dict[str, str]:
    return {
        f"question-{MATCHING}-{stem}": choice
        for stem, choice in asked(attempt)[MATCHING].key["pairs"].items()
    }


def right_answers(attempt: Attempt) -> dict[str, Any]:
    questions = asked(attempt)
    drawn = questions_of(attempt)[GENERATED].values
    several = [option for option, weight in questions[1].key["weights"].items() if weight == "1/2"]
    return {
        "question-0": next(option for option, weight in questions[0].key["weights"].items() if weight == "1"),
        "question-1": several,
        f"question-{TRUE_FALSE}": "true",
        f"question-{NUMERIC}": "٥٫٠٥ A",
        f"question-{SHORT_TEXT}": "سِر القاطع.",
        **right_pairs(attempt),
        **{
            f"question-{ORDERING}-{step}": str(place)
            for place, step in enumerate(questions[ORDERING].key["order"], start=1)
        },
        f"question-{FILL_IN}-1": "قاطع التيار",
        f"question-{FILL_IN}-2": "٢٢٣",
        f"question-{FILL_IN}-3": next(iter(questions[FILL_IN].key["gaps"]["3"]["key"]["weights"])),
        f"question-{HOTSPOT}-points": "150,250 700,600",
        f"question-{GENERATED}": number_text(drawn["u"] / drawn["r"]),
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

    # The last of them is the choice to answer on the picture.
    assert page.count(" checked") == 5
    assert page.count(" selected") == 2 + 3 + 1
    assert 'value="150,250 700,600"' in page
    assert 'value="سِر القاطع."' in page
    assert "أجبت عن كل الأسئلة" in asked_once_more
    client.post(address("submit", attempt), {"confirmed": "1"})
    attempt.refresh_from_db()
    assert [float(answer.mark) for answer in attempt.answers.all()] == [1, 1, 1, 1, 1, 0.6666, 1, 1, 1, 1]


# A place of the key. Tokens against forgery, ids and names of files may have these digits among others.
ALONE_600 = r"(?<![\w-])600(?![\w-])"


def test_no_page_before_the_mark_says_what_is_right(client: Client, attempt: Attempt, quiz: QuizPage):
    client.post(address("submit", attempt), {f"question-{NUMERIC}": "7", f"question-{SHORT_TEXT}": "x"})

    pages = [
        client.get(address("attempt", attempt)),
        client.post(address("submit", attempt), {f"question-{NUMERIC}": "7"}),
        client.get(quiz.url, follow=True),
        client.get(address("state", attempt)),
    ]

    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert not re.search(
            rf"سر القاطع|breaker|1/1000|2%|weights|accepted|is_true|قاطع التيار|areas|secret-board|٦٠٠|{ALONE_600}|\{{u\}}",
            html,
        )
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
        ("question-99", "1", 400),
        ("question-6", "1", 400),
        ("question-6-1", "0", 400),
        ("question-6-1", "99", 400),
        ("question-6-1", "²", 400),
        ("question-6-9", "1", 400),
        ("question-6-", "1", 400),
        ("question-7-9", "x", 400),
        ("question-7-1", "x" * 201, 400),
        ("question-7-2", "1e309", 200),
        ("question-7-2", "NaN", 200),
        ("question-7-3", "9", 400),
        ("question-8-points", "1001,5", 400),
        ("question-8-points", "1,2,3", 400),
        ("question-8-points", "-1,2", 400),
        ("question-8-points", "٣,٤", 400),
        ("question-8-points", "1,1 2,2 3,3", 400),
        ("question-8-points", " ".join(["1,1"] * 10_000), 400),
        ("question-8-instead", "nowhere", 400),
        ("question-8-areas", "1,1", 400),
        ("question-9", "٣٫١٤", 200),
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
    assert [pair.right for slot in (ORDERING, FILL_IN) for pair in hidden[slot].pairs] == [""] * 6
    assert [pair.right for pair in shown[ORDERING].pairs] == ordering()[1]["items"]
    assert [pair.right for pair in shown[FILL_IN].pairs] == ["القاطع", "220", "قفاز عازل"]
    assert (hidden[HOTSPOT].picture.areas, len(shown[HOTSPOT].picture.areas)) == ([], 2)
    assert (hidden[GENERATED].right_lines, len(shown[GENERATED].right_lines)) == ([], 1)
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
        ["1: أفصل القاطع", "2: أعلق لافتة التحذير", "3: أفحص غياب التيار"],
        ["1: قاطع التيار", "2: ٢٢٣", "3: قفاز عازل"],
        ["150/1000, 250/1000", "700/1000, 600/1000"],
        [right_answers(attempt)[f"question-{GENERATED}"]],
    ]
    assert "____" in rows[FILL_IN]["question"]
    assert "{u}" not in rows[GENERATED]["question"]
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
        (NumberBlock(), generated()[1], {"value": "{u} / {x}"}),
        (NumberBlock(), generated()[1], {"value": "__import__('os')"}),
        (NumberBlock(), generated()[1], {"value": "10^400"}),
        (NumberBlock(), generated()[1], {"value": "{u} / ({r} - {r})"}),
        (NumberBlock(), generated()[1], {"value": "sqrt({u} - 230)"}),
        (NumberBlock(), generated()[1], {"text": "الجهد {u} فولت."}),
        (NumberBlock(), generated()[1], {"variables": [generated()[1]["variables"][0]] * 2}),
        (OrderingBlock(), ordering()[1], {"items": ["أ", "ب", "أ "]}),
        (OrderingBlock(), ordering()[1], {"items": ["أ", "ب"]}),
        (FillInBlock(), fill_in()[1], {"text": "[[1]] و[[2]]"}),
        (FillInBlock(), fill_in()[1], {"text": "[[1]] [[2]] [[3]] [[3]]"}),
        (FillInBlock(), fill_in()[1], {"gaps": [{"kind": "numeric", "right": ["x"]}] * 3}),
        (FillInBlock(), fill_in()[1], {"gaps": [{"kind": "single", "right": ["x"], "wrong": []}] * 3}),
        (FillInBlock(), fill_in()[1], {"gaps": [{"kind": "short_text", "right": ["x"], "wrong": ["y"]}] * 3}),
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
            [{"type": kind, "value": as_stored(value)} for kind, value in (write() for write in EVERY_KIND)]
        )
    )

    assert not re.search(
        rf"سر القاطع|breaker|1/1000|كشف التيار|قاطع التيار|قفاز|{ALONE_600}|secret-board", rendered
    )
    steps = [rendered.index(step) for step in ordering()[1]["items"]]
    assert steps != sorted(steps)
    assert SECRET_WHY not in rendered


def test_a_place_given_twice_is_refused_with_the_number_of_the_question_and_what_was_given(
    client: Client, attempt: Attempt
):
    steps = [step["id"] for step in asked(attempt)[ORDERING].content["items"]]
    twice = {f"question-{ORDERING}-{step}": "2" for step in steps[:2]}

    with override("ar"):
        refused = client.post(address("submit", attempt), {"question-2": "true", **twice})

    html = refused.content.decode()
    attempt.refresh_from_db()
    assert refused.status_code == 400
    assert "لخطوتين من السؤال" in html
    assert len(re.findall(r'value="2" selected', html)) == 2
    assert saved(attempt) == {}


def test_steps_without_a_place_stay_without_one(client: Client, attempt: Attempt):
    third = asked(attempt)[ORDERING].key["order"][2]

    client.post(address("submit", attempt), {f"question-{ORDERING}-{third}": "3"})
    page = client.get(address("attempt", attempt)).content.decode()
    client.post(address("submit", attempt), {f"question-{ORDERING}-{third}": "3", "confirmed": "1"})

    attempt.refresh_from_db()
    assert page.count('value="3" selected') == 1
    assert attempt.answers.get(slot=ORDERING).response == [None, None, third]
    assert float(attempt.answers.get(slot=ORDERING).mark) == 0.3333


def test_values_differ_by_attempt_and_slot_and_stay_as_they_were(quiz: QuizPage, client: Client):
    quiz.questions = [generated(), generated("{u} / {r}?")]
    quiz.save()
    trainees = [EnrollmentFactory(cohort=quizzed_cohort(quiz, asks=None)) for _one in range(2)]
    attempts = [
        start_attempt(
            enrollment_id=one.pk,
            unit_key=quiz.translation_key,
            by=TraineeFactory(person=one.person),
        )
        for one in trainees
    ]

    drawn = [one.values for attempt in attempts for one in questions_of(attempt)]

    assert len({tuple(sorted(values.items())) for values in drawn}) == 4
    assert drawn == [one.values for attempt in Attempt.objects.all() for one in questions_of(attempt)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(pk=attempts[0].pk).update(seed=attempts[0].seed + 1)


def test_pages_in_two_languages_are_one_question_of_every_kind():
    arabic = QuizPageFactory(questions=[write() for write in EVERY_KIND])
    english = QuizPageFactory(
        questions=[
            ("ordering", {**ordering()[1], "items": ["Off", "Sign", "Test"]})
            if write is ordering
            else write()
            for write in EVERY_KIND
        ]
    )
    english.questions[HOTSPOT].value["picture"] = arabic.questions[HOTSPOT].value["picture"]

    drawn = freeze_questions({"ar": arabic, "en": english}, language="en")
    content = QuestionVersion.objects.get(pk=drawn[ORDERING].version).content

    assert [sorted(item["text"]) for item in content["items"]] == [["ar", "en"]] * 3
    assert {(item["text"]["ar"], item["text"]["en"]) for item in content["items"]} == set(
        zip(ordering()[1]["items"], ["Off", "Sign", "Test"], strict=True)
    )


def test_markup_in_parts_of_questions_is_text(quiz: QuizPage):
    bad = '<b id="x">'
    quiz.questions = [
        ("ordering", {**ordering()[1], "items": [f"{bad}{number}" for number in range(3)]}),
        ("fill_in", {**fill_in()[1], "text": f"{bad} [[1]] [[2]] [[3]]"}),
        ("hotspot", {**hotspot()[1], "alt": bad, "instead_text": bad}),
    ]
    quiz.save()
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
    trainee = TraineeFactory(person=enrollment.person)
    attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee)
    client = Client()
    client.force_login(trainee)

    asked_page = client.get(address("attempt", attempt)).content.decode()
    answers = {"question-0-1": "1", "question-1-1": bad, "question-2-points": "1,1"}
    client.post(address("submit", attempt), {**answers, "confirmed": "1"})
    result = client.get(address("attempt", attempt)).content.decode()

    for html in (asked_page, result):
        assert bad not in html
        assert html.count("&lt;b id=&quot;x&quot;&gt;") >= 4


def test_what_a_device_sends_of_a_kind_is_saved_or_refused_whole(client: Client, attempt: Attempt):
    good = {
        ORDERING: ["3", None, "1"],
        FILL_IN: {"1": "القاطع", "3": "2"},
        HOTSPOT: {"points": [[0, 1000], [5, 5]]},
    }
    bad: list[tuple[int, Any]] = [
        (ORDERING, ["1", "1"]),
        (ORDERING, ["1", "2", "3", "1"]),
        (ORDERING, {"1": "1"}),
        (FILL_IN, {"9": "x"}),
        (FILL_IN, {"1": 5}),
        (FILL_IN, ["x"]),
        (HOTSPOT, {"points": [[0, 1001]]}),
        (HOTSPOT, {"points": [[0.5, 1]]}),
        (HOTSPOT, {"points": [[1, 1]] * 10_000}),
        (HOTSPOT, {"points": [], "instead": "x"}),
        (HOTSPOT, {"areas": []}),
    ]

    def send(seq: int, slot: int, response: Any) -> HttpResponse:
        body = {"epoch": 1, "changes": [{"seq": seq, "slot": slot, "response": response}]}
        return client.post(address("changes", attempt), body, content_type="application/json")

    receipts = [send(seq, slot, good[slot]) for seq, slot in enumerate(good, start=1)]
    refusals = [send(10 + seq, *one) for seq, one in enumerate(bad)]

    assert [one.status_code for one in receipts] == [200] * 3
    assert [(one.status_code, one.json()["code"]) for one in refusals] == [(400, "unreadable")] * len(bad)
    assert saved(attempt) == good
