"""Who writes a program's page does not publish what certificates print: the ministry does."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.services.content import assign_content
from courses.errors import FactsNeedTheMinistry, KeptOffline
from courses.models import ProgramPage
from courses.queries.reviews import reviews_waiting_for
from courses.services.reviews import publish_reviewed, return_for_changes, submit_for_review, take_offline
from tests.factories.accounts import staff_member
from tests.factories.courses import ProgramPageFactory, skill_level

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(center: Center, ministry: User) -> ProgramPage:
    """A published program that the center writes."""
    page: ProgramPage = ProgramPageFactory(title="لحام", hours=160, level=skill_level("semi_skilled"))
    assign_content(page_id=page.pk, center=center, by=ministry)
    return page


def submitted(program: ProgramPage, author: User, **fields: Any) -> int:
    """The review of a draft with other fields."""
    draft = program.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save_revision(user=author)
    return int(submit_for_review(page_id=program.pk, by=author).current_task_state_id)


FACTS = [
    {"title": "أخصائي اللحام"},
    {"hours": 900},
    {"level_id": "specialist"},
    {"code": "WLD-9"},
    {"occupation_code": "7212"},
]


@pytest.mark.parametrize("fact", FACTS, ids=[next(iter(fact)) for fact in FACTS])
def test_a_center_does_not_publish_another_fact(
    program: ProgramPage, author: User, publisher: User, ministry: User, fact: dict[str, Any]
):
    review = submitted(program, author, **fact)

    with pytest.raises(FactsNeedTheMinistry):
        publish_reviewed(review_id=review, by=publisher)
    assert [waiting.state.pk for waiting in reviews_waiting_for(publisher)] == []
    assert [waiting.state.pk for waiting in reviews_waiting_for(ministry)] == [review]

    publish_reviewed(review_id=review, by=ministry)

    program.refresh_from_db()
    assert {name: getattr(program, name) for name in fact} == fact


def test_a_center_publishes_other_words(program: ProgramPage, author: User, publisher: User, ministry: User):
    review = submitted(program, author, summary="تتعلم اللحام بالقوس.")

    waiting = {user: [one.state.pk for one in reviews_waiting_for(user)] for user in (publisher, ministry)}
    publish_reviewed(review_id=review, by=publisher)

    assert waiting == {publisher: [review], ministry: []}
    program.refresh_from_db()
    assert program.summary == "تتعلم اللحام بالقوس."


def test_a_center_returns_a_draft_that_it_does_not_publish(
    program: ProgramPage, author: User, publisher: User
):
    review = submitted(program, author, hours=900)

    return_for_changes(review_id=review, comment="الساعات 160.", by=publisher)

    program.refresh_from_db()
    assert program.hours == 160


def test_a_program_goes_online_by_the_ministry(
    program: ProgramPage, author: User, publisher: User, ministry: User
):
    take_offline(page_id=program.pk, reason="خطأ في المستوى", by=ministry)
    program.refresh_from_db()
    review = submitted(program, author, summary="كما كان.")

    # What the ministry took offline is its own to publish, whatever the draft changes.
    with pytest.raises(KeptOffline):
        publish_reviewed(review_id=review, by=publisher)


def test_the_page_of_the_review_says_who_publishes_it(
    client: Client, program: ProgramPage, author: User, publisher: User
):
    review = submitted(program, author, hours=900)
    client.force_login(publisher)

    page = client.get(reverse("content_review", args=[review])).content.decode()
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[program.pk, "approve", review]))

    assert 'name="return"' in page
    assert 'name="publish"' not in page
    program.refresh_from_db()
    assert program.hours == 160


def test_an_officer_of_one_center_is_not_the_ministry(program: ProgramPage, author: User, center: Center):
    local = staff_member(RoleName.MINISTRY_OFFICER, center)
    review = submitted(program, author, hours=900)

    with pytest.raises(FactsNeedTheMinistry):
        publish_reviewed(review_id=review, by=local)
