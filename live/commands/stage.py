"""Commands for slides, pointer and board."""

import uuid
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from live.commands.base import Sequence, StaffCommand
from live.hub.buckets import Rate
from live.models import Event
from live.services.decks import PAGES_AT_ONCE
from live.services.drawing import INKS, STROKE_POINTS, draw_stroke, show_board, undo_stroke, wipe_board
from live.services.stage import (
    DESCRIPTION_CHARACTERS,
    SURFACE,
    clear_stage,
    describe_slide,
    point_at,
    show_slide,
)
from live.services.tickets import Participant

# The page sends at most three a second.
POINTER_RATE = Rate(burst=10, seconds=0.2)
STROKE_RATE = Rate(burst=30, seconds=0.2)

type Deck = Annotated[uuid.UUID, Field(strict=False)]
type Page = Annotated[int, Field(ge=1, le=PAGES_AT_ONCE)]
type Place = Annotated[int, Field(ge=0, le=SURFACE)]


def _pairs(points: list[int]) -> list[int]:
    if len(points) % 2:
        raise ValueError("half a point")
    return points


class SlidesShow(StaffCommand):
    """Show page `page` of `deck`."""

    type: Literal["slides.show"]
    deck: Deck
    page: Page

    def handle(self, participant: Participant) -> Event | None:
        return show_slide(
            session_id=participant.session_id,
            by=participant.user,
            deck=self.deck,
            page=self.page,
            client_id=self.id,
        )


class SlidesDescribe(StaffCommand):
    """Write the alternative text of a slide."""

    type: Literal["slides.describe"]
    deck: Deck
    page: Page
    text: Annotated[str, StringConstraints(max_length=DESCRIPTION_CHARACTERS)]

    def handle(self, participant: Participant) -> Event | None:
        return describe_slide(
            session_id=participant.session_id,
            by=participant.user,
            deck=self.deck,
            page=self.page,
            text=self.text,
            client_id=self.id,
        )


class SlidesPoint(StaffCommand):
    """Move the pointer to a place; without one, hide it."""

    rate = POINTER_RATE

    type: Literal["slides.point"]
    x: Place | None = None
    y: Place | None = None

    def handle(self, participant: Participant) -> Event | None:
        point_at(session_id=participant.session_id, x=self.x, y=self.y)
        return None


class StageClear(StaffCommand):
    """Hide the slide or board."""

    type: Literal["stage.clear"]

    def handle(self, participant: Participant) -> Event | None:
        return clear_stage(session_id=participant.session_id, by=participant.user, client_id=self.id)


class BoardShow(StaffCommand):
    """Show a blank board."""

    type: Literal["board.show"]

    def handle(self, participant: Participant) -> Event | None:
        return show_board(session_id=participant.session_id, by=participant.user, client_id=self.id)


class BoardDraw(StaffCommand):
    """Draw a stroke on what event `shown` showed."""

    rate = STROKE_RATE

    type: Literal["board.draw"]
    shown: Sequence
    points: Annotated[list[Place], Field(min_length=4, max_length=2 * STROKE_POINTS), AfterValidator(_pairs)]
    ink: Annotated[int, Field(ge=0, lt=INKS)] = 0
    joined: bool = False

    def handle(self, participant: Participant) -> Event | None:
        return draw_stroke(
            session_id=participant.session_id,
            by=participant.user,
            shown=self.shown,
            points=self.points,
            ink=self.ink,
            is_joined=self.joined,
            client_id=self.id,
        )


class BoardUndo(StaffCommand):
    """Undo one's own last line."""

    type: Literal["board.undo"]
    shown: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return undo_stroke(
            session_id=participant.session_id, by=participant.user, shown=self.shown, client_id=self.id
        )


class BoardClear(StaffCommand):
    """Clear the drawing."""

    type: Literal["board.clear"]
    shown: Sequence

    def handle(self, participant: Participant) -> Event | None:
        return wipe_board(
            session_id=participant.session_id, by=participant.user, shown=self.shown, client_id=self.id
        )


COMMANDS = (
    SlidesShow,
    SlidesDescribe,
    SlidesPoint,
    StageClear,
    BoardShow,
    BoardDraw,
    BoardUndo,
    BoardClear,
)
