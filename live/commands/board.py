"""The timer and the shared notes."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from live import services
from live.commands.base import Sequence, StaffVerb
from live.models import Event
from live.services import Seat

TIMER_SECONDS = 4 * 60 * 60


class TimerStart(StaffVerb):
    """Count down from `seconds`, for all to see."""

    type: Literal["timer.start"]
    seconds: Annotated[int, Field(ge=5, le=TIMER_SECONDS)]
    label: Annotated[str, StringConstraints(max_length=services.LABEL_CHARACTERS)] = ""

    def obey(self, seat: Seat) -> Event | None:
        return services.start_timer(
            session_id=seat.session_id,
            by=seat.user,
            seconds=self.seconds,
            label=self.label,
            client_id=self.id,
        )


class TimerStop(StaffVerb):
    """Take the timer down."""

    type: Literal["timer.stop"]

    def obey(self, seat: Seat) -> Event | None:
        return services.stop_timer(session_id=seat.session_id, by=seat.user, client_id=self.id)


class NotesWrite(StaffVerb):
    """Save the notes as changed from `revision`."""

    type: Literal["notes.write"]
    text: Annotated[str, StringConstraints(max_length=services.NOTES_CHARACTERS)]
    revision: Sequence

    def obey(self, seat: Seat) -> Event | None:
        return services.write_notes(
            session_id=seat.session_id,
            by=seat.user,
            text=self.text,
            revision=self.revision,
            client_id=self.id,
        )


COMMANDS = (
    TimerStart,
    TimerStop,
    NotesWrite,
)
