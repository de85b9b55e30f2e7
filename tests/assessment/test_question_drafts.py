"""Drafts of questions are submitted many at once, and published one after the other."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center, User
from assessment.enums import QuestionState
from assessment.errors import DraftHasFault
from assessment.models import Question
from assessment.queries.bank import drafts_of
from assessment.services.bank import submit_question
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.bank import digest_in, in_review, question_in

pytestmark = pytest.mark.django_db


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


def faulty(question: Question) -> Question:
    """As rules of today refuse it: nothing is right."""
    draft = {**question.draft, "key": {**question.draft["key"], "weights": {}}}
    Question.objects.filter(pk=question.pk).update(draft=draft)
    return question


def test_the_ticked_drafts_are_submitted_and_one_with_a_fault_stays_with_it(center: Center, writer: User):
    ready, other, broken = (question_in(center, by=writer) for _number in range(3))
    faulty(broken)
    client = signed_in(writer)

    page = client.get(reverse("bank:drafts")).content.decode()
    client.post(reverse("bank:drafts"), {"question": [ready.pk, broken.pk]})

    assert page.count('type="checkbox"') == 2
    assert "لا يمكن تصحيحه" in page
    states = {row.pk: row.state for row in Question.objects.all()}
    assert states == {
        ready.pk: QuestionState.REVIEW,
        other.pk: QuestionState.DRAFT,
        broken.pk: QuestionState.DRAFT,
    }
    with pytest.raises(DraftHasFault):
        submit_question(question_id=broken.pk, by=writer)


def test_all_pages_are_submitted_at_once_and_those_of_others_are_not(center: Center, writer: User):
    own = [question_in(center, by=writer) for _number in range(3)]
    foreign = question_in(center, by=staff_member(RoleName.INSTRUCTOR, center))

    signed_in(writer).post(reverse("bank:drafts"), {"everything": "1", "question": [foreign.pk]})

    assert not drafts_of(writer).exists()
    assert Question.objects.filter(pk__in=[one.pk for one in own], state=QuestionState.REVIEW).count() == 3
    foreign.refresh_from_db()
    assert foreign.state == QuestionState.DRAFT


def test_the_reviewer_publishes_one_and_reads_the_next(center: Center, writer: User):
    first, second = in_review(center, by=writer), in_review(center, by=writer)
    client = signed_in(staff_member(RoleName.CENTER_MANAGER, center))

    def publish(question: Question) -> str:
        data = {"digest": digest_in(question), "next": "1"}
        address: str = client.post(reverse("bank:publish", args=[question.pk]), data)["Location"]
        return address

    ways = [publish(first), publish(second)]

    assert ways == [reverse("bank:inspect", args=[second.pk]), reverse("bank:index")]
    assert Question.objects.filter(state=QuestionState.PUBLISHED).count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_as_often_for_three_drafts_as_for_one(
    center: Center, writer: User, django_assert_max_num_queries: Any, count: int
):
    for _number in range(count):
        question_in(center, by=writer)
    client = signed_in(writer)
    client.get(reverse("bank:drafts"))

    with django_assert_max_num_queries(16):
        client.get(reverse("bank:drafts"))
