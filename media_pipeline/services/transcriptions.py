"""Drafts captions by machine. The result is a draft: only a person publishes it."""

import os
import shutil
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from jobs.enums import OPEN_STATES, JobState
from jobs.services.dispatch import dispatch_jobs
from jobs.services.leases import finish, heartbeat
from jobs.services.working import work_on
from media_pipeline.enums import (
    CaptionKind,
    CaptionLanguage,
    CaptionOrigin,
)
from media_pipeline.errors import (
    CaptionsExist,
    NoSoundToTranscribe,
    TranscriptionInProgress,
    TranscriptionOff,
)
from media_pipeline.folders import published_folder, speech_folder
from media_pipeline.models import CaptionTrack, PublishedVersion, Rendition, Transcription, Video
from media_pipeline.services.captions.drafts import write
from media_pipeline.services.transcribers import find_transcriber, machine_languages
from media_pipeline.stores import store_of
from media_pipeline.transcoding.binaries import find_binaries
from media_pipeline.transcoding.cues import EMPTY, webvtt_text
from media_pipeline.transcoding.failures import TranscodingFailed
from media_pipeline.transcoding.package import AUDIO
from media_pipeline.transcoding.speech import extract_speech


@transaction.atomic
def start_transcription(*, video: Video, language: CaptionLanguage, by: User) -> Transcription:
    """Ask for a draft. Raises TranscriptionOff, NoSoundToTranscribe, TranscriptionInProgress, and CaptionsExist where the draft has text."""
    if language not in machine_languages():
        raise TranscriptionOff
    video = Video.objects.select_for_update(of=("self",)).select_related("published").get(pk=video.pk)
    if video.published is None or sound_of(video.published) is None:
        raise NoSoundToTranscribe
    if Transcription.objects.filter(video=video, language=language, state__in=OPEN_STATES).exists():
        raise TranscriptionInProgress
    track = CaptionTrack.objects.filter(video=video, language=language, kind=CaptionKind.CAPTIONS).first()
    if track and track.text != EMPTY:
        raise CaptionsExist
    row = Transcription.objects.create(video=video, language=language, by=by)
    log(video, "media_pipeline.video.transcribe", user=by, data={"language": language})
    dispatch_jobs(Transcription, [row.pk])
    return row


def sound_of(version: PublishedVersion) -> Rendition | None:
    """The name of the first sound of a version, as a file without pictures; others are in other languages."""
    return version.renditions.filter(name=AUDIO).first()


def run_transcription(*, transcription_id: int) -> None:
    """Transcribe a video and write the draft, unless that is done or another worker holds the lease.

    Safe to call any number of times, by any number of workers.
    """
    work_on(Transcription, transcription_id, _transcribe, expected=(TranscodingFailed, OSError))


def _transcribe(row: Transcription) -> None:
    folder = speech_folder() / f"{row.pk}-{row.fence}"
    folder.mkdir(parents=True)
    try:
        _recognize(row, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _recognize(row: Transcription, folder: Path) -> None:
    transcriber = find_transcriber()
    version = Video.objects.select_related("published").get(pk=row.video_id).published
    sound = sound_of(version) if version else None
    if transcriber is None or version is None or sound is None:
        raise TranscodingFailed("there is no recognizer, or no sound, any more")
    beat = partial(heartbeat, row)
    speech = extract_speech(
        store_of(version.rendition_set).fetch(
            published_folder() / version.path, version.rendition_set, f"{sound.name}.mp4", folder=folder
        ),
        folder=folder,
        seconds=version.seconds,
        binaries=find_binaries({**os.environ, "FFMPEG_BINARY": settings.FFMPEG_BINARY}),
        on_tick=beat,
    )
    cues = transcriber.transcribe(speech, row.language, seconds=version.seconds, on_tick=beat)
    _finish(row, webvtt_text(cues))


@transaction.atomic
def _finish(row: Transcription, text: str) -> None:
    video = Video.objects.select_for_update(of=("self",)).get(pk=row.video_id)
    finish(row)
    track, _ = CaptionTrack.objects.select_for_update(of=("self",)).get_or_create(
        video=video, language=row.language, kind=CaptionKind.CAPTIONS
    )
    typed_draft = track.draft if track.text not in {"", EMPTY} else None
    write(track, text, origin=CaptionOrigin.MACHINE, by=row.by)
    if typed_draft:
        # A person began to write meanwhile: their text stays the draft, that of the machine goes into the history.
        write(track, typed_draft.text, origin=CaptionOrigin.RESTORED, by=typed_draft.by)


def purge_speech() -> None:
    """Delete the folders of attempts whose workers died."""
    if not speech_folder().is_dir():
        return
    # The folders first, the rows after: an attempt has its row before it has a folder.
    folders = list(speech_folder().iterdir())
    running = Transcription.objects.filter(state=JobState.RUNNING)
    owned = {f"{pk}-{fence}" for pk, fence in running.values_list("pk", "fence")}
    for folder in folders:
        if folder.name not in owned:
            shutil.rmtree(folder, ignore_errors=True)
