"""Publishes and removes captions."""

import secrets
import shutil
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from media_pipeline.enums import CaptionKind, CaptionLanguage, CaptionOrigin
from media_pipeline.errors import CaptionsChanged
from media_pipeline.folders import staging_folder
from media_pipeline.models import CaptionTrack, Video
from media_pipeline.services.captions.drafts import changed, lock, write
from media_pipeline.services.captions.problems import read_upload, require_publishable
from media_pipeline.services.digests import rendition_digests
from media_pipeline.services.publishing import copy_media, publish_version
from media_pipeline.transcoding.cues import Cue, webvtt_text
from media_pipeline.transcoding.plan import plan_from_json


@transaction.atomic
def publish_captions(*, track: CaptionTrack, edits: int, by: User | None) -> CaptionTrack:
    """Show the draft to trainees. Raises CaptionsRefused with a line, and CaptionsChanged.

    `edits` proves that the publisher has seen the last save. A published video gets a new version at once, with the
    pictures and sound of the last one.
    """
    video = Video.objects.select_for_update().get(pk=track.video_id)
    track = lock(track)
    if track.edits != edits:
        raise changed(track)
    _release(video, track, by)
    return track


@transaction.atomic
def remove_captions(*, track: CaptionTrack, by: User) -> None:
    """Delete captions with their history; a published video gets a next version without them."""
    video = Video.objects.select_for_update().get(pk=track.video_id)
    track = lock(track)
    was_published = track.published_id is not None
    facts = {"language": track.language, "kind": track.kind}
    track.delete()
    log(video, "media_pipeline.video.uncaption", user=by, data=facts)
    if was_published:
        _publish_again(video)


@transaction.atomic
def add_captions(
    *, video: Video, language: CaptionLanguage, kind: CaptionKind, data: bytes, by: User | None
) -> CaptionTrack:
    """Publish a WebVTT or SubRip file as the captions of a video in one language. Raises CaptionsRefused."""
    text = read_upload(data)
    video = Video.objects.select_for_update().get(pk=video.pk)
    track, _ = CaptionTrack.objects.get_or_create(video=video, language=language, kind=kind)
    track = lock(track)
    write(track, text, origin=CaptionOrigin.UPLOADED, by=by)
    _release(video, track, by)
    return track


def add_chapters(
    *,
    video: Video,
    language: CaptionLanguage,
    chapters: Sequence[tuple[int, str]],
    length: int,
    by: User | None = None,
) -> CaptionTrack:
    """Publish chapters: when each begins, in milliseconds, and its title; the last goes to the end, at `length`.

    They replace chapters of the same language.
    """
    ends = [start for start, _ in chapters[1:]] + [length]
    cues = [(start, end, title) for (start, title), end in zip(chapters, ends, strict=True)]
    return add_cues(video=video, language=language, kind=CaptionKind.CHAPTERS, cues=cues, by=by)


def add_cues(
    *,
    video: Video,
    language: CaptionLanguage,
    kind: CaptionKind,
    cues: Sequence[tuple[int, int, str]],
    by: User | None = None,
) -> CaptionTrack:
    """Publish cues, `(start, end, text)` in milliseconds, in place of the published ones."""
    text = webvtt_text(Cue(start, end, words) for start, end, words in cues)
    return add_captions(video=video, language=language, kind=kind, data=text.encode(), by=by)


def _release(video: Video, track: CaptionTrack, by: User | None) -> None:
    draft = track.draft
    if draft is None:
        raise CaptionsChanged(name="–", time="–")
    if track.published_id == draft.pk:
        return
    require_publishable(draft.text)
    draft.published_at = timezone.now()
    draft.save(update_fields=["published_at"])
    track.published = draft
    track.save(update_fields=["published"])
    facts = {"language": track.language, "kind": track.kind, "revision": draft.number}
    log(video, "media_pipeline.video.publish_captions", user=by, data=facts)
    _publish_again(video)


def _publish_again(video: Video) -> None:
    version = video.published
    if version is None:
        return
    folder = staging_folder() / f"captions-{video.pk}-{secrets.token_hex(4)}"
    package = folder / "package"
    package.mkdir(parents=True)
    try:
        copy_media(version, package)
        publish_version(
            video=video,
            plan=plan_from_json(version.plan),
            package=package,
            rendition_set=version.rendition_set,
            codecs_known=dict(version.renditions.values_list("name", "codecs"))
            if version.rendition_set
            else None,
            digests=rendition_digests(version),
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
