"""Offers of browsers to the media server: for browsers these views are the WHIP (RFC 9725) and WHEP endpoints.

Browsers gather their ICE candidates before the offer, so PATCH is not supported (405, RFC 9725, section 4.3).
"""

import asyncio
import re
import uuid
from collections.abc import Callable
from http import HTTPStatus

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.scoping.requests import MemberRequest
from live.enums import MediaDirection
from live.errors import (
    LiveError,
    MediaServerUnavailable,
    NoPictureYet,
    OfferNotTaken,
    OfferTooBig,
    TooManyOffers,
)
from live.models import LiveSession, MediaConnection
from live.server.event_gateway import in_database
from live.views.access import session_for
from live.whip.backend import WhipBackend
from live.whip.connection_reaper import connection_reaper, end_connection
from live.whip.exchange import (
    SDP,
    SDP_BYTES,
    OfferRefused,
    ServerUnreachable,
    StreamNotFound,
    the_media_server,
)
from live.whip.media_connections import (
    count_offer,
    discard_connection,
    end_own_connection,
    mark_closed,
    open_sending_connection,
    open_watching_connection,
    store_resource,
)

DEVICE = re.compile(r"[0-9A-Za-z-]{8,36}")
STATUS: dict[type[LiveError], HTTPStatus] = {
    TooManyOffers: HTTPStatus.TOO_MANY_REQUESTS,
    OfferTooBig: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    OfferNotTaken: HTTPStatus.UNPROCESSABLE_ENTITY,
    NoPictureYet: HTTPStatus.CONFLICT,
    MediaServerUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
# The event loop holds only weak references to tasks.
_exchanges: set[asyncio.Task[str]] = set()

type Opening = Callable[[LiveSession, User, str], tuple[MediaConnection, list[MediaConnection]]]


@login_required
@never_cache
@require_POST
async def whip(request: MemberRequest, public_id: str) -> HttpResponse:
    """Take the offer of an instructor's browser that wants to send; `?take_over=1` replaces another device."""
    take_over = request.GET.get("take_over") == "1"

    def opened(
        session: LiveSession, user: User, device: str
    ) -> tuple[MediaConnection, list[MediaConnection]]:
        return open_sending_connection(session_id=session.pk, user=user, device=device, take_over=take_over)

    return await _offered(request, public_id, opened)


@login_required
@never_cache
@require_POST
async def whep(request: MemberRequest, public_id: str) -> HttpResponse:
    """Take the offer of a browser that wants to watch."""

    def opened(
        session: LiveSession, user: User, device: str
    ) -> tuple[MediaConnection, list[MediaConnection]]:
        return open_watching_connection(session_id=session.pk, user=user, device=device)

    return await _offered(request, public_id, opened)


@login_required
@never_cache
@require_http_methods(["DELETE"])
async def media_connection(request: MemberRequest, public_id: str, connection_id: uuid.UUID) -> HttpResponse:
    """End one's own connection."""
    session = await sync_to_async(session_for)(request, public_id)
    ended = await sync_to_async(end_own_connection)(
        session_id=session.pk, public_id=connection_id, by=await _user_of(request)
    )
    if ended is None:
        raise Http404
    if ended.resource and ended.closed_at is None:
        await end_connection(ended)
    return HttpResponse()


async def _user_of(request: MemberRequest) -> User:
    user = await request.auser()
    assert isinstance(user, User)  # noqa: S101 - a login is required
    return user


async def _offered(request: MemberRequest, public_id: str, opened: Opening) -> HttpResponse:
    """201 with the answer and the connection's address, or {"code", "message"}."""
    session = await sync_to_async(session_for)(request, public_id)
    user = await _user_of(request)
    device = request.GET.get("device", "")
    if request.content_type != SDP or not DEVICE.fullmatch(device):
        return HttpResponse(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        await sync_to_async(count_offer)(user=user)
        offer = _offer_of(request)
        mine, replaced = await sync_to_async(opened)(session, user, device)
        # Finished even if the browser disconnects: otherwise the new connection could not be ended.
        exchange = asyncio.ensure_future(_exchange(session, mine, replaced, offer))
        _exchanges.add(exchange)
        exchange.add_done_callback(_exchanges.discard)
        answer = await asyncio.shield(exchange)
    except LiveError as error:
        status = STATUS.get(type(error), HTTPStatus.FORBIDDEN)
        return JsonResponse({"code": error.code, "message": str(error)}, status=status)
    finally:
        connection_reaper.start()
    place = reverse("whip:media_connection", args=[session.class_session.public_id, mine.public_id])
    return HttpResponse(answer, status=HTTPStatus.CREATED, content_type=SDP, headers={"Location": place})


def _offer_of(request: MemberRequest) -> str:
    try:
        body = request.body
        if len(body) > SDP_BYTES:
            raise OfferTooBig
        offer = body.decode()
    except RequestDataTooBig as error:
        raise OfferTooBig from error
    except UnicodeDecodeError as error:
        raise OfferNotTaken from error
    if not offer.startswith("v=0") or "\nm=" not in offer:
        raise OfferNotTaken
    return offer


async def _exchange(
    session: LiveSession, mine: MediaConnection, replaced: list[MediaConnection], offer: str
) -> str:
    """Send the offer to the media server and store where the connection can be ended. May outlive its request."""
    for before in replaced:
        if before.resource and await the_media_server().hang_up(before.resource):
            await in_database(mark_closed)(connection=before)
    try:
        answer = await WhipBackend().answer(session, MediaDirection(mine.direction), offer)
    except (ServerUnreachable, OfferRefused, StreamNotFound) as failure:
        await in_database(discard_connection)(connection=mine)
        raise _error_of(failure, MediaDirection(mine.direction)) from failure
    await in_database(store_resource)(connection=mine, resource=answer.resource)
    return answer.sdp


def _error_of(failure: Exception, direction: MediaDirection) -> LiveError:
    if isinstance(failure, OfferRefused):
        return OfferNotTaken()
    if isinstance(failure, StreamNotFound) and direction == MediaDirection.WATCHES:
        return NoPictureYet()
    return MediaServerUnavailable()
