"""Polls."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from live.commands.base import Sequence, StaffVerb, Verb
from live.enums import PollResults
from live.hub.buckets import Rate
from live.models import Event
from live.services.polls import (
    OPTION_CHARACTERS,
    POLL_OPTIONS,
    POLL_QUESTION_CHARACTERS,
    PollDraft,
    ask_poll,
    close_poll,
    discard_poll,
    open_poll,
    prepare_poll,
    repeat_poll,
    show_poll,
)
from live.services.tickets import Seat
from live.services.votes import cast_vote

VOTE_RATE = Rate(burst=6, seconds=2.0)

type Option = Annotated[str, StringConstraints(max_length=4 * OPTION_CHARACTERS)]


class _Drafted(StaffVerb):
    """What both ways of writing a poll carry."""

    question: Annotated[str, StringConstraints(max_length=4 * POLL_QUESTION_CHARACTERS)]
    options: Annotated[list[Option], Field(max_length=POLL_OPTIONS)]
    multiple: bool = False
    anonymous: bool = False
    # Strict mode would refuse the word that JSON has for it.
    results: Annotated[PollResults, Field(strict=False)] = PollResults.AT_END

    @property
    def draft(self) -> PollDraft:
        return PollDraft(
            question=self.question,
            options=tuple(self.options),
            is_multiple=self.multiple,
            is_anonymous=self.anonymous,
            results=self.results,
        )


class PollPrepare(_Drafted):
    """Keep a poll for later."""

    type: Literal["poll.prepare"]

    def obey(self, seat: Seat) -> Event | None:
        return prepare_poll(session_id=seat.session_id, by=seat.user, draft=self.draft, client_id=self.id)


class PollAsk(_Drafted):
    """Ask on the spot."""

    type: Literal["poll.ask"]

    def obey(self, seat: Seat) -> Event | None:
        return ask_poll(session_id=seat.session_id, by=seat.user, draft=self.draft, client_id=self.id)


class PollOpen(StaffVerb):
    """Ask a prepared poll."""

    type: Literal["poll.open"]
    poll: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return open_poll(session_id=seat.session_id, by=seat.user, poll_id=self.poll, client_id=self.id)


class PollClose(StaffVerb):
    """Take no more votes."""

    type: Literal["poll.close"]
    poll: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return close_poll(session_id=seat.session_id, by=seat.user, poll_id=self.poll, client_id=self.id)


class PollShow(StaffVerb):
    """Show the hidden results of a closed poll."""

    type: Literal["poll.show"]
    poll: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return show_poll(session_id=seat.session_id, by=seat.user, poll_id=self.poll, client_id=self.id)


class PollAgain(StaffVerb):
    """Prepare a poll of this class or of an earlier one of the cohort anew."""

    type: Literal["poll.again"]
    poll: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return repeat_poll(session_id=seat.session_id, by=seat.user, poll_id=self.poll, client_id=self.id)


class PollDiscard(StaffVerb):
    """Put a prepared poll away."""

    type: Literal["poll.discard"]
    poll: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return discard_poll(session_id=seat.session_id, by=seat.user, poll_id=self.poll, client_id=self.id)


class PollVote(Verb):
    """Choose options by their places, the first is 0."""

    rate = VOTE_RATE

    type: Literal["poll.vote"]
    poll: Sequence
    options: Annotated[list[int], Field(max_length=POLL_OPTIONS)]

    def obey(self, seat: Seat) -> Event | None:
        cast_vote(
            session_id=seat.session_id,
            by=seat.user,
            poll_id=self.poll,
            options=self.options,
            client_id=self.id,
        )
        return None


COMMANDS = (
    PollPrepare,
    PollAsk,
    PollOpen,
    PollClose,
    PollShow,
    PollAgain,
    PollDiscard,
    PollVote,
)
