"""Commands of polls."""

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
    """Fields of the two commands that create a poll."""

    question: Annotated[str, StringConstraints(max_length=4 * POLL_QUESTION_CHARACTERS)]
    options: Annotated[list[Option], Field(max_length=POLL_OPTIONS)]
    multiple: bool = False
    anonymous: bool = False
    # Strict mode would refuse an enum value written as a JSON string.
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
    """Prepare a poll for later."""

    type: Literal["poll.prepare"]

    def handle(self, participant: Participant) -> Event | None:
        return prepare_poll(
            session_id=participant.session_id, by=participant.user, draft=self.draft, client_id=self.id
        )


class PollAsk(_Drafted):
    """Create and open a poll at once."""

    type: Literal["poll.ask"]

    def handle(self, participant: Participant) -> Event | None:
        return ask_poll(
            session_id=participant.session_id, by=participant.user, draft=self.draft, client_id=self.id
        )


class PollOpen(StaffCommand):
    """Open a prepared poll."""

    type: Literal["poll.open"]
    poll: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return open_poll(
            session_id=participant.session_id, by=participant.user, poll_id=self.poll, client_id=self.id
        )


class PollClose(StaffCommand):
    """Close a poll to votes."""

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
    """Prepare a copy of a poll of this class or of an earlier one of the cohort."""

    type: Literal["poll.again"]
    poll: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return repeat_poll(
            session_id=participant.session_id, by=participant.user, poll_id=self.poll, client_id=self.id
        )


class PollDiscard(StaffCommand):
    """Discard a prepared poll."""

    type: Literal["poll.discard"]
    poll: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return discard_poll(
            session_id=participant.session_id, by=participant.user, poll_id=self.poll, client_id=self.id
        )


class PollVote(RoomCommand):
    """Choose options by index, from 0."""

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
