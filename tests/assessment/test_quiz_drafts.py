"""Those who write a quiz and those who decide about its draft read the keys; trainees do not."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.enums import RoleName
from accounts.models import Center, ContentOwner, User
from assessment.blocks import QuestionBlocks
from assessment.models import QuizPage
from courses.services.reviews import submit_for_review
from tests.factories.accounts import CenterFactory, TraineeFactory, UserFactory, staff_member
from tests.factories.assessment import (
    SECRET_WHY,
    QuizPageFactory,
    board,
    essay,
    files,
    fill_in,
    generated,
    hotspot,
    matching,
    multiple,
    numeric,
    ordering,
    quizzed_cohort,
    short_text,
    single,
    true_false,
)
from tests.factories.bank import published_in
from tests.factories.courses import EnrollmentFactory
from tests.factories.pages import site_of

pytestmark = pytest.mark.django_db

PAGE_STATEMENTS = 30


@pytest.fixture
def center() -> Center:
    return CenterFactory()


@pytest.fixture
def author(center: Center) -> User:
    return staff_member(RoleName.INSTRUCTOR, center)


@pytest.fixture
def reviewer(center: Center) -> User:
    return staff_member(RoleName.CENTER_MANAGER, center)


def quiz_of(center: Center, *questions: Any, **rules: Any) -> QuizPage:
    quiz: QuizPage = QuizPageFactory(questions=list(questions) or [single(), multiple()], **rules)
    key = quiz.get_parent().translation_key
    ContentOwner.objects.create(translation_key=key, center=center, given_by=UserFactory())
    return quiz


def page_for(user: User, quiz: QuizPage) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("quiz_draft", args=[quiz.pk])).content.decode()


def test_the_page_of_the_review_leads_to_the_questions_with_their_keys(
    client: Client, center: Center, author: User, reviewer: User
):
    quiz = quiz_of(center, single(), essay())
    quiz.save_revision(user=author)
    review = submit_for_review(page_id=quiz.pk, by=author).current_task_state_id
    client.force_login(reviewer)

    decides = client.get(reverse("content_review", args=[review])).content.decode()
    page = page_for(reviewer, quiz)

    assert reverse("quiz_draft", args=[quiz.pk]) in decides
    assert SECRET_WHY in page
    assert "سر-كل الخطوات بترتيبها" in page


@pytest.mark.parametrize(
    "kind",
    [
        single,
        multiple,
        true_false,
        numeric,
        generated,
        short_text,
        matching,
        ordering,
        fill_in,
        hotspot,
        essay,
        files,
    ],
)
def test_each_kind_of_question_is_shown_with_what_marks_it(center: Center, reviewer: User, kind: Any):
    quiz = quiz_of(center, kind())
    quiz.save_revision()

    page = page_for(reviewer, quiz)

    assert 'class="bank__key"' in page


def test_what_changed_is_marked_next_to_what_is_published(center: Center, author: User, reviewer: User):
    quiz = quiz_of(center, single("الأول"), multiple("الثاني"), true_false("الثالث"), pass_percent=60)
    quiz.save_revision().publish()
    quiz.refresh_from_db()
    raw = quiz.questions.raw_data
    second, third = (dict(raw[place]) for place in (1, 2))
    second["value"] = {**second["value"], "text": "الثاني بعد تعديله"}
    quiz.questions = [third, second, {"type": "true_false", "value": true_false("الجديد")[1]}]
    quiz.pass_percent = 75
    quiz.save_revision(user=author)

    page = page_for(reviewer, quiz)

    assert "قبل التغيير: " in page
    assert "الثاني بعد تعديله" in page
    assert 'class="bank__before"' in page
    assert "الأول" in page
    # A rule; a question each that changed, is new, was moved, and is gone.
    assert page.count('class="bank__changed"') == 5


def test_a_question_that_is_not_complete_says_so(center: Center, author: User):
    quiz = quiz_of(center, single())
    name, value = multiple("بلا إجابة صحيحة")
    wrong = [{"text": "أ", "is_right": False}, {"text": "ب", "is_right": False}]
    quiz.questions = [(name, {**value, "options": wrong})]
    quiz.save_revision(user=author)

    page = page_for(author, quiz)

    assert "بلا إجابة صحيحة" in page
    # That of what is published.
    assert page.count('class="bank__key"') == 1


def test_a_draw_of_more_than_the_bank_has_is_marked(center: Center, reviewer: User):
    published_in(center)
    few = ("draw", {"count": 3, "tags": [], "difficulty": "", "points": 1})
    enough = ("draw", {"count": 1, "tags": [], "difficulty": "", "points": 1})

    assert "عدد أقل مما يُسحب" in page_for(reviewer, quiz_of(center, few))
    assert "عدد أقل مما يُسحب" not in page_for(reviewer, quiz_of(center, enough))


def test_the_page_leads_back_to_the_review_that_waits_for_its_reader_else_to_the_page(
    center: Center, author: User, reviewer: User
):
    quiz = quiz_of(center, single())
    quiz.save_revision(user=author)
    in_workplace = reverse("wagtailadmin_explore", args=[quiz.pk])
    assert f'href="{in_workplace}"' in page_for(reviewer, quiz)

    review = submit_for_review(page_id=quiz.pk, by=author).current_task_state_id
    address = f'href="{reverse("content_review", args=[review])}"'

    assert address in page_for(reviewer, quiz)
    assert address not in page_for(author, quiz)
    assert f'href="{in_workplace}"' in page_for(author, quiz)


def test_another_center_and_trainees_get_nothing(client: Client, center: Center):
    quiz = quiz_of(center, single(), essay())
    quiz.save_revision().publish()
    site_of(quiz.get_ancestors().get(depth=2), hostname="localhost")
    trainee = TraineeFactory()
    EnrollmentFactory(person=trainee.person, cohort=quizzed_cohort(quiz))
    address = reverse("quiz_draft", args=[quiz.pk])

    client.force_login(staff_member(RoleName.INSTRUCTOR, CenterFactory()))
    assert client.get(address).status_code == 404
    client.force_login(trainee)
    assert client.get(address).status_code != 200
    shown = client.get(quiz.url).content.decode()

    assert SECRET_WHY not in shown
    assert "سر-" not in shown


@pytest.mark.parametrize("questions", [1, 12])
def test_its_length_does_not_depend_on_how_many_questions_there_are(
    center: Center, reviewer: User, django_assert_max_num_queries: Any, questions: int
):
    own = (single(f"س {number}") for number in range(questions))
    named = [("of_bank", {"question": published_in(None), "points": 1}) for _question in range(questions)]
    quiz = quiz_of(center, *own, *named)
    quiz.save_revision()
    client = Client()
    client.force_login(reviewer)
    address = reverse("quiz_draft", args=[quiz.pk])
    client.get(address)

    with django_assert_max_num_queries(PAGE_STATEMENTS):
        client.get(address)


def test_the_comparison_of_versions_has_words_for_yes_and_no_and_for_choices(
    client: Client, center: Center, reviewer: User
):
    quiz = quiz_of(center, true_false(), ordering(), is_supervised=False)
    first = quiz.save_revision()
    quiz.is_supervised = True
    raw = [dict(one) for one in quiz.questions.raw_data]
    raw[0]["value"] = {**raw[0]["value"], "is_true": False}
    raw[1]["value"] = {**raw[1]["value"], "credit": "all"}
    quiz.questions = raw
    second = quiz.save_revision()
    client.force_login(reviewer)

    address = reverse("wagtailadmin_pages:revisions_compare", args=[quiz.pk, first.pk, second.pk])
    page = client.get(address).content.decode()
    shown = page[page.index('class="comparison') :]

    assert "False" not in shown
    assert "True" not in shown
    assert "places" not in shown
    assert "نعم" in shown


@pytest.mark.parametrize(("language", "empty"), [("ar", "لا شيء"), ("en", "nothing")])
def test_versions_are_compared_in_words_and_not_in_values_of_python(
    client: Client, center: Center, reviewer: User, language: str, empty: str
):
    quiz = quiz_of(center, essay(), hotspot(), numeric(), limit_minutes=None)
    first = quiz.save_revision()
    quiz.limit_minutes = 90
    changed, moved, old = [dict(one) for one in quiz.questions.raw_data]
    changed["value"] = {**changed["value"], "words": 120, "text": "صف الخطوات كلها."}
    moved["value"] = {**moved["value"], "areas": "100 100 300 250"}
    new = [matching(), multiple(), fill_in(), files(), ("draw", {"count": 2, "points": 1})]
    added = [{"type": kind, "value": value} for kind, value in new]
    quiz.questions = [
        changed,
        moved,
        old,
        *QuestionBlocks().get_prep_value(QuestionBlocks().to_python(added)),
    ]
    second = quiz.save_revision()
    client.force_login(reviewer)

    address = reverse("wagtailadmin_pages:revisions_compare", args=[quiz.pk, first.pk, second.pk])
    page = client.get(address, headers={"accept-language": language}).content.decode()
    start = page.index('class="comparison')
    shown = strip_tags(page[start : page.index("</table>", start)])

    assert re.findall(r"\b(None|True|False|null|is_right|earns|instead_text)\b", shown) == []
    assert "100 100 300 250" not in shown
    assert empty in shown
    assert ("نعم" if language == "ar" else "Yes") in shown


def test_what_a_question_shows_and_what_is_asked_of_the_bank_is_read_there(center: Center, reviewer: User):
    kind, value = single("أي مفتاح هو الرئيسي؟")
    medium = {"picture": board(), "alt": "لوحة مفاتيح", "recording": None}
    asked = published_in(None)
    quiz = quiz_of(center, (kind, {**value, "medium": medium}), ("of_bank", {"question": asked, "points": 3}))
    [words] = [text for code, text in asked.published.content["text"].items() if code == "ar"]

    page = page_for(reviewer, quiz)

    assert 'alt="لوحة مفاتيح"' in page
    assert words in page
    assert reverse("bank:inspect", args=[asked.pk]) in page
