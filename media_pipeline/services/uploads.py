"""Uploads in one request, by a form without JavaScript: received and checked at once."""

from django.core.files import File
from django.db import transaction

from accounts.models import Center, User
from media_pipeline.enums import RefusalReason, UploadState
from media_pipeline.errors import DuplicateFile, UploadRefused
from media_pipeline.folders import part_path
from media_pipeline.models import Upload, Video
from media_pipeline.services.arrived_uploads import process_upload
from media_pipeline.services.resumable_uploads import record_received_bytes, start_upload
from media_pipeline.uploading.parts import Writer, drop_part


def receive_upload(*, center: Center, title: str, file: File, by: User) -> Upload:
    """Receive a whole file and check it. The upload is done, refused, or a duplicate that waits for a decision.

    Raises CenterUnknown, UploadRefused (empty or too large), TooManyUploads, QuotaReached, DiskFull.
    """
    upload = start_upload(center_id=center.pk, title=title, name=file.name or "", length=file.size, by=by)
    writer = Writer(part_path(upload.public_id), offset=0, length=file.size)
    try:
        for block in file.chunks():
            writer.append(block)
        writer.finish()
    finally:
        writer.close()
    record_received_bytes(upload=upload, offset=file.size, previous_offset=file.size)
    process_upload(upload_id=upload.pk)
    upload.refresh_from_db()
    return upload


def upload_video(*, center: Center, title: str, file: File, by: User) -> Video:
    """The same without a decision about duplicates: the file becomes a video, or everything is rolled back.

    Raises DuplicateFile, and what `receive_upload` raises.
    """
    with transaction.atomic():
        upload = receive_upload(center=center, title=title, file=file, by=by)
        if upload.video is not None:
            return upload.video
        # A rolled-back transaction runs none of its on_commit hooks.
        drop_part(part_path(upload.public_id))
        if upload.state == UploadState.DUPLICATE:
            raise DuplicateFile
        refusal = upload.refusal or {}
        raise UploadRefused(RefusalReason(refusal["reason"]).label, **refusal["facts"])
