"""Connections to a media server that is not ours: who may have one, and when it has to end."""

import datetime as dt
import uuid
from itertools import groupby
from operator import attrgetter

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from live.enums import LegWay, LiveRole, LiveState
from live.errors import NotInTheRoom, OtherWay, StaffOnly, TooManyOffers, VideoTaken
from live.media_servers import media_backend
from live.models import Event, LiveSession, MediaLeg, RoomEntry
from live.queries.admission import still_admitted
from live.services.events import locked_session, require_open
from live.services.tickets import require_entry
from live.services.video import start_video, stop_video

OFFERS_PER_MINUTE = 20
# Tabs and devices of one person; the newest win, as with sockets.
WATCHING_PER_PERSON = 3
# A sender whose page has been silent for so long may be followed by anybody.
FRESH = dt.timedelta(seconds=15)
# Then the class is told that there is no picture.
SILENT = dt.timedelta(seconds=60)
# The media server has answered by then, or the process that asked it is dead.
ANSWERED = dt.timedelta(seconds=30)
CLAIMED = dt.timedelta(seconds=10)
CLAIMS_AT_ONCE = 100


def count_offer(*, user: User) -> None:
    """Raises `TooManyOffers` beyond so many of one login in a minute."""
    key = f"live:offers:{user.pk}:{int(timezone.now().timestamp() // 60)}"
    cache.add(key, 0, timeout=120)
    try:
        is_too_many = cache.incr(key) > OFFERS_PER_MINUTE
    except ValueError:
        # The cache was emptied in between: nobody is refused for that.
        return
    if is_too_many:
        raise TooManyOffers


@transaction.atomic
def open_sending_leg(
    *, session_id: int, user: User, device: str, take_over: bool
) -> tuple[MediaLeg, list[MediaLeg]]:
    """Let `user` send. Return the leg and those it replaces, which the media server has to let go of first.

    Raises `OtherWay`, `StaffOnly`, `VideoTaken`, `RoomNotOpen` and what `require_entry` raises.
    """
    _require_offers()
    session = locked_session(session_id)
    if require_entry(session, user) != LiveRole.TRAINER:
        raise StaffOnly
    require_open(session)
    replaced = list(MediaLeg.objects.filter(session=session, way=LegWay.SENDS, ended_at=None))
    for leg in replaced:
        is_same = (leg.user_id, leg.device) == (user.pk, device)
        if not (is_same or take_over or leg.heard_at < timezone.now() - FRESH):
            raise VideoTaken
        _end(leg, by=user)
    return _new_leg(session, user, LegWay.SENDS, device), replaced


@transaction.atomic
def open_watching_leg(*, session_id: int, user: User, device: str) -> tuple[MediaLeg, list[MediaLeg]]:
    """Let `user` watch, who has to be in the room. The same, with the oldest of too many legs replaced.

    Raises `OtherWay`, `NotInTheRoom`, `RoomNotOpen` and what `require_entry` raises.
    """
    _require_offers()
    session = LiveSession.objects.select_related("class_session__cohort").get(pk=session_id)
    role = require_entry(session, user)
    require_open(session)
    entries = RoomEntry.objects.filter(session=session, user=user, seen_at__isnull=False)
    # Inspectors are not among those who are here.
    if role != LiveRole.INSPECTOR and not entries.exists():
        raise NotInTheRoom
    mine = MediaLeg.objects.filter(session=session, user=user, way=LegWay.WATCHES, ended_at=None)
    replaced = list(mine.order_by("-pk")[WATCHING_PER_PERSON - 1 :])
    for leg in replaced:
        _end(leg, by=user)
    return _new_leg(session, user, LegWay.WATCHES, device), replaced


def _require_offers() -> None:
    if not media_backend().takes_offers:
        raise OtherWay


def _new_leg(session: LiveSession, user: User, way: LegWay, device: str) -> MediaLeg:
    now = timezone.now()
    return MediaLeg.objects.create(
        session=session, user=user, way=way, device=device, opened_at=now, heard_at=now
    )


