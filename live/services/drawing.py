"""Drawing on the slide or on a blank board: every stroke is an event, so that a replay redraws it."""

import uuid
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from live.enums import EventKind
from live.errors import BoardFull, NothingOnStage, NothingToUndo
from live.models import Event, LiveSession
from live.queries.stage import on_stage, strokes_on
from live.services.events import already_done, append_event, locked_session
from live.services.stage import require_not_ended

# A longer line is sent as several joined strokes.
STROKE_POINTS = 64
# Limits the drawing of one board in a welcome to about 24 kB.
BOARD_POINTS = 3_000
# Numbers of the colors in `stage.css`.
INKS = 4


@transaction.atomic
def show_board(*, session_id: int, by: User, client_id: uuid.UUID | None = None) -> Event:
    """Show a blank board."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    require_not_ended(session)
    return append_event(session=session, kind=EventKind.BOARD_SHOWN, actor=by, client_id=client_id)


@transaction.atomic
def draw_stroke(
    *,
    session_id: int,
    by: User,
    shown: int,
    points: Sequence[int],
    ink: int = 0,
    is_joined: bool = False,
    client_id: uuid.UUID | None = None,
) -> Event:
    """Draw a line on what event `shown` showed: `points` is x, y, x, y ... in thousandths of the surface.

    `is_joined`: it continues the same person's last stroke. Raises `NothingOnStage`, `BoardFull`.
    """
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    _require_shown(session, shown)
    used = sum(len(stroke.payload["points"]) // 2 for stroke in strokes_on(session.pk, shown))
    if used + len(points) // 2 > BOARD_POINTS:
        raise BoardFull
    payload = {"points": list(points), "ink": ink}
    if is_joined:
        payload["joined"] = True
    return append_event(
        session=session,
        kind=EventKind.BOARD_DRAWN,
        actor=by,
        target=shown,
        payload=payload,
        client_id=client_id,
    )


@transaction.atomic
def undo_stroke(*, session_id: int, by: User, shown: int, client_id: uuid.UUID | None = None) -> Event:
    """Undo one's own last line with all its strokes. Raises `NothingOnStage`, `NothingToUndo`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    _require_shown(session, shown)
    mine = [stroke for stroke in strokes_on(session.pk, shown) if stroke.actor_id == by.pk]
    if not mine:
        raise NothingToUndo
    first = next((stroke for stroke in reversed(mine) if not stroke.payload.get("joined")), mine[0])
    return append_event(
        session=session, kind=EventKind.BOARD_UNDONE, actor=by, target=first.seq, client_id=client_id
    )


@transaction.atomic
def wipe_board(*, session_id: int, by: User, shown: int, client_id: uuid.UUID | None = None) -> Event:
    """Clear the drawing on what event `shown` showed. Raises `NothingOnStage`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    _require_shown(session, shown)
    return append_event(
        session=session, kind=EventKind.BOARD_CLEARED, actor=by, target=shown, client_id=client_id
    )


def _require_shown(session: LiveSession, shown: int) -> None:
    require_not_ended(session)
    now = on_stage(session.pk)
    if now is None or now.seq != shown:
        raise NothingOnStage
