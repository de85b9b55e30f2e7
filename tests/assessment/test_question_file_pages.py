"""The pages on which questions are brought in and taken out, from the workplace."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from accounts.enums import RoleName
from accounts.models import Center, User
from assessment.enums import FileFormat, QuestionState, RemarkKind
from assessment.exchange.item import FaultCode, NoteCode, UnsupportedCode, UnwritableCode
from assessment.exchange_words import BY_KIND, FAULTS, NOTES, UNSUPPORTED, UNWRITABLE, OwnCode
from assessment.models import Question, QuestionImport
from assessment.queries.bank import draft_of
from tests.assessment.question_files import (
    GIFT,
    MOODLE,
    brought_in,
    checked,
    counts,
    places_on_a_picture,
    sent,
    signed_in,
    uploaded,
    worked,
)
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.bank import published_in

pytestmark = pytest.mark.django_db

LIST_STATEMENTS = 13
PAGE_STATEMENTS = 18


@pytest.fixture
def writer(center: Center) -> User:
    return staff_member(RoleName.INSTRUCTOR, center)


def page_of(client: Client, run: QuestionImport, **asked: str) -> str:
    text: str = client.get(reverse("question_imports:inspect", args=[run.pk]), asked).text
    return text


def test_a_file_is_uploaded_checked_read_and_brought_in(center: Center, writer: User):
    client = signed_in(writer)

    sent(client, MOODLE.encode(), center=center, tags="دفعة ٣، سلامة")
    run = worked(QuestionImport.objects.get())
    page = page_of(client, run)
    assert run.file_format == FileFormat.MOODLE_XML
    assert reverse("question_imports:start", args=[run.pk]) in page
    assert not Question.objects.exists()
    client.post(reverse("question_imports:start", args=[run.pk]))
    run = worked(run)

    assert counts(run) == (3, 0, 0, 0)
    assert {row.author for row in Question.objects.all()} == {writer}
    assert "دفعة ٣" in client.get(reverse("bank:index"), {"tag": "دفعة ٣"}).text


def test_the_limits_of_a_file_are_said_before_it_is_chosen(writer: User):
    page = signed_in(writer).get(reverse("question_imports:add")).text

    for limit in ("25 ميجابايت", "20000 سؤال", "5 ميجابايت", 'accept=".txt,.gift,.xml,.zip,.xlsx,.csv"'):
        assert limit in page


@pytest.mark.parametrize(("data", "name", "sentence"), [
    (b"", "a.xml", None),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a.xml", FAULTS[FaultCode.NOT_TEXT]),
    (b"<html><body>{T}</body></html>", "a.xml", FAULTS[FaultCode.FORM]),
    (b" \n", "a.txt", FAULTS[FaultCode.NO_QUESTIONS]),
    ("رسالة".encode(), "a.txt", None),
])  # fmt: skip
def test_what_is_no_file_of_questions_stays_in_the_form_and_nothing_is_stored(
    center: Center, writer: User, data: bytes, name: str, sentence: str | None
):
    answer = sent(signed_in(writer), data, center=center, name=name)

    assert answer.status_code == 200
    assert sentence is None or str(sentence) in answer.text
    assert not QuestionImport.objects.exists()


def test_a_format_that_the_content_does_not_say_is_chosen(center: Center, writer: User):
    client = signed_in(writer)
    data = "ما وحدة التيار؟".encode()

    assert sent(client, data, center=center).status_code == 200
    sent(client, data, center=center, file_format="gift")

    assert QuestionImport.objects.get().file_format == FileFormat.GIFT


def test_a_file_that_is_too_large_is_refused_in_the_form(
    center: Center, writer: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("assessment.viewsets.question_file_form.MOST_BYTES", 10)

    answer = sent(signed_in(writer), GIFT.encode(), center=center)

    assert answer.status_code == 200
    assert not QuestionImport.objects.exists()


def test_no_one_uploads_for_another_center_or_for_the_ministry(writer: User):
    client = signed_in(writer)

    for other in (CenterFactory(), None):
        assert sent(client, GIFT.encode(), center=other).status_code == 200
    assert not QuestionImport.objects.exists()


def test_each_error_is_listed_with_its_line_its_words_and_a_sentence(center: Center, writer: User):
    run = checked(GIFT, owner=center, by=writer)

    page = page_of(signed_in(writer), run, only=RemarkKind.FAULT)

    assert str(FAULTS[FaultCode.BRACES]) in page
    assert "ما وحدة التيار؟ {=أمبير" in page
    assert str(UNSUPPORTED[UnsupportedCode.DESCRIPTION]) in page_of(
        signed_in(writer), run, only=RemarkKind.UNSUPPORTED
    )


def test_a_refused_file_says_why_and_where(center: Center, writer: User):
    broken = checked("<quiz>\n<question></quiz>", owner=center, by=writer, file_format=FileFormat.MOODLE_XML)
    table = checked('kind,question\nx,"open', owner=center, by=writer, file_format=FileFormat.TABLE)

    assert str(FAULTS[FaultCode.XML]) in page_of(signed_in(writer), broken)
    assert reverse("question_imports:start", args=[broken.pk]) not in page_of(signed_in(writer), broken)
    assert 'class="batch"' in page_of(signed_in(writer), table)


def test_the_list_of_remarks_is_downloaded_without_a_formula(center: Center, writer: User):
    run = checked("=HYPERLINK(1) {=a", owner=center, by=writer)

    answer = signed_in(writer).get(reverse("question_imports:remarks", args=[run.pk]))
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))

    assert rows[1][0] == "1"
    assert rows[1][5].startswith("'=")


def test_a_colleague_reads_the_check_and_does_not_start_it(center: Center, writer: User):
    run = checked(GIFT, owner=center, by=writer)
    manager = signed_in(staff_member(RoleName.CENTER_MANAGER, center))

    page = page_of(manager, run)
    manager.post(reverse("question_imports:start", args=[run.pk]))

    assert reverse("question_imports:start", args=[run.pk]) not in page
    assert not Question.objects.exists()


@pytest.mark.parametrize("role", [RoleName.ASSESSOR, RoleName.REGISTRAR])
def test_who_writes_no_questions_finds_no_files(center: Center, role: RoleName):
    run = checked(GIFT, owner=center)
    client = signed_in(staff_member(role, center))

    assert client.get(reverse("question_imports:inspect", args=[run.pk])).status_code == 404
    assert client.get(reverse("question_imports:add")).status_code == 404
    assert client.get(reverse("question_imports:remarks", args=[run.pk])).status_code == 404


def test_another_center_finds_no_file(center: Center):
    run = checked(GIFT, owner=center)
    client = signed_in(staff_member(RoleName.INSTRUCTOR, CenterFactory()))

    assert client.get(reverse("question_imports:inspect", args=[run.pk])).status_code == 404
    assert client.post(reverse("question_imports:start", args=[run.pk])).status_code == 404


def test_every_code_has_a_sentence_in_both_languages():
    own = set(OwnCode)
    assert set(FaultCode) <= set(FAULTS) <= set(FaultCode) | own
    assert set(NoteCode) <= set(NOTES) <= set(NoteCode) | own
    assert set(UnsupportedCode) <= set(UNSUPPORTED) <= set(UnsupportedCode) | own
    assert set(UnwritableCode) == set(UNWRITABLE)
    assert own <= {code for sentences in BY_KIND.values() for code in sentences}
    for sentences in (*BY_KIND.values(), UNWRITABLE):
        for code, sentence in sentences.items():
            with override("en"):
                english = str(sentence)
            with override("ar"):
                arabic = str(sentence)
            assert arabic != english, code
            assert any("\u0621" <= letter <= "\u064a" for letter in arabic), code


def test_the_list_takes_the_same_statements_however_many_files(
    center: Center, writer: User, django_assert_num_queries: DjangoAssertNumQueries
):
    client = signed_in(writer)
    for count in (1, 2):
        for _number in range(count):
            uploaded(GIFT, owner=center, by=writer)
        client.get(reverse("question_imports:index"))
        with django_assert_num_queries(LIST_STATEMENTS):
            client.get(reverse("question_imports:index"))


def test_the_page_takes_the_same_statements_however_many_remarks(
    center: Center, writer: User, django_assert_num_queries: DjangoAssertNumQueries
):
    client = signed_in(writer)
    for text in ("س {", "س {\n\nص {\n\nع {"):
        run = checked(text, owner=center, by=writer)
        page_of(client, run)
        with django_assert_num_queries(PAGE_STATEMENTS):
            page_of(client, run)


# Out of the bank


def test_an_imported_draft_goes_through_its_review(center: Center, writer: User):
    brought_in(GIFT, owner=center, by=writer)
    manager = signed_in(staff_member(RoleName.CENTER_MANAGER, center))
    question = Question.objects.order_by("pk")[0]

    signed_in(writer).post(reverse("bank:submit", args=[question.pk]))
    page = manager.get(reverse("bank:inspect", args=[question.pk]))
    digest = page.context["digest"]
    signed_in(writer).post(reverse("bank:publish", args=[question.pk]), {"digest": digest})
    question.refresh_from_db()
    assert question.state == QuestionState.REVIEW
    manager.post(reverse("bank:publish", args=[question.pk]), {"digest": digest})

    question.refresh_from_db()
    assert question.state == QuestionState.PUBLISHED


@pytest.mark.parametrize("whose", ["an author", "a center that reads what the ministry published"])
def test_a_place_on_a_picture_is_shown_to_who_reads_the_question(center: Center, whose: str):
    brought_in(places_on_a_picture(), owner=None, file_format=FileFormat.MOODLE_XML)
    draft = draft_of(Question.objects.get())
    # As an author writes it in the form: no format has it, and no review begins without it.
    draft.content["alt"] = {"ar": "لوحة"}
    question = published_in(None, draft) if whose != "an author" else Question.objects.get()
    reader = signed_in(question.author if whose == "an author" else staff_member(RoleName.INSTRUCTOR, center))

    page = reader.get(reverse("bank:inspect", args=[question.pk])).text
    picture = reader.get(reverse("bank:picture", args=[question.pk]))
    other = signed_in(staff_member(RoleName.REGISTRAR, center)).get(
        reverse("bank:picture", args=[question.pk])
    )

    assert reverse("bank:picture", args=[question.pk]) in page
    assert '<rect x="100" y="100" width="300" height="300"' in page
    assert picture["Content-Type"] == "image/webp"
    assert whose != "an author" or reader.get(reverse("bank:edit", args=[question.pk])).status_code == 200
    assert other.status_code == 404


def test_a_text_with_gaps_of_a_file_is_tried_out_and_opens_in_the_form(center: Center, writer: User):
    source = "يُفصل {1:SHORTANSWER:=القاطع} قبل الفتح، ويُلبس {1:MULTICHOICE:=قفاز~خاتم}، والجهد {1:NUMERICAL:=220:5} فولت."
    document = f'<quiz><question type="cloze"><name><text>أ</text></name><questiontext format="html"><text>{source}</text></questiontext></question></quiz>'
    brought_in(document, owner=center, by=writer, file_format=FileFormat.MOODLE_XML)
    question = Question.objects.get()
    client = signed_in(writer)

    page = client.get(
        reverse("bank:inspect", args=[question.pk]),
        {"try": "ar", "question-0-1": "القاطع", "question-0-2": "2", "question-0-3": "٢٢٠"},
    )

    assert page.context["trial"].percent == 100
    assert client.get(reverse("bank:edit", args=[question.pk])).status_code == 200
