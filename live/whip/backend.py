"""The backend of a separate media server, for classes too big for one machine (docs/how-to/live-media-servers.md).

Browsers send to it and watch from it over WebRTC. Their offers are forwarded by this site, so that its token stays
secret and this site can end every connection.
"""

import asyncio
import base64
import datetime as dt
import hashlib
import hmac
import uuid
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from live.enums import MediaDirection
from live.models import Event, LiveSession, MediaConnection
from live.whip.connection_reaper import connection_reaper
from live.whip.exchange import Answer, the_media_server
from live.whip.media_connections import confirm_sending

# Longer than any class: a TURN relay checks the expiry when a connection is made and renewed.
TURN_CREDENTIAL_TERM = dt.timedelta(hours=12)


def stream_name(session: LiveSession) -> str:
    """The stream name of a class on the media server; it cannot be derived from an address of this site."""
    return salted_hmac("live.stream", str(session.pk), algorithm="sha256").hexdigest()[:32]


def ice_servers() -> list[dict[str, Any]]:
    """RTCIceServer dictionaries. Passwords of relays expire, as coturn's `use-auth-secret` checks them."""
    stun = [url for url in settings.LIVE_ICE_SERVERS if url.startswith("stun")]
    turn = [url for url in settings.LIVE_ICE_SERVERS if url.startswith("turn")]
    servers: list[dict[str, Any]] = [{"urls": stun}] if stun else []
    if turn:
        name = str(int((timezone.now() + TURN_CREDENTIAL_TERM).timestamp()))
        made = hmac.new(settings.LIVE_TURN_SECRET.encode(), name.encode(), hashlib.sha1).digest()
        servers.append({"urls": turn, "username": name, "credential": base64.b64encode(made).decode()})
    return servers


class WhipBackend:
    """`MediaBackend` of a media server that speaks WHIP and WHEP."""

    records = False
    takes_offers = True

    def __init__(self) -> None:
        self._server = the_media_server()

    def sending_facts(self, session: LiveSession) -> dict[str, Any]:
        return {"by": "peer", "address": reverse("whip:whip", args=[session.class_session.public_id])}

    def watching_facts(self, session: LiveSession, user: User) -> dict[str, Any]:
        return {"by": "peer", "ice": ice_servers()}

    def recording(self, session: LiveSession, user: User) -> str:
        return ""

    def look_after(self) -> None:
        connection_reaper.start()

    def confirm_sending(self, *, session_id: int, by: User, public_id: uuid.UUID) -> Event | None:
        return confirm_sending(session_id=session_id, by=by, public_id=public_id)

    async def answer(self, session: LiveSession, direction: MediaDirection, offer: str) -> Answer:
        """Forward a browser's offer (SDP). Raises what `exchange.MediaServer.answer` raises."""
        address = (
            settings.LIVE_WHIP_ADDRESS if direction == MediaDirection.SENDS else settings.LIVE_WHEP_ADDRESS
        )
        return await self._server.answer(address.replace("{stream}", stream_name(session)), offer)

    def disconnect_user(self, *, session_id: int, user: User, for_good: bool) -> None:
        """End the user's rows in the current transaction; `live.whip.connection_reaper` deletes them at the media server."""
        MediaConnection.objects.filter(session=session_id, user=user, ended_at=None).update(
            ended_at=timezone.now()
        )

    def finish(self, session: LiveSession) -> bool:
        left = MediaConnection.objects.filter(session=session, closed_at=None)
        left.filter(ended_at=None).update(ended_at=timezone.now())
        connections = list(left)
        if not connections:
            return False
        gone = asyncio.run(self._hang_up_all([connection.resource for connection in connections]))
        closed = [connection.pk for connection, is_gone in zip(connections, gone, strict=True) if is_gone]
        MediaConnection.objects.filter(pk__in=closed).update(closed_at=timezone.now())
        return bool(closed)

    async def _hang_up_all(self, resources: list[str]) -> list[bool]:
        async def one(resource: str) -> bool:
            return not resource or await self._server.hang_up(resource)

        return list(await asyncio.gather(*map(one, resources)))
