"""Polls: prepared, opened, closed, results shown. Every step is an event."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from live.enums import EventKind, PollResults, PollState
from live.errors import (
    NoSuchPoll,
    PollAlreadyOpen,
    PollClosed,
    PollIncomplete,
    PollNotClosed,
    PollWasAsked,
    TooManyPolls,
)
from live.models import Event, LiveSession, Poll
from live.queries.polls import poll_facts, results_of
from live.services.chat import clean_text
from live.services.events import already_done, append_event, locked_session, require_open

POLL_QUESTION_CHARACTERS = 200
OPTION_CHARACTERS = 80
POLL_OPTIONS = 8
# The limit of prepared polls, which are part of the staff's welcome.
PREPARED_POLLS = 30


@dataclass(frozen=True, slots=True)
class PollDraft:
    """The input of the instructor."""

    question: str
    options: tuple[str, ...]
    is_multiple: bool = False
    is_anonymous: bool = False
    results: PollResults = PollResults.AT_END


def _line(text: str, most: int) -> str:
    return " ".join(clean_text(text).split())[:most]


def _new_poll(session: LiveSession, draft: PollDraft) -> Poll:
    """Create the poll for the next event of the locked room."""
    question = _line(draft.question, POLL_QUESTION_CHARACTERS)
    options = [line for option in draft.options if (line := _line(option, OPTION_CHARACTERS))]
    if not question or not 2 <= len(options) <= POLL_OPTIONS or len(set(options)) < len(options):
        raise PollIncomplete
    return Poll.objects.create(
        session=session,
        question=question,
        options=options,
        is_multiple=draft.is_multiple,
        is_anonymous=draft.is_anonymous,
        results=draft.results,
        tallies=[0] * len(options),
        prepared_seq=session.seq + 1,
    )


def _poll_of(session: LiveSession, poll_id: int) -> Poll:
    """Lock a poll of this room."""
    poll = (
        Poll.objects.select_for_update()
        .filter(session=session, pk=poll_id, discarded_seq__isnull=True)
        .first()
    )
    if poll is None:
        raise NoSuchPoll
    return poll


def _require_none_open(session: LiveSession) -> None:
    if Poll.objects.filter(session=session, opened_seq__isnull=False, closed_seq__isnull=True).exists():
        raise PollAlreadyOpen


def _staff_payload(poll: Poll) -> dict[str, Any]:
    return {"poll": poll.pk, "staff": poll_facts(poll)}


def _prepare(session: LiveSession, draft: PollDraft, *, by: User, client_id: uuid.UUID | None) -> Event:
    waiting = Poll.objects.filter(session=session, opened_seq__isnull=True, discarded_seq__isnull=True)
    if waiting.count() >= PREPARED_POLLS:
        raise TooManyPolls
    poll = _new_poll(session, draft)
    return append_event(
        session=session,
        kind=EventKind.POLL_PREPARED,
        actor=by,
        payload=_staff_payload(poll),
        client_id=client_id,
    )


@transaction.atomic
def prepare_poll(*, session_id: int, by: User, draft: PollDraft, client_id: uuid.UUID | None = None) -> Event:
    """Prepare a poll for later, before or during the class. Only staff receive its question."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    return _prepare(session, draft, by=by, client_id=client_id)


