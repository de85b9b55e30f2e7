"""Makes videos of classes: the broadcast is joined into one MP4 and passed to the media pipeline."""

import datetime as dt
import shutil
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation
from wagtail.log_actions import log

from jobs.enums import JobState
from jobs.services.dispatch import dispatch_jobs
from jobs.services.leases import finish, heartbeat, hold
from jobs.services.recovery import restart
from jobs.services.working import work_on
from live.broadcast.concatenation import RecordingPart, concatenate, parts_of_recording, timeline_of
from live.broadcast.folders import recording_work_folder
from live.broadcast.playlists import Listing
from live.broadcast.timeline import Timeline
from live.enums import EventKind, LiveState, RecordingProblem
from live.models import Event, LiveSession, Recording
from live.queries.captions import captions_in
from live.queries.recordings import broadcast_of, is_recorded
from live.queries.replay import chapters_in, shown_during_recording
from live.queries.video import stream_path
from live.services.drafting import draft_lessons_of
from media_pipeline.enums import CaptionKind, CaptionLanguage
from media_pipeline.errors import DiskFull, QuotaReached
from media_pipeline.models import Video
from media_pipeline.services.captions import add_chapters, add_cues
from media_pipeline.services.intake import add_video, examine_file
from media_pipeline.services.jobs.disk_reservation import is_disk_full
from media_pipeline.services.live_streams import live_stream_folders
from media_pipeline.services.sandbox import TranscodingFailed
from media_pipeline.services.storage_quota import require_storage

# A full disk or quota is freed by people, or when other jobs finish.
PAUSES = {
    RecordingProblem.QUOTA: dt.timedelta(hours=1),
    RecordingProblem.DISK: dt.timedelta(minutes=5),
}
# How long after a class the end of its broadcast is waited for.
LOOKED_FOR = dt.timedelta(days=7)


@transaction.atomic
def record_part(*, session: LiveSession, start_ms: int = 0, end_ms: int | None = None) -> Recording:
    """The recording of a part of a class whose row is locked; made by a worker unless it exists already.

    The caller has checked that there is something to record.
    """
    known = session.recordings.select_for_update().filter(start_ms=start_ms, end_ms=end_ms).first()
    if known is not None and known.state != JobState.FAILED:
        return known
    if known is not None:
        restart(Recording, [known.pk])
        known.refresh_from_db()
    else:
        timeline = timeline_of(parts_of_recording(broadcast_of(session), start=start_ms, end=end_ms))
        known = Recording.objects.create(
            session=session,
            start_ms=start_ms,
            end_ms=end_ms,
            spans=timeline.as_json(),
            shown=shown_during_recording(session.pk, timeline),
        )
        dispatch_jobs(Recording, [known.pk])
    return known


def record_ended() -> None:
    """Record classes that have ended; remove files of dead workers."""
    for session_id in _just_ended():
        with transaction.atomic():
            session = LiveSession.objects.select_for_update(of=("self",)).get(pk=session_id)
            if is_recorded(session):
                record_part(session=session)
    _remove_abandoned_folders()


def _just_ended() -> list[int]:
    """Classes with a picture that have ended and have no recording yet."""
    seen = Event.objects.filter(session=OuterRef("pk"), kind=EventKind.VIDEO_STARTED)
    whole = Recording.objects.filter(session=OuterRef("pk"), start_ms=0, end_ms=None)
    ended = LiveSession.objects.filter(state=LiveState.ENDED, ended_at__gt=timezone.now() - LOOKED_FOR)
    return list(ended.filter(Exists(seen), ~Exists(whole)).values_list("pk", flat=True)[:50])


def make_recording(*, recording_id: int) -> None:
    """Join the broadcast and pass it to the media pipeline. Idempotent, also when run concurrently or killed at any point."""
    expected = (TranscodingFailed, OSError)
    work_on(Recording, recording_id, _make, related=("session__class_session__cohort",), expected=expected)


def _make(recording: Recording) -> None:
    folder = _folder(recording)
    try:
        folder.mkdir(parents=True)
        _join(recording, folder)
    except QuotaReached:
        _hold(recording, RecordingProblem.QUOTA)
    except DiskFull:
        _hold(recording, RecordingProblem.DISK)
    except (TranscodingFailed, OSError) as error:
        if not is_disk_full(error, folder):
            raise
        _hold(recording, RecordingProblem.DISK)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hold(recording: Recording, problem: RecordingProblem) -> None:
    hold(recording, pause=PAUSES[problem], problem=problem)


def _join(recording: Recording, folder: Path) -> None:
    session = recording.session
    served, _ = live_stream_folders(stream_path(session))
    recording_parts = parts_of_recording(Listing.of(served), start=recording.start_ms, end=recording.end_ms)
    center_id = session.class_session.cohort.center_id
    require_storage(center_id=center_id, size=_size(recording_parts, served))
    mp4 = concatenate(recording_parts, served=served, folder=folder, on_tick=partial(heartbeat, recording))
    day = timezone.localdate(session.class_session.starts_at)
    video = add_video(
        file=examine_file(mp4),
        public_id=recording.public_id,
        center_id=center_id,
        title=f"{session.class_session.title} · {day:%Y-%m-%d}",
        original_name=f"{session.class_session.public_id.hex}.mp4",
        by=None,
        # Each part of a class is recorded only once, so that no check for duplicates is needed.
        is_duplicate_wanted=True,
    )
    _finish(recording, video)


def _size(recording_parts: list[RecordingPart], served: Path) -> int:
    return sum(
        (served / segment.name).stat().st_size
        for recording_part in recording_parts
        for segment in recording_part.segments
    )


@transaction.atomic
def _finish(recording: Recording, video: Video) -> None:
    made = finish(recording, video=video, problem="")
    _add_captions_and_chapters(made, video)
    log(made.session, "live.recording.make", data={"video": video.pk, "recording": made.pk})
    draft_lessons_of(made)


def _add_captions_and_chapters(recording: Recording, video: Video) -> None:
    """Chapters from the slides, and captions from what was typed during the class."""
    timeline, language = Timeline.from_json(recording.spans), CaptionLanguage(settings.LANGUAGE_CODE)
    with translation.override(settings.LANGUAGE_CODE):
        chapters = chapters_in(recording.shown, timeline)
    if chapters:
        marks = [(chapter.start, chapter.title) for chapter in chapters]
        add_chapters(video=video, language=language, chapters=marks, length=timeline.length)
    is_beginning_cut = recording.start_ms > 0
    if cues := captions_in(recording.session_id, timeline, is_beginning_cut=is_beginning_cut):
        add_cues(video=video, language=language, kind=CaptionKind.CAPTIONS, cues=cues)


def _folder(recording: Recording) -> Path:
    return recording_work_folder() / f"{recording.pk}-{recording.fence}"


def _remove_abandoned_folders() -> None:
    """Remove the folders of attempts whose worker was killed."""
    if not recording_work_folder().is_dir():
        return
    running = Recording.objects.filter(state=JobState.RUNNING, lease_until__gt=timezone.now())
    working = {f"{pk}-{fence}" for pk, fence in running.values_list("pk", "fence")}
    for folder in recording_work_folder().iterdir():
        if folder.name not in working:
            shutil.rmtree(folder, ignore_errors=True)
