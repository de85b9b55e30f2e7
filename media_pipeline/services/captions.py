"""Puts captions on a video."""

import secrets
import shutil

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.models import User
from media_pipeline.enums import CaptionKind, CaptionLanguage
from media_pipeline.errors import CaptionsRefused
from media_pipeline.folders import captions_name, staging_folder
from media_pipeline.models import CaptionTrack, PublishedVersion, Video
from media_pipeline.services.publishing import copy_media, publish_version
from media_pipeline.transcoding import webvtt
from media_pipeline.transcoding.plan import plan_from_json

PROBLEMS: dict[str, Promise] = {
    webvtt.NOT_UTF8: _("this is not UTF-8 text; save the file as UTF-8."),
    webvtt.TOO_LARGE: _("the file is larger than captions can be."),
    webvtt.NO_HEADER: _("the first line must be WEBVTT."),
    webvtt.NO_TIMING: _("a time like 00:01.000 --> 00:04.000 is expected here."),
    webvtt.ENDS_BEFORE_START: _("these words end before they begin."),
    webvtt.OUT_OF_ORDER: _("these words begin before the ones above them."),
    webvtt.NO_TEXT: _("there are no words under this time."),
    webvtt.NO_CUES: _("there are no captions in this file."),
}


@transaction.atomic
def add_captions(
    *, video: Video, language: CaptionLanguage, kind: CaptionKind, data: bytes, by: User | None
) -> CaptionTrack:
    """Set the captions of a video in one language, replacing earlier ones. Raises CaptionsRefused.

    A published video gets a next version at once; its pictures and sound are not encoded again.
    """
    try:
        text = webvtt.read_captions(data)
    except webvtt.BadCaptions as bad:
        raise CaptionsRefused(line=bad.line, problem=PROBLEMS[bad.problem]) from bad
    video = Video.objects.select_for_update().get(pk=video.pk)
    track = CaptionTrack.objects.filter(video=video, language=language, kind=kind).first()
    track = track or CaptionTrack(video=video, language=language, kind=kind)
    track.file.save(captions_name(video.public_id, language), ContentFile(text.encode()), save=False)
    track.save()
    log(video, "media_pipeline.video.caption", user=by, data={"language": language, "kind": kind})
    if video.published:
        _publish_again(video, video.published)
    return track


def _publish_again(video: Video, version: PublishedVersion) -> None:
    folder = staging_folder() / f"captions-{video.pk}-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    try:
        copy_media(version, folder)
        publish_version(video=video, plan=plan_from_json(version.plan), package=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
