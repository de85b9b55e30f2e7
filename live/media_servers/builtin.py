"""The built-in backend, without a media server: chunks over a websocket, on disk, HLS by ffmpeg (docs/explanation/live-video.md)."""

import asyncio
import uuid
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from live.broadcast import Broadcast, BroadcastLocked
from live.errors import OffersNotAccepted
from live.models import Event, LiveSession
from media_pipeline.services.live_streams import live_stream_folders, live_stream_path, sign_live_stream
from media_pipeline.services.revocations import revoke_playback, viewer_of

# Where the instructor's browser sends its picture.
MEDIA_PATH = "/ws/live/media/"
# Where a viewer gets it nearly live.
FLOW_PATH = "/ws/live/flow/"


def stream_path(session: LiveSession) -> str:
    """The path of the broadcast of a class in media addresses and folders."""
    return live_stream_path(session.class_session.public_id, session.pk)


class BuiltInBackend:
    """The built-in `MediaBackend`. Senders are admitted by ticket (`live.consumers.sender`), viewers by a signed address."""

    records = True
    takes_offers = False

    def sending_facts(self, session: LiveSession) -> dict[str, Any]:
        ticket = reverse("live:sender_ticket", args=[session.class_session.public_id])
        return {"by": "chunks", "address": ticket, "socket": MEDIA_PATH}

    def watching_facts(self, session: LiveSession, user: User) -> dict[str, Any]:
        base = sign_live_stream(path=stream_path(session), viewer=viewer_of(user))
        return {"by": "files", "base": base, "nearly": FLOW_PATH if settings.LIVE_NEARLY_LIVE_VIEWERS else ""}

    def recording(self, session: LiveSession, user: User) -> str:
        path = stream_path(session)
        if not (live_stream_folders(path)[0] / "master.m3u8").is_file():
            return ""
        return sign_live_stream(path=path, viewer=viewer_of(user))

    def look_after(self) -> None:
        pass

    def confirm_sending(self, *, session_id: int, by: User, public_id: uuid.UUID) -> Event | None:
        raise OffersNotAccepted

    def disconnect_user(self, *, session_id: int, user: User, for_good: bool) -> None:
        # A playback revocation lasts some seconds after new addresses may be signed: too long for a user who may come back.
        if for_good:
            revoke_playback(viewer=viewer_of(user))

    def finish(self, session: LiveSession) -> bool:
        served, sent = live_stream_folders(stream_path(session))
        return sent.exists() and asyncio.run(_finish(Broadcast(served=served, sent=sent)))


async def _finish(broadcast: Broadcast) -> bool:
    try:
        await broadcast.open()
    except BroadcastLocked:
        # The process that holds the lock is about to do the same.
        return False
    await broadcast.finish()
    return True
