"""The picture of the class, as its clients are told."""

from typing import Any

from accounts.models import User
from live.enums import EventKind, LiveState
from live.models import Event, LiveSession
from live.queries.admission import Reader
from media_pipeline.services import growing_folders, growing_path, sign_growing, viewer_of

VIDEO_KINDS = (EventKind.VIDEO_STARTED, EventKind.VIDEO_STOPPED)


def is_video_on(session_id: int, *, up_to: int | None = None) -> bool:
    """Whether the trainer's picture is on now, or was at event `up_to`."""
    events = Event.objects.filter(session_id=session_id, kind__in=VIDEO_KINDS)
    if up_to is not None:
        events = events.filter(seq__lte=up_to)
    return events.order_by("-seq").values_list("kind", flat=True).first() == EventKind.VIDEO_STARTED


def stream_path(session: LiveSession) -> str:
    """How the media addresses and folders name the broadcast of a class."""
    return growing_path(session.class_session.public_id, session.pk)


def recording_of(session: LiveSession, user: User) -> str:
    """The folder of a class that has ended, signed for `user`; empty where there is nothing to watch."""
    path = stream_path(session)
    if session.state != LiveState.ENDED or not (growing_folders(path)[0] / "master.m3u8").is_file():
        return ""
    return sign_growing(path=path, viewer=viewer_of(user))


def video_shown(reader: Reader) -> dict[str, Any]:
    """Whether there is a picture, and where: `base` is a folder signed for this reader alone."""
    return {
        "on": is_video_on(reader.session.pk, up_to=reader.session.seq),
        "base": sign_growing(path=stream_path(reader.session), viewer=viewer_of(reader.user)),
    }