@transaction.atomic
def repeat_poll(*, session_id: int, by: User, poll_id: int, client_id: uuid.UUID | None = None) -> Event:
    """Prepare a copy of a poll of this class, or of an earlier one of its cohort; the votes of the original stay."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    cohort_id = session.class_session.cohort_id
    poll = Poll.objects.filter(pk=poll_id, session__class_session__cohort=cohort_id).first()
    if poll is None:
        raise NoSuchPoll
    draft = PollDraft(
        question=poll.question,
        options=tuple(poll.options),
        is_multiple=poll.is_multiple,
        is_anonymous=poll.is_anonymous,
        results=PollResults(poll.results),
    )
    return _prepare(session, draft, by=by, client_id=client_id)


@transaction.atomic
def discard_poll(*, session_id: int, by: User, poll_id: int, client_id: uuid.UUID | None = None) -> Event:
    """Discard a prepared poll. A poll that was opened is evidence and is kept."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    poll = _poll_of(session, poll_id)
    if poll.opened_seq is not None:
        raise PollWasAsked
    event = append_event(
        session=session,
        kind=EventKind.POLL_DISCARDED,
        actor=by,
        payload={"poll": poll.pk},
        client_id=client_id,
    )
    poll.discarded_seq = event.seq
    poll.save(update_fields=["discarded_seq"])
    return event


def _open(session: LiveSession, poll: Poll, *, by: User, client_id: uuid.UUID | None) -> Event:
    event = append_event(
        session=session,
        kind=EventKind.POLL_OPENED,
        actor=by,
        payload=poll_facts(poll),
        client_id=client_id,
    )
    poll.opened_seq = event.seq
    poll.save(update_fields=["opened_seq"])
    return event


@transaction.atomic
def open_poll(*, session_id: int, by: User, poll_id: int, client_id: uuid.UUID | None = None) -> Event:
    """Open a prepared poll. Only one may be open: a small screen shows one question."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    poll = _poll_of(session, poll_id)
    if poll.opened_seq is not None:
        raise PollWasAsked
    _require_none_open(session)
    return _open(session, poll, by=by, client_id=client_id)


@transaction.atomic
def ask_poll(*, session_id: int, by: User, draft: PollDraft, client_id: uuid.UUID | None = None) -> Event:
    """Create and open a poll at once."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_open(session)
    _require_none_open(session)
    return _open(session, _new_poll(session, draft), by=by, client_id=client_id)


def _close(session: LiveSession, poll: Poll, *, by: User | None, client_id: uuid.UUID | None) -> Event:
    results = results_of(poll)
    is_shown = poll.results != PollResults.HIDDEN
    payload = {"poll": poll.pk, **(results if is_shown else {"staff": results})}
    event = append_event(
        session=session, kind=EventKind.POLL_CLOSED, actor=by, payload=payload, client_id=client_id
    )
    poll.closed_seq = event.seq
    poll.shown_seq = event.seq if is_shown else None
    poll.save(update_fields=["closed_seq", "shown_seq"])
    return event


@transaction.atomic
def close_poll(*, session_id: int, by: User, poll_id: int, client_id: uuid.UUID | None = None) -> Event:
    """Close a poll to votes; its results are shown unless they are hidden."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    poll = _poll_of(session, poll_id)
    if poll.opened_seq is None:
        raise NoSuchPoll
    if poll.closed_seq is not None:
        raise PollClosed
    return _close(session, poll, by=by, client_id=client_id)


def close_open_polls(session: LiveSession, *, by: User | None) -> None:
    """Close the open poll of a class that ends. The caller holds the lock of the room."""
    still_open = Poll.objects.select_for_update().filter(
        session=session, opened_seq__isnull=False, closed_seq__isnull=True
    )
    for poll in still_open:
        _close(session, poll, by=by, client_id=None)


@transaction.atomic
def show_poll(*, session_id: int, by: User, poll_id: int, client_id: uuid.UUID | None = None) -> Event | None:
    """Show the hidden results of a closed poll. None where they are shown already."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    poll = _poll_of(session, poll_id)
    if poll.state_at(session.seq) != PollState.CLOSED:
        raise PollNotClosed
    if poll.shown_seq is not None:
        return None
    event = append_event(
        session=session,
        kind=EventKind.POLL_SHOWN,
        actor=by,
        payload={"poll": poll.pk, **results_of(poll)},
        client_id=client_id,
    )
    poll.shown_seq = event.seq
    poll.save(update_fields=["shown_seq"])
    return event
