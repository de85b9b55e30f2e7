"""What is still published with a key that was corrected: said on the page of the correction, and waiting until another version is published."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Locale

from accounts.enums import RoleName
from accounts.models import Center, ContentOwner, User
from assessment.enums import KeyRule
from assessment.models import KeyCorrection, KeyOnPage, Question, QuestionVersion, QuizPage
from assessment.queries.compared_keys import has_same_key
from assessment.queries.regrades import bank_questions_with_old_key, still_published
from assessment.services.freezing import freeze_questions
from assessment.services.keys_on_pages import find_keys_on_pages
from assessment.work.regrades import CorrectedKeysInBank, CorrectedKeysOnPages
from courses.models import Cohort
from tests.factories.accounts import CenterFactory, UserFactory, staff_member
from tests.factories.assessment import (
    QuizPageFactory,
    essay,
    fill_in,
    hotspot,
    matching,
    multiple,
    numeric,
    option,
    options_of,
    ordering,
    quizzed_cohort,
    short_text,
    single,
    true_false,
)
from tests.factories.bank import published_in
from tests.factories.courses import CoursePageFactory
from tests.factories.regrades import begun, officer, regraded, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return officer()


@pytest.fixture
def center() -> Center:
    row: Center = CenterFactory()
    return row


@pytest.fixture
def quiz(center: Center) -> QuizPage:
    course = CoursePageFactory()
    ContentOwner.objects.create(translation_key=course.translation_key, center=center, given_by=UserFactory())
    page: QuizPage = QuizPageFactory(parent=course, questions=[single(), single("والثانية؟")])
    return page


@pytest.fixture
def cohort(quiz: QuizPage) -> Cohort:
    return quizzed_cohort(quiz)


def published_again(page: QuizPage, **facts: Any) -> None:
    """As it is, but for `facts`."""
    page = QuizPage.objects.get(pk=page.pk)
    for name, value in facts.items():
        setattr(page, name, value)
    page.save_revision().publish()


def with_other_key(page: QuizPage) -> str:
    """Its questions, with the second option of the first as the right one."""
    raw = json.loads(json.dumps(list(page.questions.raw_data)))
    for place, row in enumerate(raw[0]["value"]["options"]):
        row["value"]["is_right"] = place == 1
    return json.dumps(raw)


def test_a_page_waits_from_the_correction_until_it_is_published_without_the_old_key(
    quiz: QuizPage, cohort: Cohort, center: Center, by: User
):
    attempt = taken(cohort, (1,), (0,))
    writer = staff_member(RoleName.INSTRUCTOR, center)
    key = {"weights": {options_of(attempt)[0][1]: "1"}}
    before = list(CorrectedKeysOnPages().rows(writer))

    regrade = regraded(attempt.versions[0], KeyRule.KEY, key=key, by=by)
    waits = list(CorrectedKeysOnPages().rows(writer))
    published_again(quiz, intro="مقدمة")
    still = list(CorrectedKeysOnPages().rows(writer))
    said = [one.title for one in still_published(regrade, by)]
    published_again(quiz, questions=with_other_key(quiz))

    assert before == []
    assert [row.page_id for row in waits] == [row.page_id for row in still] == [quiz.pk]
    assert said == [quiz.title]
    assert not KeyOnPage.objects.exists()
    assert still_published(regrade, by) == []


def test_a_page_that_was_corrected_before_is_not_listed(quiz: QuizPage, cohort: Cohort, by: User):
    attempt = taken(cohort, (1,), (0,))
    published_again(quiz, questions=with_other_key(quiz))

    regraded(attempt.versions[0], KeyRule.EVERYBODY, by=by)

    assert not KeyOnPage.objects.exists()


def test_a_key_that_is_put_in_force_again_is_no_old_one(quiz: QuizPage, cohort: Cohort, by: User):
    attempt = taken(cohort, (1,), (0,))
    own, other = ({"weights": {options_of(attempt)[0][place]: "1"}} for place in (0, 1))
    regraded(attempt.versions[0], KeyRule.KEY, key=other, by=by)
    assert KeyOnPage.objects.count() == 1

    regraded(attempt.versions[0], KeyRule.KEY, key=own, by=by)

    assert not KeyOnPage.objects.exists()


@pytest.fixture
def english(quiz: QuizPage) -> QuizPage:
    """The page in English, with the same two questions and blocks of its own."""
    locale, _is_new = Locale.objects.get_or_create(language_code="en")
    page: QuizPage = quiz.copy_for_translation(locale, copy_parents=True)
    page.questions = [in_english_words("What comes first?"), in_english_words("And second?")]
    page.save_revision().publish()
    return page


def in_english_words(text: str) -> tuple[str, dict[str, Any]]:
    options = [option("Cut the power", right=True), option("Open the panel"), option("Call a colleague")]
    return "single", {"text": text, "options": options, "explanation": "", "points": 1}


def pages_named() -> list[int]:
    return sorted(KeyOnPage.objects.values_list("page", flat=True))


def test_a_language_is_named_until_its_own_page_is_published_without_the_old_key(
    quiz: QuizPage, english: QuizPage, by: User
):
    regraded(taken(quizzed_cohort(quiz), (1,), (0,)).versions[0], KeyRule.EVERYBODY, by=by)
    both = pages_named()

    published_again(quiz, questions=with_other_key(quiz))
    one = pages_named()
    published_again(english, questions=with_other_key(english))

    assert both == sorted([quiz.pk, english.pk])
    assert one == [english.pk]
    assert pages_named() == []


def test_a_language_that_was_left_as_it_was_asks_by_its_own_key(quiz: QuizPage, english: QuizPage, by: User):
    regraded(taken(quizzed_cohort(quiz), (1,), (0,)).versions[0], KeyRule.EVERYBODY, by=by)
    published_again(quiz, questions=with_other_key(quiz))

    with override("en"):
        attempt = taken(quizzed_cohort(quiz, asks=None), (0,), (0,))

    assert attempt.whole_percent == 100
    assert attempt.versions[0] not in KeyCorrection.objects.values_list("version", flat=True)
    assert pages_named() == [english.pk]


def test_a_language_is_named_where_the_other_was_published_before_the_correction(
    quiz: QuizPage, english: QuizPage, by: User
):
    attempt = taken(quizzed_cohort(quiz), (1,), (0,))
    published_again(quiz, questions=with_other_key(quiz))

    regraded(attempt.versions[0], KeyRule.EVERYBODY, by=by)

    assert pages_named() == [english.pk]


def test_steps_that_were_put_in_order_in_one_language_are_named_in_the_other(by: User):
    quiz = QuizPageFactory(parent=CoursePageFactory(), questions=[ordering()])
    locale, _is_new = Locale.objects.get_or_create(language_code="en")
    english = quiz.copy_for_translation(locale, copy_parents=True)
    kind, value = ordering("Put the steps in order.")
    english.questions = [(kind, {**value, "items": ["Cut the power", "Hang the sign", "Check"]})]
    english.save_revision().publish()
    regraded(begun(quizzed_cohort(quiz))[0].versions[0], KeyRule.EVERYBODY, by=by)
    both = pages_named()

    raw = json.loads(json.dumps(list(quiz.questions.raw_data)))
    raw[0]["value"]["items"].reverse()
    published_again(quiz, questions=json.dumps(raw))

    assert both == sorted([quiz.pk, english.pk])
    assert pages_named() == [english.pk]


@pytest.mark.parametrize(
    "ask", [single, multiple, true_false, numeric, short_text, matching, ordering, fill_in, hotspot, essay]
)
def test_a_question_of_every_kind_is_known_again_on_a_page_that_is_alone(ask: Any, by: User):
    quiz = QuizPageFactory(parent=CoursePageFactory(), questions=[ask("بالعربية [[1]] [[2]] [[3]] {u}")])
    locale, _is_new = Locale.objects.get_or_create(language_code="en")
    page = quiz.copy_for_translation(locale, copy_parents=True)
    kind, value = ask("In English [[1]] [[2]] [[3]] {u}")
    page.questions = [
        (kind, {**value, "picture": quiz.questions[0].value["picture"]} if "picture" in value else value)
    ]
    page.save_revision().publish()
    pages = {"ar": QuizPage.objects.get(pk=quiz.pk), "en": QuizPage.objects.get(pk=page.pk)}
    (both,) = QuestionVersion.objects.filter(
        pk__in=[one.version for one in freeze_questions(pages, language="ar")]
    )
    (alone,) = QuestionVersion.objects.filter(
        pk__in=[one.version for one in freeze_questions({"en": pages["en"]}, language="en")]
    )

    assert both.pk != alone.pk
    assert has_same_key(alone, both, language="en")
    assert not has_same_key(alone, both, language="ar")


def test_a_page_that_is_taken_offline_asks_no_one(quiz: QuizPage, cohort: Cohort, by: User):
    regraded(taken(cohort, (1,), (0,)).versions[0], KeyRule.EVERYBODY, by=by)

    QuizPage.objects.get(pk=quiz.pk).unpublish()

    assert not KeyOnPage.objects.exists()


def test_who_may_not_edit_the_page_reads_nothing_of_it(quiz: QuizPage, cohort: Cohort, by: User):
    regraded(taken(cohort, (1,), (0,)).versions[0], KeyRule.EVERYBODY, by=by)

    for role in (RoleName.INSTRUCTOR, RoleName.CENTER_MANAGER):
        assert not CorrectedKeysOnPages().rows(staff_member(role, CenterFactory())).exists()
    assert not CorrectedKeysOnPages().rows(staff_member(RoleName.REGISTRAR, CenterFactory())).exists()


def test_publishing_a_page_none_of_whose_keys_was_corrected_costs_two_statements(quiz: QuizPage):
    with CaptureQueriesContext(connection) as queries:
        find_keys_on_pages(quiz.translation_key)

    # And those of the transaction.
    assert len([one for one in queries if "POINT" not in one["sql"]]) <= 3


def test_the_page_of_the_correction_names_what_is_still_published(
    client: Client, quiz: QuizPage, cohort: Cohort, by: User
):
    regrade = regraded(taken(cohort, (1,), (0,)).versions[0], KeyRule.EVERYBODY, by=by)
    client.force_login(by)

    page = client.get(reverse("regrade:inspect", args=[regrade.pk])).content.decode()

    assert "ما زال منشورًا بالمفتاح القديم" in page
    assert reverse("wagtailadmin_pages:edit", args=[quiz.pk]) in page


def test_a_question_of_the_bank_waits_until_another_version_is_published(center: Center, by: User):
    question = published_in(center)
    page = QuizPageFactory(questions=[("of_bank", {"question": question, "points": 1})])
    cohort = quizzed_cohort(page)
    Cohort.objects.filter(pk=cohort.pk).update(center=center)
    attempt = taken(Cohort.objects.get(pk=cohort.pk), (1,))
    writer = staff_member(RoleName.INSTRUCTOR, center)
    stranger = staff_member(RoleName.INSTRUCTOR, CenterFactory())

    regrade = regraded(attempt.versions[0], KeyRule.EVERYBODY, by=by)

    assert list(CorrectedKeysInBank().rows(writer)) == [question]
    assert not CorrectedKeysInBank().rows(stranger).exists()
    assert [one.address for one in still_published(regrade, by)] == [
        reverse("bank:inspect", args=[question.pk])
    ]
    Question.objects.filter(pk=question.pk).update(state="withdrawn")
    assert not bank_questions_with_old_key().exists()
