"""Heartbeats, on the server's clock."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from live.enums import LiveState
from live.models import LiveSession, PresenceMinute
from live.policy import CURRENT
from live.queries import minutes_so_far
from live.services.gates import keep_place
from live.services.order import note_seen


@transaction.atomic
def record_beat(
    *, session_id: int, user: User, device: str, at: dt.datetime | None = None
) -> tuple[int, int]:
    """Note that `user` is in the room now. Return (minutes counted, minutes held) so far.

    Outside the open room, and for a login without a person, nothing is counted and nothing is wrong.
    """
    session = LiveSession.objects.get(pk=session_id)
    keep_place(session=session, user=user)
    if session.state == LiveState.OPEN and session.opened_at and user.person_id is not None:
        now = at or timezone.now()
        minute, bit = CURRENT.place(max(0.0, (now - session.opened_at).total_seconds()))
        key = {"session": session, "person_id": user.person_id, "device": device, "minute": minute}
        rows = PresenceMinute.objects.filter(**key)
        if not rows.update(beats=F("beats").bitor(bit)):
            PresenceMinute.objects.bulk_create([PresenceMinute(**key)], ignore_conflicts=True)
            rows.update(beats=F("beats").bitor(bit))
    note_seen(session_id=session.pk, user=user)
    return minutes_so_far(session, user.person_id)
