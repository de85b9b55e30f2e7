"""Two conditions of admission: the time of entry, and the number of places."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.formatting import format_datetime
from live.enums import LiveRole, LiveState
from live.errors import RoomCanceled, RoomEnded, RoomFull, TooEarlyToEnter
from live.models import LiveSession, RoomPlace

# A place is held through a disconnect of this length; heartbeats are sent every 15 seconds.
PLACE_HELD_FOR = dt.timedelta(seconds=90)
# How long before the start an instructor may enter, to prepare slides, polls and groups.
INSTRUCTOR_ENTERS_BEFORE = dt.timedelta(days=3)


def entry_opens_at_for(session: LiveSession, role: LiveRole) -> dt.datetime:
    """From when `role` may enter: trainees and inspectors some minutes before the class, instructors days before."""
    if role == LiveRole.INSTRUCTOR:
        return min(session.entry_opens_at, session.class_session.starts_at - INSTRUCTOR_ENTERS_BEFORE)
    return session.entry_opens_at


def require_entry_open(*, session: LiveSession, role: LiveRole) -> None:
    """Require a time between `entry_opens_at_for` and the end of the class; an open class admits after its end.

    Raises `TooEarlyToEnter`, `RoomCanceled`, `RoomEnded`.
    """
    if session.state == LiveState.ENDED:
        raise RoomEnded
    if session.state == LiveState.CANCELED:
        raise RoomCanceled
    now, opens = timezone.now(), entry_opens_at_for(session, role)
    # An open class admits its people even if it was opened early or moved to a later time.
    if now < opens and session.state == LiveState.SCHEDULED:
        raise TooEarlyToEnter(time=format_datetime(opens, "LONG_DAY_TIME_FORMAT"))
    if session.state == LiveState.SCHEDULED and now >= session.class_session.ends_at:
        # Planned, never opened, and past.
        raise RoomEnded


def require_a_place(*, session: LiveSession, user: User, role: LiveRole) -> None:
    """Refuse a trainee for whom no place is left. Raises `RoomFull`."""
    if session.capacity is None or role == LiveRole.INSTRUCTOR:
        return
    taken = RoomPlace.objects.filter(session=session, held_until__gt=timezone.now())
    if not taken.filter(user=user).exists() and taken.count() >= session.capacity:
        raise RoomFull(places=session.capacity)


@transaction.atomic
def take_place(*, session: LiveSession, user: User, role: LiveRole) -> None:
    """Give a trainee a place, or extend the one they hold. Raises `RoomFull`."""
    if session.capacity is None or role == LiveRole.INSTRUCTOR:
        return
    # The lock keeps two simultaneous trainees from both getting the last place.
    LiveSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    require_a_place(session=session, user=user, role=role)
    RoomPlace.objects.update_or_create(
        session=session, user=user, defaults={"held_until": timezone.now() + PLACE_HELD_FOR}
    )


def keep_place(*, session: LiveSession, user: User) -> None:
    """Extend the place of a trainee who sent a heartbeat."""
    if session.capacity is not None:
        RoomPlace.objects.filter(session=session, user=user).update(
            held_until=timezone.now() + PLACE_HELD_FOR
        )
