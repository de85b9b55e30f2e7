"""Writes drafts of captions."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from accounts.services.formatting import format_datetime
from media_pipeline.enums import CaptionKind, CaptionLanguage, CaptionOrigin
from media_pipeline.errors import CaptionsChanged, CaptionsExist, CaptionsTooLarge
from media_pipeline.models import CaptionRevision, CaptionTrack, Video
from media_pipeline.services.captions.problems import read_upload
from media_pipeline.transcoding.cues import EMPTY
from media_pipeline.transcoding.webvtt import MAX_BYTES, plain_lines

# An editor saves by itself every few seconds; the history keeps one row for saves within this time.
SITTING = dt.timedelta(minutes=10)


@transaction.atomic
def start_captions(
    *, video: Video, language: CaptionLanguage, kind: CaptionKind, data: bytes | None = None, by: User | None
) -> CaptionTrack:
    """Begin captions in one language, empty or from a WebVTT or SubRip file. Raises CaptionsExist, CaptionsRefused."""
    text = EMPTY if data is None else read_upload(data)
    Video.objects.select_for_update().get(pk=video.pk)
    if CaptionTrack.objects.filter(video=video, language=language, kind=kind).exists():
        raise CaptionsExist
    track = CaptionTrack.objects.create(video=video, language=language, kind=kind)
    write(track, text, origin=CaptionOrigin.TYPED if data is None else CaptionOrigin.UPLOADED, by=by)
    log(video, "media_pipeline.video.caption", user=by, data={"language": language, "kind": kind})
    return track


@transaction.atomic
def save_draft(*, track: CaptionTrack, text: str, edits: int, by: User) -> CaptionTrack:
    """Save the draft; what trainees see does not change.

    `edits` is the track's number when the editor was opened or last saved. Raises CaptionsChanged when another person
    saved in between, CaptionsTooLarge. Saving the same text again is no conflict: the response may have been lost.
    """
    text = plain_lines(text)
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise CaptionsTooLarge
    track = lock(track)
    if track.draft and track.draft.text == text:
        return track
    if track.edits != edits:
        raise changed(track)
    write(track, text, origin=CaptionOrigin.TYPED, by=by)
    return track


@transaction.atomic
def upload_draft(*, track: CaptionTrack, data: bytes, edits: int, by: User) -> CaptionTrack:
    """Replace the draft by a file. Raises CaptionsRefused, CaptionsChanged."""
    text = read_upload(data)
    track = lock(track)
    if track.edits != edits:
        raise changed(track)
    write(track, text, origin=CaptionOrigin.UPLOADED, by=by)
    return track


@transaction.atomic
def restore_revision(*, track: CaptionTrack, number: int, by: User) -> CaptionTrack:
    """Make an earlier revision the draft; the replaced draft stays in the history.

    Raises CaptionRevision.DoesNotExist.
    """
    track = lock(track)
    earlier = track.revisions.get(number=number)
    write(track, earlier.text, origin=CaptionOrigin.RESTORED, by=by)
    return track


def lock(track: CaptionTrack) -> CaptionTrack:
    return CaptionTrack.objects.select_related("draft__by").select_for_update(of=("self",)).get(pk=track.pk)


def changed(track: CaptionTrack) -> CaptionsChanged:
    """A CaptionsChanged error with who saved in between, and when."""
    draft = track.draft
    return CaptionsChanged(
        name=str(draft.by) if draft and draft.by else "–",
        time=format_datetime(draft.saved_at if draft else track.changed_at, "TIME_FORMAT"),
    )


def write(track: CaptionTrack, text: str, *, origin: CaptionOrigin, by: User | None) -> CaptionRevision:
    """Make `text` the draft of a locked track, in the last row where the same person saved shortly before, else in a new one."""
    now = timezone.now()
    draft = track.draft
    is_same_sitting = (
        draft is not None
        and draft.published_at is None
        and (draft.origin, draft.by) == (CaptionOrigin.TYPED, by)
        and origin == CaptionOrigin.TYPED
        and now - draft.saved_at < SITTING
    )
    if is_same_sitting and draft is not None:
        draft.text, draft.saved_at = text, now
        draft.save(update_fields=["text", "saved_at"])
    else:
        last = track.revisions.order_by("-number").values_list("number", flat=True).first() or 0
        draft = CaptionRevision.objects.create(track=track, number=last + 1, text=text, origin=origin, by=by)
    track.draft, track.edits, track.changed_at = draft, track.edits + 1, now
    track.save(update_fields=["draft", "edits", "changed_at"])
    return draft
