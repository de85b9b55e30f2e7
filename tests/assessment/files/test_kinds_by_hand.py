"""Essays and files from the block over the form to the result, without a script: no page says before its time what they are marked by."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page

from accounts.models import User
from accounts.services.erasures import erase_person
from assessment.blocks import EssayBlock, FilesBlock, QuestionBlocks
from assessment.enums import AttemptState
from assessment.models import AnswerFile, AnswerFilePart, Attempt, QuizPage
from assessment.queries.own_data import answer_rows
from assessment.queries.questions import stored_questions
from assessment.queries.responses_by_hand import answer_to_read, answers_to_read, rubric_of
from assessment.services.answer_files import Device, path_of, receive_file
from assessment.services.ending import finish_marking
from assessment.services.freezing import freeze_questions
from tests.factories.accounts import UserFactory
from tests.factories.assessment import (
    RUBRIC,
    SECRET_WHY,
    QuizPageFactory,
    essay,
    files,
    photo,
    saved,
)
from tests.factories.pages import site_of

pytestmark = pytest.mark.django_db

ESSAY, SHOWN, FILES = range(3)
WRITTEN = "أفصل القاطع.\n\nثم أفحص <b>غياب</b> التيار."


@pytest.fixture
def quiz() -> QuizPage:
    quiz = QuizPageFactory(questions=[essay(), essay("اشرح.", is_shown=True), files()])
    site_of(quiz.get_ancestors().get(depth=2), hostname="localhost")
    return quiz


def address(name: str, attempt: Attempt, *more: Any) -> str:
    return reverse(f"assessment:{name}", args=[attempt.public_id, *more])


def send_file(client: Client, attempt: Attempt, data: bytes | None = None) -> None:
    file = SimpleUploadedFile("x.jpg", data or photo(90))
    client.post(address("files", attempt, FILES), {"epoch": attempt.epoch, "file": file})


def hand_in(client: Client, attempt: Attempt, text: str = WRITTEN) -> None:
    client.post(address("submit", attempt), {"question-0": text, "confirmed": "1"})


def marked(attempt: Attempt, shares: dict[int, Decimal]) -> None:
    with transaction.atomic():
        locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
        finish_marking(locked, shares)


def test_no_page_before_the_mark_says_what_the_answers_are_marked_by(
    client: Client, attempt: Attempt, quiz: QuizPage
):
    send_file(client, attempt)
    pages = [
        client.get(address("attempt", attempt)),
        client.post(address("submit", attempt), {"question-0": WRITTEN}),
        client.post(address("submit", attempt), {"question-0": ["a", "b"]}),
        client.get(address("files", attempt, FILES)),
        client.post(address("files", attempt, FILES), {"epoch": "1"}),
        client.get(address("state", attempt)),
        client.get(quiz.url, follow=True),
    ]
    hand_in(client, attempt)
    pages += [client.get(address("attempt", attempt)), client.get(quiz.url, follow=True)]

    assert Attempt.objects.get().state == AttemptState.AWAITING
    for page in pages:
        html = page.content.decode()
        # That of the second question is shown while it is answered, by its author's will: nothing else of its key is.
        shown = re.sub(r'<details class="rubric">.*?</details>', "", html, flags=re.DOTALL)
        assert "سر-" not in shown
        assert "السلامة" not in shown
        assert SECRET_WHY not in html
        assert html.count('<details class="rubric">') == (1 if "<textarea" in html else 0)


def test_what_was_written_is_kept_with_its_lines_and_shown_as_text(client: Client, attempt: Attempt):
    client.post(address("submit", attempt), {"question-0": f"  {WRITTEN}\n "})

    page = client.get(address("attempt", attempt)).content.decode()

    assert saved(attempt) == {ESSAY: WRITTEN}
    assert "أفصل القاطع.\n\nثم أفحص &lt;b&gt;غياب&lt;/b&gt; التيار.</textarea>" in page
    assert 'id="words-1"' in page
    assert "نحو ١٢٠ كلمة" in page


def test_an_essay_is_as_long_as_its_field_and_no_longer(client: Client, attempt: Attempt):
    change = {"epoch": 1, "changes": [{"seq": 1, "slot": ESSAY, "response": "ب" * 20_000}]}
    longer = {"epoch": 1, "changes": [{"seq": 2, "slot": ESSAY, "response": "ب" * 20_001}]}

    answers = [
        client.post(address("changes", attempt), one, content_type="application/json")
        for one in (change, longer)
    ]

    assert [one.status_code for one in answers] == [200, 400]
    assert answers[1].json()["code"] == "unreadable"
    assert len(saved(attempt)[ESSAY]) == 20_000


def test_the_result_shows_what_was_sent_and_why(client: Client, attempt: Attempt):
    send_file(client, attempt)
    client.post(address("submit", attempt), {"question-1": WRITTEN})
    hand_in(client, attempt)
    waiting = client.get(address("attempt", attempt)).content.decode()
    marked(attempt, {ESSAY: Decimal("0.5"), SHOWN: Decimal(1), FILES: Decimal(1)})

    result = client.get(address("attempt", attempt)).content.decode()

    file = AnswerFile.objects.get()
    read = address("answer_file", attempt, file.public_id)
    for page in (waiting, result):
        assert "ثم أفحص &lt;b&gt;غياب&lt;/b&gt; التيار." in page
        assert page.count(read) == 2
    assert SECRET_WHY in result
    assert client.get(read).status_code == 200


def test_the_model_answer_waits_for_the_last_attempt(client: Client, attempt: Attempt, quiz: QuizPage):
    hand_in(client, attempt)
    marked(attempt, {ESSAY: Decimal("0.1998")})

    result = client.get(address("attempt", attempt).replace("/ar/", "/en/")).content.decode()

    attempt.refresh_from_db()
    assert quiz.attempts_allowed > 1
    assert not attempt.passed
    assert "The right answers are shown after the last one." in result
    assert SECRET_WHY not in result


def test_what_a_marker_reads_has_its_lines_and_files_without_names(client: Client, attempt: Attempt):
    send_file(client, attempt)
    send_file(client, attempt, photo(100))
    asked = stored_questions(attempt.versions)
    response = saved(attempt)[FILES]

    text, sent = answers_to_read([(asked[ESSAY], WRITTEN), (asked[FILES], response[::-1])])

    assert (text.text, text.files) == (WRITTEN, [])
    assert (sent.text, [str(file.public_id) for file in sent.files]) == ("", response[::-1])
    assert answer_to_read(asked[FILES], None).is_empty
    [order, safety] = rubric_of(asked[ESSAY].key)
    assert (order.text, order.most, [level.points for level in safety.levels]) == ("الترتيب", 4, [2, 0])
    assert rubric_of(asked[ESSAY].content) == []


def test_one_query_reads_files_whether_they_are_many_or_one(
    client: Client, attempt: Attempt, django_assert_num_queries: Any
):
    send_file(client, attempt)
    send_file(client, attempt, photo(100))
    asked, response = stored_questions(attempt.versions)[FILES], saved(attempt)[FILES]

    for named in (response, response[:1]):
        with django_assert_num_queries(1):
            answer_to_read(asked, named)
    with django_assert_num_queries(0):
        answer_to_read(asked, None)


def test_ones_own_data_has_the_text_and_the_list_of_files(client: Client, attempt: Attempt, trainee: User):
    send_file(client, attempt)
    hand_in(client, attempt)

    essay_row, _empty, files_row = answer_rows(trainee.person)

    file = AnswerFile.objects.get()
    assert essay_row["answer"] == [WRITTEN]
    assert files_row["answer"] == [f"picture {file.public_id}, 1 p., {file.size} bytes"]


def test_what_was_handed_in_stays_as_a_record_when_data_are_erased_and_what_was_taken_back_goes(
    client: Client, attempt: Attempt, trainee: User, django_capture_on_commit_callbacks: Any
):
    send_file(client, attempt)
    lonely = receive_file(attempt=attempt, slot=FILES, device=Device(attempt.holder, 1), data=photo(110))
    [kept] = saved(attempt)[FILES]
    hand_in(client, attempt)
    path = path_of(lonely.path)
    assert path.exists()

    # Who studies, or waits for a mark, is not erased: with the pass, the program is completed.
    marked(attempt, {slot: Decimal(1) for slot in (ESSAY, SHOWN, FILES)})
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(person_id=trainee.person_id, reason="طلب المحو", by=UserFactory())

    assert [str(file.public_id) for file in AnswerFile.objects.all()] == [kept]
    assert not path.exists()
    assert AnswerFilePart.objects.count() == 0
    assert attempt.answers.get(slot=ESSAY).response == WRITTEN


def test_the_page_of_authors_shows_the_rubric_where_trainees_see_it(quiz: QuizPage):
    blocks = QuestionBlocks().to_python(
        [{"type": kind, "value": value} for kind, value in (essay(), essay(is_shown=True), files())]
    )

    hidden, shown, sent = (block.render() for block in blocks)

    assert "سر-" in shown
    assert "سر-" not in hidden + sent
    assert all(SECRET_WHY not in one for one in (hidden, shown, sent))


def test_pages_of_both_languages_are_one_question_with_one_rubric(quiz: QuizPage):
    english = [
        {
            "text": "Order",
            "levels": [
                {"text": name, "earns": points} for name, points in (("All", 4), ("Some", 2), ("None", 0))
            ],
        },
        {"text": "Safety", "levels": [{"text": "Said", "earns": 2}, {"text": "Not said", "earns": 0}]},
    ]
    block = EssayBlock()
    ar = block.to_python(essay(is_shown=True)[1])
    en = block.to_python({**essay("Describe.", is_shown=True)[1], "rubric": english})

    content, key = block.whole({"ar": ar, "en": en})

    assert block.shape(ar) == block.shape(en)
    assert key["rubric"][0]["text"] == {"ar": "الترتيب", "en": "Order"}
    assert key["rubric"][0]["levels"][2] == {
        "id": "3",
        "text": {"ar": "سر-بلا ترتيب", "en": "None"},
        "points": 0,
    }
    assert content == {"text": {"ar": ar["text"], "en": "Describe."}, "words": 120, "rubric": key["rubric"]}


def test_an_author_is_told_what_is_wrong_with_a_rubric():
    twice = [{**RUBRIC[0]}, {**RUBRIC[0]}]
    flat = [{"text": "الترتيب", "levels": [{"text": "أ", "earns": 1}, {"text": "ب", "earns": 1}]}]

    for rubric in (twice, flat):
        for block, value in ((EssayBlock(), essay()[1]), (FilesBlock(), files()[1])):
            with pytest.raises(ValidationError):
                block.clean(block.to_python({**value, "rubric": rubric}))
    plain = EssayBlock()
    assert plain.clean(plain.to_python({**essay()[1], "rubric": [], "words": None}))["words"] is None


def test_a_quiz_page_keeps_the_kinds_that_a_person_marks(quiz: QuizPage):
    again = Page.objects.get(pk=quiz.pk).specific

    with override("ar"):
        frozen = freeze_questions({"ar": again}, language="ar")

    kinds = [one.kind for one in stored_questions([one.version for one in frozen])]
    assert kinds == ["essay", "essay", "files"]
    assert [one.points for one in frozen] == [6, 6, 4]
