"""Connections to the operator's media server: who may open one, and when it has to end."""

import datetime as dt
import uuid
from itertools import groupby
from operator import attrgetter

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from live.enums import LiveRole, LiveState, MediaDirection
from live.errors import NotInTheRoom, OffersNotAccepted, StaffOnly, TooManyOffers, VideoTaken
from live.media_servers import media_backend
from live.models import Event, LiveSession, MediaConnection, RoomEntry
from live.queries.admission import still_admitted
from live.services.events import locked_session, require_open
from live.services.tickets import require_entry
from live.services.video import start_video, stop_video

OFFERS_PER_MINUTE = 20
# Tabs and devices of one person; the newest are kept, as with sockets.
WATCHING_PER_PERSON = 3
# After so long without a report of its page, a sender may be replaced by anyone.
FRESH = dt.timedelta(seconds=15)
# After so long the room gets `video.stopped`.
SILENT = dt.timedelta(seconds=60)
# After so long the media server has answered, or the process that asked it is dead.
ANSWERED = dt.timedelta(seconds=30)
LEASED = dt.timedelta(seconds=10)
LEASES_AT_ONCE = 100


def count_offer(*, user: User) -> None:
    """Count an offer of `user`. Raises `TooManyOffers` beyond the limit of a minute."""
    key = f"live:offers:{user.pk}:{int(timezone.now().timestamp() // 60)}"
    cache.add(key, 0, timeout=120)
    try:
        is_too_many = cache.incr(key) > OFFERS_PER_MINUTE
    except ValueError:
        # The cache was emptied in between: the offer is accepted.
        return
    if is_too_many:
        raise TooManyOffers


@transaction.atomic
def open_sending_connection(
    *, session_id: int, user: User, device: str, take_over: bool
) -> tuple[MediaConnection, list[MediaConnection]]:
    """Let `user` send. Return the connection and those it replaces, which the media server has to close first.

    Raises `OffersNotAccepted`, `StaffOnly`, `VideoTaken`, `RoomNotOpen` and what `require_entry` raises.
    """
    _require_offers()
    session = locked_session(session_id)
    if require_entry(session, user) != LiveRole.INSTRUCTOR:
        raise StaffOnly
    require_open(session)
    replaced = list(
        MediaConnection.objects.filter(session=session, direction=MediaDirection.SENDS, ended_at=None)
    )
    for connection in replaced:
        is_same = (connection.user_id, connection.device) == (user.pk, device)
        if not (is_same or take_over or connection.last_seen_at < timezone.now() - FRESH):
            raise VideoTaken
        _end(connection, by=user)
    return _new_connection(session, user, MediaDirection.SENDS, device), replaced


@transaction.atomic
def open_watching_connection(
    *, session_id: int, user: User, device: str
) -> tuple[MediaConnection, list[MediaConnection]]:
    """Let `user` watch, who has to be in the room. Return the connection and the oldest ones above the limit, which it replaces.

    Raises `OffersNotAccepted`, `NotInTheRoom`, `RoomNotOpen` and what `require_entry` raises.
    """
    _require_offers()
    session = LiveSession.objects.select_related("class_session__cohort").get(pk=session_id)
    role = require_entry(session, user)
    require_open(session)
    entries = RoomEntry.objects.filter(session=session, user=user, seen_at__isnull=False)
    # Inspectors are not listed as present.
    if role != LiveRole.INSPECTOR and not entries.exists():
        raise NotInTheRoom
    mine = MediaConnection.objects.filter(
        session=session, user=user, direction=MediaDirection.WATCHES, ended_at=None
    )
    replaced = list(mine.order_by("-pk")[WATCHING_PER_PERSON - 1 :])
    for connection in replaced:
        _end(connection, by=user)
    return _new_connection(session, user, MediaDirection.WATCHES, device), replaced


def _require_offers() -> None:
    if not media_backend().takes_offers:
        raise OffersNotAccepted


def _new_connection(
    session: LiveSession, user: User, direction: MediaDirection, device: str
) -> MediaConnection:
    now = timezone.now()
    return MediaConnection.objects.create(
        session=session, user=user, direction=direction, device=device, opened_at=now, last_seen_at=now
    )


