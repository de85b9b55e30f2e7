"""Checks a file that has arrived whole and makes it a video; a duplicate waits for a person's decision."""

import datetime as dt
import re
import time
import uuid
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from media_pipeline.enums import OPEN_UPLOAD_STATES, UploadState
from media_pipeline.errors import DuplicateFile, UploadWithoutDecision
from media_pipeline.folders import part_path, uploads_folder
from media_pipeline.models import Upload
from media_pipeline.services.intake import ExaminedFile, add_video, examine_file
from media_pipeline.services.resumable_uploads import (
    dispatch_check,
    end_upload,
    record_received_bytes,
    refuse_upload,
)
from media_pipeline.transcoding.failures import Refused

LOST_AFTER = dt.timedelta(seconds=120)
# Rows of uploads that came to nothing; those that became a video stay with it.
PURGE_AFTER = dt.timedelta(days=30)
ORPHANED_AFTER_SECONDS = 3600


def process_upload(*, upload_id: int) -> None:
    """Hash and sniff a whole file, then make it a video, hold it as a duplicate, or refuse it.

    Safe to call any number of times, by any number of workers.
    """
    upload = Upload.objects.filter(pk=upload_id, state=UploadState.CHECKING).first()
    if upload is None:
        return
    try:
        file = examine_file(part_path(upload.public_id), sha256=upload.sha256)
        Upload.objects.filter(pk=upload.pk).update(sha256=file.sha256)
    except Refused as refused:
        refuse_upload(upload_id=upload_id, refused=refused)
    except FileNotFoundError:
        # Dropped, or processed by another worker, while this one read.
        return
    else:
        _make_video(upload_id, file)


@transaction.atomic
def _make_video(upload_id: int, file: ExaminedFile) -> None:
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload_id)
    if upload.state != UploadState.CHECKING:
        return
    try:
        upload.video = add_video(
            file=file,
            public_id=upload.public_id,
            center_id=upload.center_id,
            title=upload.title,
            original_name=upload.original_name,
            by=upload.person,
            is_counted=True,
            is_duplicate_wanted=upload.is_kept,
        )
    except DuplicateFile:
        upload.state = UploadState.DUPLICATE
        upload.save(update_fields=["state"])
        return
    upload.save(update_fields=["video"])
    end_upload(upload, UploadState.DONE)


@transaction.atomic
def keep_duplicate(*, upload: Upload, by: User) -> Upload:
    """Make a video of a file the center has already. Raises UploadWithoutDecision."""
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.state != UploadState.DUPLICATE:
        raise UploadWithoutDecision
    upload.state, upload.is_kept, upload.dispatched_at = UploadState.CHECKING, True, timezone.now()
    upload.save(update_fields=["state", "is_kept", "dispatched_at"])
    log(upload, "media_pipeline.upload.keep", user=by)
    dispatch_check(upload)
    return upload


def recover_uploads() -> None:
    """Expire uploads that were not continued in time, dispatch lost checks again, and remove part files without a row."""
    now = timezone.now()
    for upload in Upload.objects.filter(state=UploadState.RECEIVING):
        # The server may have died between the last byte and recording it.
        part = part_path(upload.public_id)
        if part.exists() and part.stat().st_size == upload.length:
            record_received_bytes(upload=upload, offset=upload.length, previous_offset=upload.length)
    _expire(now)
    _dispatch_lost(now)
    Upload.objects.filter(
        state__in=(UploadState.DROPPED, UploadState.EXPIRED, UploadState.REFUSED),
        expires_at__lt=now - PURGE_AFTER,
    ).delete()
    _purge_orphaned_parts()


@transaction.atomic
def _expire(now: dt.datetime) -> None:
    waiting = Upload.objects.filter(
        state__in=(UploadState.RECEIVING, UploadState.DUPLICATE), expires_at__lt=now
    )
    for upload in waiting.select_for_update(of=("self",), skip_locked=True):
        part = part_path(upload.public_id)
        # One long request may last a day without a record.
        if upload.state == UploadState.RECEIVING and part.exists() and _age(part) < ORPHANED_AFTER_SECONDS:
            continue
        end_upload(upload, UploadState.EXPIRED)
        log(upload, "media_pipeline.upload.expire")


@transaction.atomic
def _dispatch_lost(now: dt.datetime) -> None:
    lost = Upload.objects.filter(state=UploadState.CHECKING, dispatched_at__lt=now - LOST_AFTER)
    for upload in lost.select_for_update(of=("self",), skip_locked=True):
        upload.dispatched_at = now
        upload.save(update_fields=["dispatched_at"])
        dispatch_check(upload)


def _purge_orphaned_parts() -> None:
    """Part files of uploads that ended or have no row, as a crash leaves them."""
    if not uploads_folder().is_dir():
        return
    for part in uploads_folder().iterdir():
        if _age(part) < ORPHANED_AFTER_SECONDS or not re.fullmatch(r"[0-9a-f]{32}", part.name):
            continue
        if not Upload.objects.filter(public_id=uuid.UUID(part.name), state__in=OPEN_UPLOAD_STATES).exists():
            part.unlink(missing_ok=True)


def _age(part: Path) -> float:
    return time.time() - part.stat().st_mtime
