"""Polls: what the services accept and refuse, and what is stored of a vote."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from live import errors
from live.enums import LiveRole, PollResults
from live.models import Event, Poll, PollMark, PollVote
from live.queries.admission import Reader
from live.queries.log import logged_events_after
from live.queries.polls import polls_shown, results_of, voter_mark
from live.services.polls import (
    PollDraft,
    ask_poll,
    close_poll,
    discard_poll,
    open_poll,
    prepare_poll,
    repeat_poll,
    show_poll,
)
from live.services.sessions import end_room
from live.services.votes import cast_vote
from tests.factories.live import LiveSessionFactory, OpenLiveSessionFactory
from tests.live.conftest import enrolled, instructor_of

pytestmark = pytest.mark.django_db

DRAFT = PollDraft("ما لون سلك الأرضي؟", ("أزرق", "أخضر مع أصفر", "بني"))


def ask(session, instructor, **facts) -> Poll:
    """An open poll."""
    draft = PollDraft(DRAFT.question, DRAFT.options, **facts)
    event = ask_poll(session_id=session.pk, by=instructor, draft=draft)
    return Poll.objects.get(pk=event.payload["poll"])


def vote(session, user, poll, *options: int, client_id: uuid.UUID | None = None) -> None:
    cast_vote(
        session_id=session.pk,
        by=user,
        poll_id=poll.pk,
        options=options,
        client_id=client_id or uuid.uuid4(),
    )


def shown_to(session, user, role=LiveRole.TRAINEE) -> list[dict]:
    session.refresh_from_db()
    return polls_shown(Reader(session, user, role))


def test_a_named_vote_is_one_row_that_changes_while_the_poll_is_open(session, trainee, instructor):
    poll = ask(session, instructor)

    vote(session, trainee, poll, 0)
    vote(session, trainee, poll, 1)

    assert list(PollVote.objects.values_list("user", "options")) == [(trainee.pk, [1])]
    assert results_of(poll) == {"voters": 1, "tally": [0, 1, 0]}
    assert shown_to(session, trainee)[0]["mine"] == [1]


def test_several_options_are_chosen_where_that_is_meant(session, trainee, instructor):
    poll = ask(session, instructor, is_multiple=True)

    vote(session, trainee, poll, 2, 0, 2)

    assert results_of(poll) == {"voters": 1, "tally": [1, 0, 1]}


def test_an_anonymous_vote_is_counted_once_and_linked_to_no_person(session, trainee, instructor):
    poll = ask(session, instructor, is_anonymous=True)
    other = enrolled(session)
    command = uuid.uuid4()

    vote(session, trainee, poll, 1, client_id=command)
    vote(session, trainee, poll, 1, client_id=command)
    vote(session, other, poll, 2)
    with pytest.raises(errors.AlreadyVoted):
        vote(session, trainee, poll, 0)

    poll.refresh_from_db()
    assert results_of(poll) == {"voters": 2, "tally": [0, 1, 1]}
    assert not PollVote.objects.exists()
    assert "mine" not in shown_to(session, trainee)[0]
    assert shown_to(session, trainee)[0]["voted"] is True
    # The database has nothing of the voter but rows without an option and without a name.
    marks = list(PollMark.objects.values())
    assert {frozenset(mark) for mark in marks} == {frozenset({"poll_id", "voter", "client_id"})}
    assert {mark["voter"] for mark in marks} == {voter_mark(poll.pk, user.pk) for user in (trainee, other)}
    assert not Event.objects.filter(actor__in=(trainee, other)).exists()


def test_nothing_in_any_table_of_the_room_names_an_anonymous_voter(session, trainee, instructor):
    poll = ask(session, instructor, is_anonymous=True)
    before = _mentions(trainee.pk)

    vote(session, trainee, poll, 1)

    assert _mentions(trainee.pk) == before


def _mentions(user_id: int) -> dict[str, int]:
    """How many rows of each table that points to logins point to this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT conrelid::regclass::text, attname FROM pg_constraint
            JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
            WHERE contype = 'f' AND confrelid = 'accounts_user'::regclass
            """
        )
        counts = {}
        for table, column in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [user_id])
            counts[f"{table}.{column}"] = cursor.fetchone()[0]
    assert counts
    return counts


def test_the_database_refuses_a_second_mark(session, trainee, instructor):
    poll = ask(session, instructor, is_anonymous=True)
    vote(session, trainee, poll, 1)

    with pytest.raises(IntegrityError), transaction.atomic():
        PollMark.objects.create(poll=poll, voter=voter_mark(poll.pk, trainee.pk), client_id=uuid.uuid4())


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ((3,), errors.NoSuchOption),
        ((-1,), errors.NoSuchOption),
        ((), errors.NoSuchOption),
        ((0, 1), errors.OneChoiceOnly),
    ],
)
@pytest.mark.parametrize("is_anonymous", [True, False])
def test_a_vote_for_what_cannot_be_chosen_is_refused(
    session, trainee, instructor, options, refusal, is_anonymous
):
    poll = ask(session, instructor, is_anonymous=is_anonymous)

    with pytest.raises(refusal):
        vote(session, trainee, poll, *options)

    assert results_of(poll)["voters"] == 0


@pytest.mark.parametrize("is_anonymous", [True, False])
def test_a_vote_after_the_end_is_refused_unless_it_was_counted_before(
    session, trainee, instructor, is_anonymous
):
    poll = ask(session, instructor, is_anonymous=is_anonymous)
    late = enrolled(session)
    command = uuid.uuid4()
    vote(session, trainee, poll, 1, client_id=command)
    close_poll(session_id=session.pk, by=instructor, poll_id=poll.pk)

    vote(session, trainee, poll, 1, client_id=command)
    for user in (trainee, late):
        with pytest.raises(errors.PollClosed):
            vote(session, user, poll, 0)

    poll.refresh_from_db()
    assert results_of(poll) == {"voters": 1, "tally": [0, 1, 0]}


def test_staff_other_rooms_and_rooms_that_are_not_open_get_no_vote(session, trainee, instructor):
    poll = ask(session, instructor)
    prepared = prepare_poll(session_id=session.pk, by=instructor, draft=DRAFT).payload["poll"]
    other = OpenLiveSessionFactory(class_session__cohort=session.class_session.cohort)
    planned = LiveSessionFactory(class_session__cohort=session.class_session.cohort)

    with pytest.raises(errors.TraineesOnly):
        vote(session, instructor, poll, 0)
    with pytest.raises(errors.NoSuchPoll):
        vote(other, trainee, poll, 0)
    with pytest.raises(errors.NoSuchPoll):
        vote(session, trainee, Poll.objects.get(pk=prepared), 0)
    with pytest.raises(errors.RoomNotOpen):
        vote(planned, trainee, poll, 0)
    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")
    with pytest.raises(errors.RoomEnded):
        vote(session, trainee, poll, 0)

    assert not PollVote.objects.exists()


def test_a_poll_goes_from_prepared_to_shown_and_every_step_is_an_event(session, trainee, instructor):
    act = {"session_id": session.pk, "by": instructor}
    draft = PollDraft(DRAFT.question, DRAFT.options, results=PollResults.HIDDEN)
    poll_id = prepare_poll(**act, draft=draft).payload["poll"]
    unseen = shown_to(session, trainee)

    open_poll(**act, poll_id=poll_id)
    vote(session, trainee, Poll.objects.get(pk=poll_id), 1)
    with pytest.raises(errors.PollNotClosed):
        show_poll(**act, poll_id=poll_id)
    close_poll(**act, poll_id=poll_id)
    hidden, known = shown_to(session, trainee)[0], shown_to(session, instructor, LiveRole.INSTRUCTOR)[0]
    shown = show_poll(**act, poll_id=poll_id)
    again = repeat_poll(**act, poll_id=poll_id)

    assert unseen == []
    assert (hidden["state"], "tally" in hidden, known["tally"]) == ("closed", False, [0, 1, 0])
    assert (shown.payload["tally"], show_poll(**act, poll_id=poll_id)) == ([0, 1, 0], None)
    assert shown_to(session, trainee)[0]["tally"] == [0, 1, 0]
    assert again.payload["poll"] != poll_id
    assert [event.kind for event in Event.objects.filter(session=session)] == [
        *("poll.prepared", "poll.opened", "poll.closed", "poll.shown", "poll.prepared")
    ]


def test_prepared_polls_and_hidden_results_are_sent_to_staff_only(session, instructor):
    act = {"session_id": session.pk, "by": instructor}
    poll = ask(session, instructor, results=PollResults.HIDDEN)
    close_poll(**act, poll_id=poll.pk)
    prepare_poll(**act, draft=DRAFT)

    _, closed, prepared = logged_events_after(session.pk, 0, 10)

    assert "tally" not in closed.text
    assert '"tally":[0,0,0]' in closed.staff_text
    assert DRAFT.question not in prepared.text
    assert DRAFT.question in prepared.staff_text


def test_a_newcomer_gets_the_poll_as_of_the_event_of_the_welcome(session, trainee, instructor):
    poll = ask(session, instructor)
    close_poll(session_id=session.pk, by=instructor, poll_id=poll.pk)
    session.refresh_from_db()
    at = {"closed": session.seq, "open": session.seq - 1}

    states = {}
    for state, seq in at.items():
        session.seq = seq
        states[state] = polls_shown(Reader(session, trainee, LiveRole.TRAINEE))[0]

    assert {name: one["state"] for name, one in states.items()} == {"closed": "closed", "open": "open"}
    assert ("tally" in states["closed"], "tally" in states["open"]) == (True, False)


def test_one_poll_is_open_at_a_time_and_ends_with_the_class(session, instructor):
    act = {"session_id": session.pk, "by": instructor}
    poll = ask(session, instructor)
    prepared = prepare_poll(**act, draft=DRAFT).payload["poll"]

    for attempt in (
        lambda: ask_poll(**act, draft=DRAFT),
        lambda: open_poll(**act, poll_id=prepared),
    ):
        with pytest.raises(errors.PollAlreadyOpen):
            attempt()
    end_room(**act, reason="انقطاع التيار")

    poll.refresh_from_db()
    assert poll.closed_seq
    assert list(session.events.values_list("kind", flat=True))[-2:] == ["poll.closed", "room.ended"]


@pytest.mark.parametrize(("question", "options"), [("  ", ("a", "b")), ("q", ("a", " ")), ("q", ("a", "a"))])
def test_a_poll_needs_a_question_and_two_different_options(session, instructor, question, options):
    with pytest.raises(errors.PollIncomplete):
        ask_poll(session_id=session.pk, by=instructor, draft=PollDraft(question, options))


def test_a_prepared_poll_is_discarded_and_one_that_was_asked_is_not(session, instructor):
    act = {"session_id": session.pk, "by": instructor}
    prepared = prepare_poll(**act, draft=DRAFT).payload["poll"]
    asked = ask(session, instructor)

    discard_poll(**act, poll_id=prepared)
    with pytest.raises(errors.PollWasAsked):
        discard_poll(**act, poll_id=asked.pk)
    with pytest.raises(errors.NoSuchPoll):
        open_poll(**act, poll_id=prepared)

    assert [poll["poll"] for poll in shown_to(session, instructor, LiveRole.INSTRUCTOR)] == [asked.pk]


def test_a_poll_of_another_cohort_cannot_be_taken_over(session, instructor):
    foreign = OpenLiveSessionFactory()
    poll = ask(foreign, instructor_of(foreign))

    for verb in (repeat_poll, close_poll, show_poll, discard_poll):
        with pytest.raises(errors.NoSuchPoll):
            verb(session_id=session.pk, by=instructor, poll_id=poll.pk)


@pytest.mark.parametrize("count", [1, 3])
def test_the_polls_of_a_welcome_ask_the_same_of_the_database_however_many(
    session, trainee, instructor, count, django_assert_num_queries
):
    for _ in range(count):
        for is_anonymous in (True, False):
            poll = ask(session, instructor, is_anonymous=is_anonymous)
            vote(session, trainee, poll, 1)
            close_poll(session_id=session.pk, by=instructor, poll_id=poll.pk)
    session.refresh_from_db()

    with django_assert_num_queries(5):
        polls_shown(Reader(session, trainee, LiveRole.TRAINEE))
