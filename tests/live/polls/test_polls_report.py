"""The polls report for staff: a page, and the same as a file."""

import csv
import io

import pytest
from django.urls import reverse

from live.queries.polls import poll_results
from live.services.polls import PollDraft, ask_poll, close_poll
from live.services.votes import cast_vote
from tests.factories.live import OpenLiveSessionFactory
from tests.live.conftest import enrolled
from tests.live.polls.test_polls import ask, vote
from tests.live.rooms.test_pages import client_of

pytestmark = pytest.mark.django_db


def page_of(session) -> str:
    return reverse("livesession:polls", args=[session.pk])


def test_the_staff_sees_who_chose_what_unless_it_was_anonymous(session, trainee, instructor):
    named = ask(session, instructor)
    vote(session, trainee, named, 1)
    close_poll(session_id=session.pk, by=instructor, poll_id=named.pk)
    with_names = client_of(instructor).get(page_of(session)).content.decode()

    anonymous = OpenLiveSessionFactory(class_session__cohort=session.class_session.cohort)
    hidden = ask(anonymous, instructor, is_anonymous=True)
    vote(anonymous, trainee, hidden, 1)
    without = client_of(instructor).get(page_of(anonymous)).content.decode()

    assert trainee.person.full_name_ar in with_names
    assert trainee.person.full_name_ar not in without
    assert [option.votes for option in poll_results(anonymous)[0].options] == [0, 1, 0]


def test_outsiders_find_neither_the_page_nor_the_file(session, trainee, instructor):
    foreign = OpenLiveSessionFactory()

    for address in (page_of(foreign), f"{page_of(foreign)}?export=csv"):
        assert client_of(instructor).get(address).status_code == 404
    assert client_of(trainee).get(page_of(session)).status_code == 302


def test_the_file_holds_every_option_and_no_formula(session, trainee, instructor):
    draft = PollDraft("=1+1؟", ("@نعم", "لا"))
    poll = ask_poll(session_id=session.pk, by=instructor, draft=draft).payload["poll"]
    cast_vote(session_id=session.pk, by=trainee, poll_id=poll, options=[0], client_id="0" * 32)

    answer = client_of(instructor).get(f"{page_of(session)}?export=csv")
    text = b"".join(answer).decode("utf-8-sig")

    _heading, *rows = csv.reader(io.StringIO(text))
    assert rows == [
        ["'=1+1؟", "'@نعم", "1", "1", trainee.person.full_name_ar],
        ["'=1+1؟", "لا", "0", "1", ""],
    ]
    assert client_of(instructor).get(f"{page_of(session)}?export=xlsx").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_evidence_asks_the_same_of_the_database_however_many(
    session, trainee, instructor, count, django_assert_num_queries
):
    for _ in range(count):
        poll = ask(session, instructor)
        for user in (trainee, enrolled(session)):
            vote(session, user, poll, 1)
        close_poll(session_id=session.pk, by=instructor, poll_id=poll.pk)

    with django_assert_num_queries(3):
        poll_results(session)
