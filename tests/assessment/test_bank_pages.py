"""The question bank in the staff workplace."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.enums import RoleName
from accounts.models import Center, User
from assessment.bilingual import Draft
from assessment.enums import QuestionState
from assessment.models import Question, QuestionPicture
from assessment.services.bank import change_question, publish_question, submit_question
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.assessment import board
from tests.factories.bank import (
    LABELS,
    TYPED,
    both,
    digest_in,
    drafted,
    in_review,
    items,
    option,
    published_in,
    question_in,
)

pytestmark = pytest.mark.django_db

LIST_STATEMENTS = 6
CHOOSER_STATEMENTS = 5
PAGE_STATEMENTS = 25


@pytest.fixture
def center() -> Center:
    return CenterFactory()


@pytest.fixture
def writer(center: Center) -> User:
    return staff_member(RoleName.INSTRUCTOR, center)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def posted(center: Center | None, **changes: str) -> dict[str, str]:
    """What the form of a statement sends."""
    return {
        "owner": str(center.pk) if center else "",
        "question-count": "1",
        "question-0-deleted": "",
        "question-0-order": "0",
        "question-0-type": "true_false",
        "question-0-id": "",
        "question-0-value-text-ar": "يُقطع التيار قبل الفتح.",
        "question-0-value-text-en": "The current is cut before opening.",
        "question-0-value-is_true": "on",
        "question-0-value-explanation-ar": "",
        "question-0-value-explanation-en": "",
        "tags": "سلامة، لوحات",
        "difficulty": "2",
        "competence": "",
        "occupation": "7411",
        **changes,
    }


def published_again(question: Question, draft: Draft, by: User) -> Question:
    change_question(question_id=question.pk, draft=draft, labels=LABELS, by=question.author)
    question = submit_question(question_id=question.pk, by=question.author)
    return publish_question(question_id=question.pk, digest=digest_in(question), by=by)


def test_a_question_is_written_in_both_languages(center: Center, writer: User) -> None:
    answer = signed_in(writer).post(reverse("bank:add"), posted(center))

    question = Question.objects.get()
    assert answer.status_code == 302
    assert question.owner == center
    assert question.author == writer
    assert question.draft["content"]["text"]["en"] == "The current is cut before opening."
    assert question.tags == ["سلامة", "لوحات"]
    assert question.difficulty == 2


def test_a_question_without_a_whole_language_stays_in_the_form(center: Center, writer: User) -> None:
    answer = signed_in(writer).post(
        reverse("bank:add"),
        posted(center, **{"question-0-value-text-ar": "", "question-0-value-text-en": ""}),
    )

    assert answer.status_code == 200
    assert not Question.objects.exists()


@pytest.mark.parametrize("whose", ["the ministry", "another center"])
def test_no_center_writes_for_the_ministry_or_for_another_center(
    center: Center, writer: User, whose: str
) -> None:
    other = str(CenterFactory().pk) if whose == "another center" else ""

    answer = signed_in(writer).post(reverse("bank:add"), posted(center, owner=other))

    assert answer.status_code == 200
    assert not Question.objects.exists()


def test_the_ministry_writes_questions_of_its_own() -> None:
    signed_in(staff_member(RoleName.MINISTRY_OFFICER)).post(reverse("bank:add"), posted(None))

    assert Question.objects.get().owner is None


@pytest.mark.parametrize("kind", sorted(TYPED))
def test_the_form_opens_every_kind(center: Center, kind: str) -> None:
    question = question_in(center, drafted(kind))

    page = signed_in(question.author).get(reverse("bank:edit", args=[question.pk]))

    assert page.status_code == 200
    assert "What" in page.text or "current" in page.text or "ampere" in page.text or "tools" in page.text


def test_a_change_is_saved_by_the_form(center: Center, writer: User) -> None:
    question = question_in(center, drafted("true_false"), by=writer)
    text = {"question-0-value-text-ar": "يُقطع التيار دائمًا قبل الفتح."}

    answer = signed_in(writer).post(reverse("bank:edit", args=[question.pk]), posted(center, **text))

    question.refresh_from_db()
    assert answer.status_code == 302
    assert question.draft["content"]["text"]["ar"] == text["question-0-value-text-ar"]


def test_a_question_goes_from_its_author_to_another_person_and_into_force(
    center: Center, writer: User
) -> None:
    question = question_in(center, by=writer)
    manager = signed_in(staff_member(RoleName.CENTER_MANAGER, center))
    signed_in(writer).post(reverse("bank:submit", args=[question.pk]))

    page = manager.get(reverse("bank:inspect", args=[question.pk])).text
    manager.post(reverse("bank:publish", args=[question.pk]), {"digest": digest_in(question)})

    question.refresh_from_db()
    assert digest_in(question) in page
    assert question.state == QuestionState.PUBLISHED


def test_its_author_finds_no_button_that_publishes_and_is_refused_without_one(center: Center) -> None:
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    question = in_review(center, by=manager)
    client = signed_in(manager)

    page = client.get(reverse("bank:inspect", args=[question.pk])).text
    client.post(reverse("bank:publish", args=[question.pk]), {"digest": digest_in(question)})

    question.refresh_from_db()
    assert reverse("bank:publish", args=[question.pk]) not in page
    assert question.state == QuestionState.REVIEW


def test_an_answer_is_tried_out_and_nothing_of_it_is_kept(center: Center, writer: User) -> None:
    question = question_in(center, by=writer)
    right = question.draft["content"]["options"][0]["id"]
    address = reverse("bank:inspect", args=[question.pk])

    page = signed_in(writer).get(address, {"try": "en", "question-0": right}).text
    odd = signed_in(writer).get(address, {"try": "en", "question-0": "nothing of this question"})

    assert "100" in page
    assert odd.status_code == 200


@pytest.mark.parametrize("kind", sorted(TYPED))
def test_the_page_of_each_kind_shows_both_languages_and_what_is_right(center: Center, kind: str) -> None:
    question = published_in(center, drafted(kind))

    page = signed_in(question.author).get(reverse("bank:inspect", args=[question.pk])).text

    # Gaps are shown as they are filled in.
    for text in TYPED[kind]["text"].values():
        assert text.partition("[[")[0] in page
    assert "bank__key" in page


def test_a_center_reads_what_the_ministry_published_and_nothing_of_its_drafts(writer: User) -> None:
    published, draft = published_in(None), question_in(None)
    signed_in(published.author).post(
        reverse("bank:edit", args=[published.pk]),
        posted(None, **{"question-0-value-text-ar": "مسودة سرية للوزارة"}),
    )
    client = signed_in(writer)

    page = client.get(reverse("bank:inspect", args=[published.pk]))

    assert page.status_code == 200
    assert "ما أول خطوة؟" in page.text
    assert "مسودة سرية" not in page.text
    assert str(published.author) not in page.text
    assert client.get(reverse("bank:inspect", args=[draft.pk])).status_code == 404
    assert client.get(reverse("bank:edit", args=[published.pk])).status_code == 404
    assert "مسودة سرية" not in client.get(reverse("bank:index")).text


@pytest.mark.parametrize(
    "role", [RoleName.REGISTRAR, RoleName.AUDITOR, RoleName.INSPECTOR, RoleName.CERTIFYING_OFFICER]
)
def test_other_staff_find_no_bank(center: Center, role: RoleName) -> None:
    question = published_in(center)
    of_ministry = {RoleName.AUDITOR, RoleName.INSPECTOR, RoleName.CERTIFYING_OFFICER}
    client = signed_in(staff_member(role, None if role in of_ministry else center))

    assert client.get(reverse("bank:index")).status_code == 404
    assert client.get(reverse("bank:inspect", args=[question.pk])).status_code == 404


def test_a_question_under_review_has_no_form(center: Center, writer: User) -> None:
    question = in_review(center, by=writer)

    answer = signed_in(writer).get(reverse("bank:edit", args=[question.pk]))

    assert answer.url == reverse("bank:inspect", args=[question.pk])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_and_the_chooser_take_as_many_statements_for_many_rows(
    center: Center, writer: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _row in range(rows):
        published_in(center)
    published_in(None)
    client = signed_in(writer)
    client.get(reverse("bank:index_results"))

    with django_assert_num_queries(LIST_STATEMENTS):
        page = client.get(
            reverse("bank:index_results"),
            {"q": "خطوة", "tag": "سلامة", "state": "published", "difficulty": "2"},
        )
    with django_assert_num_queries(CHOOSER_STATEMENTS):
        chooser = client.get(reverse("bank_chooser:choose_results"), {"q": "first"})

    assert page.text.count("ما أول خطوة؟") == rows + 1
    assert chooser.text.count("ما أول خطوة؟") >= rows + 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_as_many_statements_for_many_versions(
    center: Center, writer: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    question = question_in(center, by=writer)
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    for number in range(rows):
        draft = drafted(
            text=both(f"ما الخطوة {number}؟", "What?"),
            options=items(option("أ", "a", right=True), option("ب", "b")),
        )
        question = published_again(question, draft, manager)
    client = signed_in(writer)
    client.get(reverse("bank:inspect", args=[question.pk]))

    with django_assert_num_queries(PAGE_STATEMENTS):
        page = client.get(reverse("bank:inspect", args=[question.pk]))

    assert page.status_code == 200


def test_the_chooser_offers_what_may_be_asked(center: Center, writer: User) -> None:
    question_in(center)
    published_in(CenterFactory())
    own, of_all = published_in(center), published_in(None)

    page = signed_in(writer).get(reverse("bank_chooser:choose_results")).text

    assert page.count("ما أول خطوة؟") >= 2
    for question in (own, of_all):
        assert reverse("bank_chooser:chosen", args=[question.pk]) in page
    assert page.count("/chosen/") == 2


def test_the_export_has_the_own_questions(center: Center, writer: User) -> None:
    question_in(center)
    question_in(CenterFactory(), drafted("numeric"))

    lines = b"".join(
        signed_in(writer).get(reverse("bank:index"), {"export": "csv"}).streaming_content
    ).decode()

    assert "ما أول خطوة؟" in lines
    assert TYPED["single"]["explanation"]["ar"] not in lines
    assert "أمبير" not in lines


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1"])
def test_markup_in_a_question_is_text(center: Center, writer: User, text: str) -> None:
    question = question_in(center, drafted("true_false", text=both(text)), by=writer)

    client = signed_in(writer)

    page = client.get(reverse("bank:inspect", args=[question.pk])).text
    rows = b"".join(client.get(reverse("bank:index"), {"export": "csv"}).streaming_content).decode()

    assert "<script>alert" not in page + client.get(reverse("bank:index")).text
    assert "\n=1" not in rows


def places_posted(center: Center, document: int, **changes: str) -> dict[str, str]:
    """What the form of places on a picture sends."""
    own = "question-0-value-"
    options = {
        f"{own}instead_options-count": "2",
        **{
            f"{own}instead_options-{place}-{name}": value
            for place, text in enumerate(("القاطع", "المصباح"))
            for name, value in {
                "deleted": "",
                "order": str(place),
                "type": "item",
                "id": "",
                "value-text-ar": text,
                "value-text-en": "",
            }.items()
        },
        f"{own}instead_options-0-value-is_right": "on",
    }
    sent = posted(center, **{"question-0-type": "hotspot"}, **options)
    del sent["question-0-value-is_true"]
    return {
        **sent,
        f"{own}text-ar": "أين القاطعان؟",
        f"{own}text-en": "",
        f"{own}picture": str(document),
        f"{own}alt-ar": "لوحة بمستطيلين",
        f"{own}alt-en": "",
        f"{own}areas": "100 200 300 400\n٦٠٠، ٥٠٠، ٨٠٠، ٨٠٠",
        f"{own}instead_text-ar": "ما الذي يفصل التيار؟",
        f"{own}instead_text-en": "",
        **changes,
    }


def test_places_on_a_picture_are_written_and_opened_again(center: Center, writer: User) -> None:
    client = signed_in(writer)
    document = board(center)

    client.post(reverse("bank:add"), places_posted(center, document.pk))
    question = Question.objects.get()
    written = question.draft
    page = client.get(reverse("bank:edit", args=[question.pk]))
    client.post(reverse("bank:edit", args=[question.pk]), places_posted(center, document.pk))

    picture = QuestionPicture.objects.get()
    question.refresh_from_db()
    assert question.kind == "hotspot"
    assert written["content"]["picture"]["source"] == picture.source
    assert written["key"]["areas"] == [
        {"rectangle": [100, 200, 300, 400]},
        {"rectangle": [600, 500, 800, 800]},
    ]
    assert page.status_code == 200
    assert "100 200 300 400" in page.text
    assert client.get(reverse("bank:picture", args=[question.pk]))["Content-Type"] == "image/webp"
    assert client.get(reverse("bank:inspect", args=[question.pk])).text.count("<rect") == 2


def test_a_picture_of_another_center_is_not_shown_by_a_question(center: Center, writer: User) -> None:
    answer = signed_in(writer).post(reverse("bank:add"), places_posted(center, board(CenterFactory()).pk))

    assert answer.status_code == 200
    assert not Question.objects.exists()
    assert not QuestionPicture.objects.exists()
