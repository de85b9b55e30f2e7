"""What is still published with a key that was corrected: said on the page of the correction, and waiting until another version is published."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center, ContentOwner, User
from assessment.enums import KeyRule
from assessment.models import KeyOnPage, Question, QuizPage
from assessment.queries.regrades import bank_questions_with_old_key, still_published
from assessment.services.keys_on_pages import find_keys_on_pages
from assessment.work.regrades import CorrectedKeysInBank, CorrectedKeysOnPages
from courses.models import Cohort
from tests.factories.accounts import CenterFactory, UserFactory, staff_member
from tests.factories.assessment import QuizPageFactory, options_of, quizzed_cohort, single
from tests.factories.bank import published_in
from tests.factories.courses import CoursePageFactory
from tests.factories.regrades import officer, regraded, taken

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
