"""Drafts captions by machine. What comes out is a draft: only a person publishes it."""

import datetime as dt
import logging
import os
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from jobs.dispatching import dispatch
from media_pipeline.enums import (
    LIVE_TRANSCRIPTION_STATES,
    CaptionKind,
    CaptionLanguage,
    CaptionOrigin,
    TranscriptionState,
)
from media_pipeline.errors import AlreadyListening, CaptionsExist, LeaseLost, NothingToHear, TranscriptionOff
from media_pipeline.folders import published_folder, speech_folder
from media_pipeline.models import CaptionTrack, PublishedVersion, Rendition, Transcription, Video
from media_pipeline.services.captions.drafts import write
from media_pipeline.services.transcribers import find_transcriber, machine_languages
from media_pipeline.stores import store_of
from media_pipeline.transcoding.binaries import find_binaries
from media_pipeline.transcoding.cues import EMPTY, webvtt_text
from media_pipeline.transcoding.failures import TranscodingFailed
from media_pipeline.transcoding.package import AUDIO
from media_pipeline.transcription.speech import extract_speech

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=60)
HEARTBEAT_SECONDS = 5
RING_AGAIN_AFTER = dt.timedelta(seconds=60)
MAX_ATTEMPTS = 2
ERROR_CHARACTERS = 2_000


@transaction.atomic
def start_transcription(*, video: Video, language: CaptionLanguage, by: User) -> Transcription:
    """Ask for a draft. Raises TranscriptionOff, NothingToHear, AlreadyListening, and CaptionsExist where words are."""
    if language not in machine_languages():
        raise TranscriptionOff
    video = Video.objects.select_for_update(of=("self",)).select_related("published").get(pk=video.pk)
    if video.published is None or sound_of(video.published) is None:
        raise NothingToHear
    if Transcription.objects.filter(
        video=video, language=language, state__in=LIVE_TRANSCRIPTION_STATES
    ).exists():
        raise AlreadyListening
    track = CaptionTrack.objects.filter(video=video, language=language, kind=CaptionKind.CAPTIONS).first()
    if track and track.text != EMPTY:
        raise CaptionsExist
    row = Transcription.objects.create(video=video, language=language, by=by)
    log(video, "media_pipeline.video.transcribe", user=by, data={"language": language})
    _ring(row.pk)
    return row


def sound_of(version: PublishedVersion) -> Rendition | None:
    """The first sound of a version, as it stands alone; others are in other languages."""
    return version.renditions.filter(name=AUDIO).first()


def run_transcription(*, transcription_id: int) -> None:
    """Listen to a video and write the draft, unless that is done or in other hands.

    Safe to call any number of times, by any number of workers.
    """
    row = _take(transcription_id)
    if row is None:
        return
    folder = speech_folder() / f"{row.pk}-{row.fence}"
    folder.mkdir(parents=True)
    try:
        _listen(row, folder)
    except LeaseLost:
        logger.info("transcription %s: the lease is lost, stopping", row.pk)
    except (TranscodingFailed, OSError) as error:
        logger.warning("transcription %s failed: %s", row.pk, error)
        _fail(row, str(error))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ring(transcription_id: int) -> None:
    dispatch("media_pipeline.tasks.transcribe", transcription_id)


@transaction.atomic
def _take(transcription_id: int) -> Transcription | None:
    row = Transcription.objects.select_for_update(of=("self",)).filter(pk=transcription_id).first()
    now = timezone.now()
    is_abandoned = row and row.lease_until and row.lease_until < now
    if row is None or not (row.state == TranscriptionState.QUEUED or is_abandoned):
        return None
    if row.attempts >= MAX_ATTEMPTS:
        _end(row, TranscriptionState.FAILED)
        return None
    row.state, row.lease_until = TranscriptionState.RUNNING, now + LEASE
    row.attempts += 1
    row.fence += 1
    row.save(update_fields=["state", "lease_until", "attempts", "fence"])
    return row


def _held(row: Transcription) -> Q:
    return Q(pk=row.pk, fence=row.fence, state=TranscriptionState.RUNNING)


