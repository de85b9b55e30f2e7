"""Heartbeats and returns, by the server's clock."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Func, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import User
from live.attendance.policy import CURRENT
from live.enums import NOT_REPORTED, LiveState, PlaybackState
from live.models import LiveSession, PresenceMinute, PresenceReturn
from live.queries.presence import Counter, minutes_so_far
from live.services.admission import keep_place
from live.services.lobby import note_seen


def record_heartbeat(
    *,
    session_id: int,
    user: User,
    device: str,
    state: PlaybackState | None = None,
    is_counted: bool = True,
    at: dt.datetime | None = None,
) -> Counter:
    """Store that `user` is in the room now, and what their page is playing. Return the counts so far.

    Outside the open room, for a login without a person, and for the staff (not `is_counted`), nothing is counted and no error is raised.
    """
    session = LiveSession.objects.get(pk=session_id)
    keep_place(session=session, user=user)
    is_due = is_counted and session.state == LiveState.OPEN and session.opened_at is not None
    if is_due and user.person_id is not None:
        try:
            _note(session, user.person_id, device, state, at or timezone.now())
        except IntegrityError:
            # The room may have ended since it was read: then this heartbeat is too late.
            session = LiveSession.objects.get(pk=session_id)
            if session.state != LiveState.ENDED:
                raise
    note_seen(session_id=session.pk, user=user)
    return minutes_so_far(session, user.person_id) if is_counted else Counter()


@transaction.atomic
def _note(
    session: LiveSession, person_id: int, device: str, state: PlaybackState | None, now: dt.datetime
) -> None:
    assert session.opened_at is not None  # noqa: S101 - checked by the only caller
    minute, bit = CURRENT.place(max(0.0, (now - session.opened_at).total_seconds()))
    letter = Value(state.letter if state else NOT_REPORTED)
    change = {
        "beats": F("beats").bitor(bit),
        "states": Func(F("states"), letter, Value(bit.bit_length()), Value(1), function="overlay"),
        # GREATEST ignores NULL.
        "last_at": Greatest("last_at", Value(now)),
    }
    key = {"session": session, "person_id": person_id, "device": device, "minute": minute}
    rows = PresenceMinute.objects.filter(**key)
    if not rows.update(**change):
        PresenceMinute.objects.bulk_create([PresenceMinute(**key)], ignore_conflicts=True)
        rows.update(**change)


@dataclass(frozen=True, slots=True)
class Absence:
    """A silence of a device that has just reconnected and is receiving the replay."""

    came_at: dt.datetime
    silent_seconds: float
    since: int
    replayed_to: int


def notice_return(
    *, session_id: int, user: User, device: str, since: int, replayed_to: int
) -> Absence | None:
    """Measure the silence of the device that reconnected with `since`. None where there is none to record."""
    if user.person_id is None:
        return None
    last = (
        PresenceMinute.objects.filter(
            session_id=session_id, person_id=user.person_id, device=device, last_at__isnull=False
        )
        .order_by("-minute")
        .values_list("last_at", flat=True)
        .first()
    )
    if last is None:
        return None
    now = timezone.now()
    silent = (now - last).total_seconds()
    if silent <= CURRENT.beat_seconds:
        return None
    return Absence(came_at=now, silent_seconds=silent, since=since, replayed_to=replayed_to)


def record_return(*, session_id: int, user: User, device: str, absence: Absence) -> None:
    """Store that the device confirmed everything it had missed. The policy decides whether the silence counts as presence."""
    if user.person_id is None:
        return
    session = LiveSession.objects.get(pk=session_id)
    if session.state != LiveState.OPEN:
        return
    PresenceReturn.objects.bulk_create(
        [
            PresenceReturn(
                session=session,
                person_id=user.person_id,
                device=device,
                came_at=absence.came_at,
                silent_seconds=absence.silent_seconds,
                since=absence.since,
                replayed_to=absence.replayed_to,
            )
        ],
        ignore_conflicts=True,
    )
