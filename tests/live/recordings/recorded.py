"""Broadcast classes that have ended, with slides at known times."""

import asyncio
import datetime as dt
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.enums import RoleName
from accounts.models import ContentOwner, User
from courses.models import CoursePage, LessonPage
from live.broadcast import Broadcast
from live.broadcast.playlists import RUN
from live.enums import EventKind
from live.models import LiveSession
from live.queries.video import stream_path
from live.services.events import append_event
from live.services.sessions import end_room
from live.services.video import start_video
from media_pipeline.models import PublishedVersion, Video
from media_pipeline.services.live_streams import live_stream_folders
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import CoursePageFactory
from tests.factories.pages import site_of
from tests.live.broadcast.recorder import chunks, recording

# Seconds between the starts of two recording runs.
TAKE_SECONDS = 60
# Recording runs, and the served files after their broadcast.
_encoded: dict[tuple[bytes, ...], Path] = {}


def broadcast(session: LiveSession, *recording_runs: bytes, since: dt.datetime) -> Path:
    """Send `recording_runs` (by default one of 4 s) and end the broadcast. The first began at `since`, each a minute after the other.

    The same runs are encoded once in a process; another class gets copies of the served files.
    """
    served, sent = live_stream_folders(stream_path(session))
    recording_runs = recording_runs or (recording(),)
    if recording_runs not in _encoded:
        asyncio.run(_broadcast(served, sent, recording_runs))
        # Recording runs are deleted at the end of a broadcast.
        kept = Path(tempfile.mkdtemp(dir=settings.VAR_DIR, prefix="broadcast-"), "served")
        _encoded[recording_runs] = shutil.copytree(served, kept)
    else:
        shutil.copytree(_encoded[recording_runs], served)
    for path in served.glob(RUN.format("*")):
        facts = json.loads(path.read_text())
        facts["began_at"] = since.timestamp() + TAKE_SECONDS * (facts["recording_run"] - 1)
        path.write_text(json.dumps(facts))
    return served


async def _broadcast(served: Path, sent: Path, recording_runs: tuple[bytes, ...]) -> None:
    one = Broadcast(served=served, sent=sent)
    await one.open()
    for number, media in enumerate(recording_runs, 1):
        take = one.begin(number, source="camera")
        for chunk_number, chunk in enumerate(chunks(media, 4), 1):
            await one.append(take, chunk_number, chunk)
    await one.finish()


def slide(session: LiveSession, page: int, text: str = "") -> int:
    """A slide is shown now; its event."""
    payload: dict[str, Any] = {"page": page, "pages": 9, "size": [1280, 720], "text": text}
    payload |= {"small": f"{page:032x}-480.webp", "large": f"{page:032x}-1280.webp", "bytes": [900, 4000]}
    return _event(session, EventKind.SLIDE_SHOWN, **payload)


def _event(session: LiveSession, kind: EventKind, **payload: Any) -> int:
    session.refresh_from_db()
    return append_event(session=session, kind=kind, actor=None, payload=payload).seq


def on_air(session: LiveSession, instructor: User) -> None:
    start_video(session_id=session.pk, by=instructor)


def end(session: LiveSession, instructor: User) -> LiveSession:
    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")
    session.refresh_from_db()
    return session


def course_of(session: LiveSession) -> CoursePage:
    """A course of the program that the class belongs to, on a site whose pages have addresses."""
    course: CoursePage = CoursePageFactory(parent=session.class_session.cohort.program)
    site_of(course.get_parent().get_parent(), hostname="localhost")
    return course


def author_of(session: LiveSession, course: CoursePage) -> User:
    """An instructor of the center, who may write in the catalog of `course` and publish nothing there."""
    center = session.class_session.cohort.center
    ContentOwner.objects.get_or_create(
        translation_key=course.translation_key, defaults={"center": center, "given_by": UserFactory()}
    )
    return MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user


def watchable(video: Video) -> None:
    """As the media pipeline leaves it."""
    video.published = PublishedVersion.objects.create(
        video=video, number=1, path=f"{video.public_id.hex}/1", seconds=6, has_poster=True, plan={}
    )
    video.save(update_fields=["published"])


def publish(lesson: LessonPage) -> LessonPage:
    lesson.get_latest_revision().publish()
    lesson.refresh_from_db()
    return lesson
