"""Rules of a room: slow mode, messages of trainees, lobby, lock."""

import uuid
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from live.enums import EventKind
from live.models import Event
from live.models.room_rules import rules_of
from live.services.events import already_done, append_event, locked_session


@transaction.atomic
def change_rules(
    *, session_id: int, by: User, changes: dict[str, Any], client_id: uuid.UUID | None = None
) -> Event | None:
    """Set fields of `live.models.room_rules.RoomRules`. None where nothing changes. Raises `RoomEnded`."""
    session = locked_session(session_id)
    if done := already_done(session, by=by, client_id=client_id):
        return done
    before = rules_of(session).model_dump()
    changed = {name: value for name, value in changes.items() if before[name] != value}
    if not changed:
        return None
    session.settings = {**session.settings, **changed}
    # Validated by the model that reads it.
    rules_of(session)
    session.save(update_fields=["settings"])
    event = append_event(
        session=session, kind=EventKind.RULES_CHANGED, actor=by, payload=changed, client_id=client_id
    )
    log(
        session,
        "live.models.room_rules.change",
        user=by,
        data={"before": {k: before[k] for k in changed}, "after": changed},
    )
    return event