class _Heart:
    """Extends the lease while the work goes on. Raises LeaseLost where it is no longer ours."""

    def __init__(self, row: Transcription) -> None:
        self.row = row
        self.beat_at = time.monotonic()

    def beat(self) -> None:
        if time.monotonic() - self.beat_at < HEARTBEAT_SECONDS:
            return
        self.beat_at = time.monotonic()
        if not Transcription.objects.filter(_held(self.row)).update(lease_until=timezone.now() + LEASE):
            raise LeaseLost


def _listen(row: Transcription, folder: Path) -> None:
    transcriber = find_transcriber()
    version = Video.objects.select_related("published").get(pk=row.video_id).published
    sound = sound_of(version) if version else None
    if transcriber is None or version is None or sound is None:
        raise TranscodingFailed("there is no recognizer, or no sound, any more")
    heart = _Heart(row)
    speech = extract_speech(
        store_of(version.films).fetch(
            published_folder() / version.path, version.films, f"{sound.name}.mp4", folder=folder
        ),
        folder=folder,
        seconds=version.seconds,
        binaries=find_binaries({**os.environ, "FFMPEG_BINARY": settings.FFMPEG_BINARY}),
        on_tick=heart.beat,
    )
    cues = transcriber.transcribe(speech, row.language, seconds=version.seconds, on_tick=heart.beat)
    _finish(row, webvtt_text(cues))


@transaction.atomic
def _finish(row: Transcription, text: str) -> None:
    video = Video.objects.select_for_update(of=("self",)).get(pk=row.video_id)
    held = Transcription.objects.select_for_update(of=("self",)).filter(_held(row)).first()
    if held is None:
        raise LeaseLost
    track, _ = CaptionTrack.objects.select_for_update(of=("self",)).get_or_create(
        video=video, language=row.language, kind=CaptionKind.CAPTIONS
    )
    mine = track.draft if track.text not in {"", EMPTY} else None
    write(track, text, origin=CaptionOrigin.MACHINE, by=row.by)
    if mine:
        # Somebody began to write meanwhile: their words stay the draft, the machine's wait in the history.
        write(track, mine.text, origin=CaptionOrigin.RESTORED, by=mine.by)
    _end(held, TranscriptionState.DONE)


def _end(row: Transcription, state: TranscriptionState, error: str = "") -> None:
    row.state, row.lease_until = state, None
    row.error = error[:ERROR_CHARACTERS] or row.error
    row.save(update_fields=["state", "lease_until", "error"])


@transaction.atomic
def _fail(row: Transcription, error: str) -> None:
    held = Transcription.objects.select_for_update(of=("self",)).filter(_held(row)).first()
    if held is None:
        return
    held.rung_at = timezone.now()
    held.save(update_fields=["rung_at"])
    is_over = held.attempts >= MAX_ATTEMPTS
    _end(held, TranscriptionState.FAILED if is_over else TranscriptionState.QUEUED, error)


@transaction.atomic
def sweep_transcriptions() -> list[int]:
    """Ring again for requests nobody took or whose worker died; returns their ids. Clears what dead workers left."""
    now = timezone.now()
    lost = Transcription.objects.select_for_update(of=("self",), skip_locked=True).filter(
        Q(state=TranscriptionState.QUEUED) | Q(state=TranscriptionState.RUNNING, lease_until__lt=now),
        rung_at__lt=now - RING_AGAIN_AFTER,
    )
    rung = []
    for row in lost:
        row.rung_at = now
        row.save(update_fields=["rung_at"])
        _ring(row.pk)
        rung.append(row.pk)
    transaction.on_commit(_clear)
    return rung


def _clear() -> None:
    if not speech_folder().is_dir():
        return
    running = Transcription.objects.filter(state=TranscriptionState.RUNNING)
    owned = {f"{pk}-{fence}" for pk, fence in running.values_list("pk", "fence")}
    for folder in speech_folder().iterdir():
        if folder.name not in owned:
            shutil.rmtree(folder, ignore_errors=True)
