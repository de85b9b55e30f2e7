"""Commands about questions to the instructor."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from live.commands.base import RoomCommand, Sequence, StaffCommand
from live.enums import QuestionState
from live.hub.buckets import Rate
from live.models import Event
from live.services.questions import (
    QUESTION_CHARACTERS,
    ask_question,
    resolve_question,
    vote_for_question,
    withdraw_question_vote,
)
from live.services.tickets import Participant

ASK_RATE = Rate(burst=3, seconds=10.0)
WISH_RATE = Rate(burst=10, seconds=1.0)


class QuestionAsk(RoomCommand):
    """Ask a question."""

    rate = ASK_RATE

    type: Literal["question.ask"]
    text: Annotated[str, StringConstraints(max_length=4 * QUESTION_CHARACTERS)]

    def handle(self, participant: Participant) -> Event | None:
        return ask_question(
            session_id=participant.session_id, by=participant.user, text=self.text, client_id=self.id
        )


class QuestionVote(RoomCommand):
    """Vote for question `seq`."""

    rate = WISH_RATE

    type: Literal["question.vote"]
    seq: Sequence

    def handle(self, participant: Participant) -> Event | None:
        vote_for_question(session_id=participant.session_id, by=participant.user, seq=self.seq)
        return None


class QuestionUnvote(RoomCommand):
    """Withdraw that vote."""

    rate = WISH_RATE

    type: Literal["question.unvote"]
    seq: Sequence

    def handle(self, participant: Participant) -> Event | None:
        withdraw_question_vote(session_id=participant.session_id, by=participant.user, seq=self.seq)
        return None


class QuestionAnswer(StaffCommand):
    """Mark question `seq` answered."""

    type: Literal["question.answer"]
    seq: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return resolve_question(
            session_id=participant.session_id,
            by=participant.user,
            seq=self.seq,
            state=QuestionState.ANSWERED,
            client_id=self.id,
        )


class QuestionDismiss(StaffCommand):
    """Dismiss question `seq`: it is no longer shown to anyone."""

    type: Literal["question.dismiss"]
    seq: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return resolve_question(
            session_id=participant.session_id,
            by=participant.user,
            seq=self.seq,
            state=QuestionState.DISMISSED,
            client_id=self.id,
        )


COMMANDS = (
    QuestionAsk,
    QuestionVote,
    QuestionUnvote,
    QuestionAnswer,
    QuestionDismiss,
)
