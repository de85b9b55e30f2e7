"""Makes videos of classes: what was broadcast is joined into one film and handed to the media pipeline."""

import datetime as dt
import logging
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from wagtail.log_actions import log

from jobs.dispatching import dispatch
from live.enums import EventKind, LiveState, RecordingProblem, RecordingState
from live.folders import joining_folder
from live.media.joining import Piece, join, pieces_of, time_line
from live.media.playlists import Listing
from live.media.timeline import TimeLine
from live.models import Event, LiveSession, Recording
from live.queries.captions import captions_in
from live.queries.recordings import broadcast_of, is_recorded
from live.queries.replay import chapters_in, shown_beside
from live.queries.video import stream_path
from live.services.drafting import draft_lessons_of
from media_pipeline.enums import CaptionKind, CaptionLanguage
from media_pipeline.errors import DiskFull, QuotaReached
from media_pipeline.models import Video
from media_pipeline.services.adopting import adopt_film, require_room
from media_pipeline.services.captions import add_chapters, add_cues
from media_pipeline.services.confined import TranscodingFailed
from media_pipeline.services.growing import growing_folders
from media_pipeline.services.jobs.reserving import is_disk_full

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=3)
RENEW_SECONDS = 20
FAILURES = 3
# Room is made by people, or by what is finished and removed.
PAUSES = {
    RecordingProblem.QUOTA: dt.timedelta(hours=1),
    RecordingProblem.DISK: dt.timedelta(minutes=5),
    RecordingProblem.ERROR: dt.timedelta(minutes=1),
}
# After that nobody waits for the end of a broadcast any more.
LOOKED_FOR = dt.timedelta(days=7)


class LeaseLost(Exception):
    """Another worker has taken this recording over."""


@transaction.atomic
def record_part(*, session: LiveSession, start_ms: int = 0, end_ms: int | None = None) -> Recording:
    """The recording of a part of a class whose row is locked; made by a worker unless it is there already.

    The caller has asked that there is something to record.
    """
    known = session.recordings.select_for_update().filter(start_ms=start_ms, end_ms=end_ms).first()
    if known is not None and known.state != RecordingState.FAILED:
        return known
    if known is not None:
        known.state, known.problem, known.failures, known.lease_until = RecordingState.WAITING, "", 0, None
        known.save(update_fields=["state", "problem", "failures", "lease_until"])
    else:
        line = time_line(pieces_of(broadcast_of(session), start=start_ms, end=end_ms))
        known = Recording.objects.create(
            session=session,
            start_ms=start_ms,
            end_ms=end_ms,
            spans=line.as_json(),
            shown=shown_beside(session.pk, line),
        )
    _ring(known.pk)
    return known


def _ring(recording_id: int) -> None:
    dispatch("live.tasks.make_recording", recording_id)


def sweep_recordings() -> int:
    """Record what has ended, ring for what nobody makes, remove what dead workers left. Return how many were rung for."""
    for session_id in _just_ended():
        with transaction.atomic():
            session = LiveSession.objects.select_for_update(of=("self",)).get(pk=session_id)
            if is_recorded(session):
                record_part(session=session)
    _clear_strays()
    due = list(_due().values_list("pk", flat=True)[:50])
    for recording_id in due:
        _ring(recording_id)
    return len(due)


def _just_ended() -> list[int]:
    """Classes with a picture that have ended and have no recording yet."""
    seen = Event.objects.filter(session=OuterRef("pk"), kind=EventKind.VIDEO_STARTED)
    whole = Recording.objects.filter(session=OuterRef("pk"), start_ms=0, end_ms=None)
    ended = LiveSession.objects.filter(state=LiveState.ENDED, ended_at__gt=timezone.now() - LOOKED_FOR)
    return list(ended.filter(Exists(seen), ~Exists(whole)).values_list("pk", flat=True)[:50])


def _due() -> QuerySet[Recording]:
    return Recording.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=timezone.now()), state=RecordingState.WAITING
    )


def make_recording(*, recording_id: int) -> None:
    """Join what was broadcast and hand it over. Safe to repeat, to run twice at once, and to be killed anywhere."""
    recording = _claimed(recording_id)
    if recording is None:
        return
    folder = _folder(recording)
    try:
        folder.mkdir(parents=True)
        _make(recording, folder)
    except LeaseLost:
        logger.warning("Recording %s was taken over by another worker.", recording.pk)
    except QuotaReached:
        _wait(recording, RecordingProblem.QUOTA)
    except DiskFull:
        _wait(recording, RecordingProblem.DISK)
    except (TranscodingFailed, OSError) as error:
        if is_disk_full(error, folder):
            _wait(recording, RecordingProblem.DISK)
        else:
            logger.exception("Recording %s could not be made.", recording.pk)
            _wait(recording, RecordingProblem.ERROR)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(recording: Recording, folder: Path) -> None:
    session = recording.session
    served, _ = growing_folders(stream_path(session))
    pieces = pieces_of(Listing.of(served), start=recording.start_ms, end=recording.end_ms)
    center_id = session.class_session.cohort.center_id
    require_room(center_id=center_id, size=_size(pieces, served))
    film = join(pieces, served=served, folder=folder, on_tick=_keeper(recording))
    _keep(recording)
    day = timezone.localdate(session.class_session.starts_at)
    video = adopt_film(
        public_id=recording.public_id,
        center_id=center_id,
        title=f"{session.class_session.title} · {day:%Y-%m-%d}",
        name=f"{session.class_session.public_id.hex}.mp4",
        film=film,
        by=None,
    )
    _finish(recording, video)