def store_resource(*, connection: MediaConnection, resource: str) -> None:
    """Store the address of the connection at the media server. Raises `NotInTheRoom` where it had to end meanwhile."""
    if not MediaConnection.objects.filter(pk=connection.pk, ended_at=None).update(resource=resource):
        MediaConnection.objects.filter(pk=connection.pk).update(resource=resource, closed_at=None)
        raise NotInTheRoom


@transaction.atomic
def end_own_connection(*, session_id: int, public_id: uuid.UUID, by: User) -> MediaConnection | None:
    """End one's own connection. None where it does not exist; one that has already ended is returned unchanged."""
    connection = MediaConnection.objects.filter(session=session_id, public_id=public_id, user=by).first()
    if connection is not None and connection.ended_at is None:
        _end(connection, by=by)
    return connection


def discard_connection(*, connection: MediaConnection) -> None:
    """Delete the row of a connection the media server did not accept."""
    now = timezone.now()
    MediaConnection.objects.filter(pk=connection.pk, resource="").update(ended_at=now, closed_at=now)


def mark_closed(*, connection: MediaConnection) -> None:
    """Store that the media server has closed the connection."""
    MediaConnection.objects.filter(pk=connection.pk).update(closed_at=timezone.now())


@transaction.atomic
def confirm_sending(*, session_id: int, by: User, public_id: uuid.UUID) -> Event | None:
    """Store the report of the sender's page that media arrives. The first time, announce the picture to the room.

    Raises `VideoTaken` where another connection has replaced it.
    """
    mine = MediaConnection.objects.filter(
        session=session_id, user=by, direction=MediaDirection.SENDS, public_id=public_id
    )
    if not mine.filter(ended_at=None).update(last_seen_at=timezone.now()):
        raise VideoTaken
    return start_video(session_id=session_id, by=by)


def _end(connection: MediaConnection, *, by: User | None) -> None:
    connection.ended_at = timezone.now()
    MediaConnection.objects.filter(pk=connection.pk, ended_at=None).update(ended_at=connection.ended_at)
    if connection.direction == MediaDirection.SENDS:
        stop_video(session_id=connection.session_id, by=by)


# --- Periodic work ------------------------------------------------------------------------------------------


def end_stale_connections() -> bool:
    """End every connection whose class is over, whose person is no longer admitted or whose sender is silent.

    Return whether any is not closed yet. Safe to run in several processes at once.
    """
    going_on = (
        MediaConnection.objects.filter(ended_at=None).select_related("session").order_by("session_id", "pk")
    )
    for session_id, connections in groupby(going_on, key=attrgetter("session_id")):
        _end_stale(session_id, list(connections))
    return MediaConnection.objects.filter(closed_at=None).exists()


def _end_stale(session_id: int, connections: list[MediaConnection]) -> None:
    now = timezone.now()
    is_open = connections[0].session.state == LiveState.OPEN
    admitted = (
        still_admitted(session_id, {connection.user_id for connection in connections}) if is_open else set()
    )
    for connection in connections:
        is_silent = connection.direction == MediaDirection.SENDS and connection.last_seen_at < now - SILENT
        is_orphan = not connection.resource and connection.opened_at < now - ANSWERED
        if connection.user_id not in admitted or is_silent or is_orphan:
            with transaction.atomic():
                _end(connection, by=None)


@transaction.atomic
def lease_ended_connections() -> list[MediaConnection]:
    """Lease ended connections that the media server still has, for some seconds."""
    now = timezone.now()
    free = Q(leased_at=None) | Q(leased_at__lt=now - LEASED)
    ended = MediaConnection.objects.filter(free, ended_at__isnull=False, closed_at=None)
    # Without an answer of the media server there is no address, and after the timeout nothing to end.
    ended.filter(resource="", ended_at__lt=now - ANSWERED).update(closed_at=now)
    leased = list(_unlocked(ended.exclude(resource=""))[:LEASES_AT_ONCE])
    MediaConnection.objects.filter(pk__in=[connection.pk for connection in leased]).update(leased_at=now)
    return leased


def _unlocked(connections: QuerySet[MediaConnection]) -> QuerySet[MediaConnection]:
    return connections.select_for_update(skip_locked=True)
