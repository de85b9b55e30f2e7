"""Retention: purges recordings (broadcasts, and their videos that are in no lesson) and old media connections."""

import datetime as dt
import logging
import shutil

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from wagtail.log_actions import log

from courses.queries.videos import is_shown_somewhere
from jobs.enums import OPEN_STATES
from live.broadcast.folders import recording_work_folder
from live.enums import LiveState
from live.models import LiveSession, MediaConnection, Recording
from live.queries.video import stream_path
from media_pipeline.errors import JobInProgress, VideoInUse
from media_pipeline.services.live_streams import live_stream_folders
from media_pipeline.services.removing import remove_video

logger = logging.getLogger(__name__)

ENDED_CONNECTIONS_KEPT_FOR = dt.timedelta(days=1)


def purge_recordings() -> int:
    """Purge recordings of classes that ended `LIVE_RECORDING_DAYS` ago; 0 purges none. Return how many. Idempotent."""
    if not settings.LIVE_RECORDING_DAYS:
        return 0
    until = timezone.now() - dt.timedelta(days=settings.LIVE_RECORDING_DAYS)
    at_work = Recording.objects.filter(session=OuterRef("pk"), state__in=OPEN_STATES)
    ended = LiveSession.objects.filter(~Exists(at_work), state=LiveState.ENDED, ended_at__lt=until)
    purged = 0
    for session in ended.select_related("class_session").order_by("ended_at").iterator():
        has_files = live_stream_folders(stream_path(session))[0].exists()
        if has_files or session.recordings.filter(lessons=None).exists():
            purged += _purge(session)
    return purged


@transaction.atomic
def _purge(session: LiveSession) -> bool:
    session = (
        LiveSession.objects.select_for_update(of=("self",)).select_related("class_session").get(pk=session.pk)
    )
    deleted = kept = 0
    for recording in session.recordings.filter(lessons=None).select_related("video"):
        # Its video may be in a lesson that was not made from the recording.
        if recording.video is not None and is_shown_somewhere(recording.video):
            kept += 1
            continue
        try:
            if recording.video is not None:
                remove_video(video=recording.video, by=None)
        except (JobInProgress, VideoInUse):
            kept += 1
            continue
        recording.delete()
        deleted += 1
    served, _ = live_stream_folders(stream_path(session))
    has_files = served.exists()
    if not (deleted or has_files):
        return False
    log(session, "live.recording.forget", data={"kept": kept})
    if has_files:
        trash = recording_work_folder() / f"purged-{session.pk}"
        trash.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(trash, ignore_errors=True)
        # Moved out of the served folder in one step; `record_ended` removes what a crash leaves here.
        served.rename(trash)
        transaction.on_commit(lambda: shutil.rmtree(trash, ignore_errors=True))
    return True


def purge_ended_connections() -> int:
    """Delete the rows of connections that ended long ago, whether or not the media server confirmed it. Return how many."""
    deleted, _ = MediaConnection.objects.filter(
        ended_at__lt=timezone.now() - ENDED_CONNECTIONS_KEPT_FOR
    ).delete()
    return deleted