def _size(pieces: list[Piece], served: Path) -> int:
    return sum((served / segment.name).stat().st_size for piece in pieces for segment in piece.segments)


@transaction.atomic
def _claimed(recording_id: int) -> Recording | None:
    """Take the recording for this worker; None where it is done, or another one has it."""
    recording = (
        _due()
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("session__class_session__cohort")
        .filter(pk=recording_id)
        .first()
    )
    if recording is None:
        return None
    if recording.lease_until is not None and not recording.problem:
        # Whoever had it died.
        recording.failures += 1
    if recording.failures >= FAILURES:
        recording.state, recording.problem = RecordingState.FAILED, RecordingProblem.ERROR
    recording.attempts += 1
    recording.lease_until = timezone.now() + LEASE
    if recording.state == RecordingState.WAITING:
        recording.problem = ""
    recording.save(update_fields=["state", "problem", "failures", "attempts", "lease_until"])
    return recording if recording.state == RecordingState.WAITING else None


def _keeper(recording: Recording) -> Callable[[], None]:
    kept_at = time.monotonic()

    def tick() -> None:
        nonlocal kept_at
        if time.monotonic() - kept_at > RENEW_SECONDS:
            _keep(recording)
            kept_at = time.monotonic()

    return tick


def _keep(recording: Recording) -> None:
    """Go on holding it. Raises LeaseLost."""
    mine = Recording.objects.filter(
        pk=recording.pk, state=RecordingState.WAITING, attempts=recording.attempts
    )
    if not mine.update(lease_until=timezone.now() + LEASE):
        raise LeaseLost


@transaction.atomic
def _finish(recording: Recording, video: Video) -> None:
    held = _held(recording)
    _add_words(held, video)
    held.state, held.video, held.lease_until = RecordingState.READY, video, None
    held.save(update_fields=["state", "video", "lease_until"])
    log(held.session, "live.recording.make", data={"video": video.pk, "recording": held.pk})
    draft_lessons_of(held)


def _add_words(recording: Recording, video: Video) -> None:
    """Chapters from the slides, and captions from what was typed during the class."""
    line, language = TimeLine.from_json(recording.spans), CaptionLanguage(settings.LANGUAGE_CODE)
    with translation.override(settings.LANGUAGE_CODE):
        chapters = chapters_in(recording.shown, line)
    if chapters:
        marks = [(chapter.start, chapter.title) for chapter in chapters]
        add_chapters(video=video, language=language, chapters=marks, length=line.length)
    if cues := captions_in(recording.session_id, line):
        add_cues(video=video, language=language, kind=CaptionKind.CAPTIONS, cues=cues)


@transaction.atomic
def _wait(recording: Recording, problem: RecordingProblem) -> None:
    """Let it be tried again later; an error only so many times."""
    try:
        held = _held(recording)
    except LeaseLost:
        return
    held.problem, held.lease_until = problem, timezone.now() + PAUSES[problem]
    if problem == RecordingProblem.ERROR:
        held.failures += 1
        if held.failures >= FAILURES:
            held.state, held.lease_until = RecordingState.FAILED, None
    held.save(update_fields=["state", "problem", "failures", "lease_until"])


def _held(recording: Recording) -> Recording:
    """The row, locked, while it is this worker's. Raises LeaseLost."""
    held = (
        Recording.objects.select_for_update(of=("self",))
        .select_related("session__class_session")
        .filter(pk=recording.pk, state=RecordingState.WAITING, attempts=recording.attempts)
        .first()
    )
    if held is None:
        raise LeaseLost
    return held


def _folder(recording: Recording) -> Path:
    return joining_folder() / f"{recording.pk}-{recording.attempts}"


def _clear_strays() -> None:
    """Remove what killed workers left: folders of attempts that nobody holds any more."""
    if not joining_folder().is_dir():
        return
    held = Recording.objects.filter(state=RecordingState.WAITING, problem="", lease_until__gt=timezone.now())
    working = {f"{pk}-{attempts}" for pk, attempts in held.values_list("pk", "attempts")}
    for folder in joining_folder().iterdir():
        if folder.name not in working:
            shutil.rmtree(folder, ignore_errors=True)
