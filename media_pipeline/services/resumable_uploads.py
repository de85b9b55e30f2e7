"""Resumable uploads: started, received, dropped. `arrived_uploads` processes whole files."""

import datetime as dt
import uuid
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import Center, User
from accounts.scoping import centers_where, fenced
from jobs.dispatching import dispatch
from media_pipeline.enums import OPEN_UPLOAD_STATES, RefusalReason, UploadState
from media_pipeline.errors import CenterUnknown, TooManyUploads, UploadGone, UploadRefused, UploadUnknown
from media_pipeline.folders import part_path
from media_pipeline.models import Upload
from media_pipeline.services.names import clean_file_name, clean_title
from media_pipeline.services.storage_quota import guard_storage
from media_pipeline.transcoding.failures import Refused
from media_pipeline.transcoding.sniff import HEAD_BYTES, sniff_container
from media_pipeline.uploading.parts import create_part, drop_part

KEPT_FOR = dt.timedelta(hours=24)
ENDED_STATES = (UploadState.DROPPED, UploadState.EXPIRED, UploadState.REFUSED)


@transaction.atomic
def start_upload(
    *,
    center_id: int | None,
    title: str,
    name: str,
    length: int,
    by: User,
    fingerprint: str = "",
    metadata: str = "",
) -> Upload:
    """Announce a file of `length` bytes. Raises CenterUnknown, UploadRefused, TooManyUploads, QuotaReached, DiskFull.

    `center_id` may be None for a person who uploads in one center only.
    """
    center = _locked_center(center_id, by)
    _require_length(length)
    count = Upload.objects.filter(person=by, state__in=OPEN_UPLOAD_STATES).count()
    if count >= settings.MEDIA_OPEN_UPLOADS_PER_PERSON:
        raise TooManyUploads(count=count)
    guard_storage(center=center, size=length)
    original_name = clean_file_name(name)
    upload = Upload.objects.create(
        center=center,
        person=by,
        title=clean_title(title) or clean_title(original_name.rpartition(".")[0]) or original_name,
        original_name=original_name,
        metadata=metadata,
        length=length,
        fingerprint=fingerprint[:64],
        expires_at=timezone.now() + KEPT_FOR,
    )
    create_part(part_path(upload.public_id))
    log(upload, "media_pipeline.upload.start", user=by, data={"name": original_name, "bytes": length})
    return upload


def _locked_center(center_id: int | None, by: User) -> Center:
    """The center, locked against concurrent quota checks. Rows that refer to it may still be written."""
    allowed_centers = centers_where(by, Act.MANAGE_MEDIA)
    if center_id is not None:
        allowed_centers = allowed_centers.filter(pk=center_id)
    centers = list(allowed_centers.select_for_update(of=("self",), no_key=True)[:2])
    if len(centers) != 1:
        raise CenterUnknown
    return centers[0]


def _require_length(length: int) -> None:
    if length == 0:
        raise UploadRefused(RefusalReason.EMPTY.label)
    limit = settings.MEDIA_MAX_UPLOAD_BYTES
    if length > limit:
        raise UploadRefused(RefusalReason.TOO_MANY_BYTES.label, limit=limit // 1_000_000)


def find_upload(*, public_id: uuid.UUID, by: User) -> Upload:
    """The upload, if it is the person's own and in a center where they upload. Raises UploadUnknown, UploadGone."""
    own = fenced(Upload.objects.filter(person=by, public_id=public_id), user=by, act=Act.MANAGE_MEDIA)
    upload = own.first()
    if upload is None:
        raise UploadUnknown
    if upload.state in ENDED_STATES:
        raise UploadGone
    return upload


def record_received_bytes(*, upload: Upload, offset: int, previous_offset: int) -> Upload:
    """Record that bytes arrived, up to `offset`; dispatch the check of a whole file.

    A file whose first bytes are of no known container is refused at once, not after hours of uploading. Raises
    UploadRefused.
    """
    if previous_offset < HEAD_BYTES <= offset < upload.length:
        try:
            sniff_container(part_path(upload.public_id))
        except Refused as refused:
            refuse_upload(upload_id=upload.pk, refused=refused)
            raise UploadRefused(RefusalReason(refused.reason.value).label, **refused.facts) from refused
    return _record_offset(upload, offset)


@transaction.atomic
def _record_offset(upload: Upload, offset: int) -> Upload:
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.state != UploadState.RECEIVING:
        return upload
    upload.expires_at = timezone.now() + KEPT_FOR
    if offset == upload.length:
        upload.state, upload.dispatched_at = UploadState.CHECKING, timezone.now()
        dispatch_check(upload)
    upload.save(update_fields=["state", "expires_at", "dispatched_at"])
    return upload


def dispatch_check(upload: Upload) -> None:
    """Dispatch the check of a whole file once the row is committed."""
    dispatch("media_pipeline.tasks.process_upload", upload.pk)


@transaction.atomic
def drop_upload(*, upload: Upload, by: User) -> Upload:
    """Delete the upload and its bytes. Raises UploadGone for one that is over."""
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.state not in OPEN_UPLOAD_STATES:
        raise UploadGone
    end_upload(upload, UploadState.DROPPED)
    log(upload, "media_pipeline.upload.drop", user=by)
    return upload


@transaction.atomic
def refuse_upload(*, upload_id: int, refused: Refused) -> None:
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload_id)
    if upload.state not in OPEN_UPLOAD_STATES:
        return
    upload.refusal = {"reason": refused.reason.value, "facts": refused.facts}
    upload.save(update_fields=["refusal"])
    end_upload(upload, UploadState.REFUSED)
    log(upload, "media_pipeline.upload.refuse", user=upload.person, data=upload.refusal)


def end_upload(upload: Upload, state: UploadState) -> None:
    """Give a locked upload its last state; its bytes are removed after the commit."""
    upload.state = state
    upload.save(update_fields=["state"])
    transaction.on_commit(partial(drop_part, part_path(upload.public_id)))
