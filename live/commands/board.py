"""The timer and the shared notes."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from live.commands.base import Sequence, StaffCommand
from live.models import Event
from live.services.board import LABEL_CHARACTERS, NOTES_CHARACTERS, start_timer, stop_timer, write_notes
from live.services.tickets import Participant

TIMER_SECONDS = 4 * 60 * 60


class TimerStart(StaffCommand):
    """Count down from `seconds`, for all to see."""

    type: Literal["timer.start"]
    seconds: Annotated[int, Field(ge=5, le=TIMER_SECONDS)]
    label: Annotated[str, StringConstraints(max_length=LABEL_CHARACTERS)] = ""

    def handle(self, participant: Participant) -> Event | None:
        return start_timer(
            session_id=participant.session_id,
            by=participant.user,
            seconds=self.seconds,
            label=self.label,
            client_id=self.id,
        )


class TimerStop(StaffCommand):
    """Take the timer down."""

    type: Literal["timer.stop"]

    def handle(self, participant: Participant) -> Event | None:
        return stop_timer(session_id=participant.session_id, by=participant.user, client_id=self.id)


class NotesWrite(StaffCommand):
    """Save the notes as changed from `revision`."""

    type: Literal["notes.write"]
    text: Annotated[str, StringConstraints(max_length=NOTES_CHARACTERS)]
    revision: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return write_notes(
            session_id=participant.session_id,
            by=participant.user,
            text=self.text,
            revision=self.revision,
            client_id=self.id,
        )


COMMANDS = (
    TimerStart,
    TimerStop,
    NotesWrite,
)
