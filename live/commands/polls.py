"""Polls."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from live.commands.base import RoomCommand, Sequence, StaffCommand
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
from live.services.tickets import Participant
from live.services.votes import cast_vote

VOTE_RATE = Rate(burst=6, seconds=2.0)

type Option = Annotated[str, StringConstraints(max_length=4 * OPTION_CHARACTERS)]


class _Drafted(StaffCommand):
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

    def handle(self, participant: Participant) -> Event | None:
        return prepare_poll(
            session_id=participant.session_id, by=participant.user, draft=self.draft, client_id=self.id
        )


class PollAsk(_Drafted):
    """Ask on the spot."""

    type: Literal["poll.ask"]

    def handle(self, participant: Participant) -> Event | None:
        return ask_poll(
            session_id=participant.session_id, by=participant.user, draft=self.draft, client_id=self.id
        )


class PollOpen(StaffCommand):
    """Ask a prepared poll."""

    type: Literal["poll.open"]
    poll: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return open_poll(
            session_id=participant.session_id, by=participant.user, poll_id=self.poll, client_id=self.id
        )


class PollClose(StaffCommand):
    """Take no more votes."""

    type: Literal["poll.close"]
    poll: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return close_poll(
            session_id=participant.session_id, by=participant.user, poll_id=self.poll, client_id=self.id
        )


class PollShow(StaffCommand):
    """Show the hidden results of a closed poll."""

    type: Literal["poll.show"]
    poll: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return show_poll(
            session_id=participant.session_id, by=participant.user, poll_id=self.poll, client_id=self.id
        )


class PollAgain(StaffCommand):
    """Prepare a poll of this class or of an earlier one of the cohort anew."""

    type: Literal["poll.again"]
    poll: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return repeat_poll(
            session_id=participant.session_id, by=participant.user, poll_id=self.poll, client_id=self.id
        )


class PollDiscard(StaffCommand):
    """Put a prepared poll away."""

    type: Literal["poll.discard"]
    poll: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return discard_poll(
            session_id=participant.session_id, by=participant.user, poll_id=self.poll, client_id=self.id
        )


class PollVote(RoomCommand):
    """Choose options by their places, the first is 0."""

    rate = VOTE_RATE

    type: Literal["poll.vote"]
    poll: Sequence
    options: Annotated[list[int], Field(max_length=POLL_OPTIONS)]

    def handle(self, participant: Participant) -> Event | None:
        cast_vote(
            session_id=participant.session_id,
            by=participant.user,
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