def keep_leg(*, leg: MediaLeg, resource: str) -> None:
    """Note where the media server has it. Raises `NotInTheRoom` where it had to end meanwhile."""
    if not MediaLeg.objects.filter(pk=leg.pk, ended_at=None).update(resource=resource):
        MediaLeg.objects.filter(pk=leg.pk).update(resource=resource, closed_at=None)
        raise NotInTheRoom


@transaction.atomic
def end_leg(*, session_id: int, public_id: uuid.UUID, by: User) -> MediaLeg | None:
    """End a leg of one's own. None where there is no such leg; one that has ended already is given back as it is."""
    leg = MediaLeg.objects.filter(session=session_id, public_id=public_id, user=by).first()
    if leg is not None and leg.ended_at is None:
        _end(leg, by=by)
    return leg


def drop_leg(*, leg: MediaLeg) -> None:
    """Forget a leg the media server did not take."""
    now = timezone.now()
    MediaLeg.objects.filter(pk=leg.pk, resource="").update(ended_at=now, closed_at=now)


def close_leg(*, leg: MediaLeg) -> None:
    """Note that the media server has let go of it."""
    MediaLeg.objects.filter(pk=leg.pk).update(closed_at=timezone.now())


@transaction.atomic
def sending_goes_on(*, session_id: int, by: User, public_id: uuid.UUID) -> Event | None:
    """The sender's page says that picture and sound arrive. The first time the room is told so.

    Raises `VideoTaken` where another leg has taken its place.
    """
    mine = MediaLeg.objects.filter(session=session_id, user=by, way=LegWay.SENDS, public_id=public_id)
    if not mine.filter(ended_at=None).update(heard_at=timezone.now()):
        raise VideoTaken
    return start_video(session_id=session_id, by=by)


def _end(leg: MediaLeg, *, by: User | None) -> None:
    leg.ended_at = timezone.now()
    MediaLeg.objects.filter(pk=leg.pk, ended_at=None).update(ended_at=leg.ended_at)
    if leg.way == LegWay.SENDS:
        stop_video(session_id=leg.session_id, by=by)


# --- What nobody asks for ------------------------------------------------------------------------------------------


def sort_out_legs() -> bool:
    """End every leg whose class is over, whose person may no longer be there or whose sender is silent.

    Return whether any is left that is not closed. Safe to run in several processes at once.
    """
    going_on = MediaLeg.objects.filter(ended_at=None).select_related("session").order_by("session_id", "pk")
    for session_id, legs in groupby(going_on, key=attrgetter("session_id")):
        _sort_out(session_id, list(legs))
    return MediaLeg.objects.filter(closed_at=None).exists()


def _sort_out(session_id: int, legs: list[MediaLeg]) -> None:
    now = timezone.now()
    is_open = legs[0].session.state == LiveState.OPEN
    admitted = still_admitted(session_id, {leg.user_id for leg in legs}) if is_open else set()
    for leg in legs:
        is_silent = leg.way == LegWay.SENDS and leg.heard_at < now - SILENT
        is_orphan = not leg.resource and leg.opened_at < now - ANSWERED
        if leg.user_id not in admitted or is_silent or is_orphan:
            with transaction.atomic():
                _end(leg, by=None)


@transaction.atomic
def claim_ended_legs() -> list[MediaLeg]:
    """Take ended legs that the media server still has; nobody else is given them for some seconds."""
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIMED)
    ended = MediaLeg.objects.filter(free, ended_at__isnull=False, closed_at=None)
    # What the media server has not answered has no address yet, and later is nothing to end.
    ended.filter(resource="", ended_at__lt=now - ANSWERED).update(closed_at=now)
    claimed = list(_unlocked(ended.exclude(resource=""))[:CLAIMS_AT_ONCE])
    MediaLeg.objects.filter(pk__in=[leg.pk for leg in claimed]).update(claimed_at=now)
    return claimed


def _unlocked(legs: QuerySet[MediaLeg]) -> QuerySet[MediaLeg]:
    return legs.select_for_update(skip_locked=True)
