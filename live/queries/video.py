"""The picture of the class, as sent to clients."""

from typing import Any

from accounts.models import User
from live.enums import EventKind, LiveState
from live.media_servers import media_backend, stream_path
from live.models import Event, LiveSession
from live.queries.admission import Reader

__all__ = ["is_video_on", "recording_of", "stream_path", "stream_place", "video_shown"]

VIDEO_KINDS = (EventKind.VIDEO_STARTED, EventKind.VIDEO_STOPPED)


def is_video_on(session_id: int, *, up_to: int | None = None) -> bool:
    """Whether the instructor's picture is on now, or was at event `up_to`."""
    events = Event.objects.filter(session_id=session_id, kind__in=VIDEO_KINDS)
    if up_to is not None:
        events = events.filter(seq__lte=up_to)
    return events.order_by("-seq").values_list("kind", flat=True).first() == EventKind.VIDEO_STARTED


def stream_place(session_id: int) -> tuple[str, int]:
    """`stream_path`, and the last event as of which senders and viewers are admitted."""
    session = LiveSession.objects.select_related("class_session").get(pk=session_id)
    return stream_path(session), session.seq


def recording_of(session: LiveSession, user: User) -> str:
    """The folder of a class that has ended, signed for `user`; empty where there is nothing to watch."""
    return media_backend().recording(session, user) if session.state == LiveState.ENDED else ""


def video_shown(reader: Reader) -> dict[str, Any]:
    """Whether there is a picture, and the data this reader needs to play it."""
    return {
        "on": is_video_on(reader.session.pk, up_to=reader.session.seq),
        **media_backend().watching_facts(reader.session, reader.user),
    }
