"""Archiving: every night each sealed file (certificate, card, numbered copy) gets an archive with long-term evidence.

PAdES B-LTA. If the time stamp of an archive is no longer trusted, another archive is made: the newest counts.
"""

import datetime as dt
import hashlib
import logging
import time

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from certificates.enums import FileKind, KeyRole
from certificates.errors import NoTimestampAuthority, RevocationListUnreadable
from certificates.models import Artifact, SigningKey
from certificates.queries.keys import seal_trust, timestamp_key_of
from certificates.sealing import NotArchivable, TimestampUnavailable, examine
from certificates.services.file_storage import (
    delete_orphaned_archives,
    move_into_place,
    name_of_archive,
    private_path,
    temporary_file,
    write_durably,
)
from certificates.services.signers import archive_seal, read_revocation_lists

logger = logging.getLogger(__name__)

# Failures logged in one run: if the disk is full, every file fails.
MOST_FAILURES = 50
LONGEST_RUN = dt.timedelta(minutes=10)


def archive_certificates(*, limit: int, within: dt.timedelta = LONGEST_RUN) -> int:
    """Archive up to `limit` sealed files without a trusted archive. Returns how many.

    Begins none after `within`: with a slow authority, the rest waits for another run.
    Without a time-stamp authority, or with a revocation list that cannot be read, nothing is archived; where the
    authority does not answer, the rest waits for the next night. A file that cannot be archived does not stop the others.
    """
    try:
        revocation_lists = read_revocation_lists()
    except RevocationListUnreadable as reason:
        logger.error("Certificates are not archived tonight: %s", reason)  # noqa: TRY400 - the reason says it all
        return 0
    archived = failed = 0
    end = time.monotonic() + within.total_seconds()
    # In random order, so that files which fail every night do not block all others.
    for artifact_id in _due().order_by("?").values_list("pk", flat=True).iterator():
        if archived == limit or failed == MOST_FAILURES:
            break
        try:
            archived += (
                archive_certificate(artifact_id=artifact_id, revocation_lists=revocation_lists) is not None
            )
        except (NoTimestampAuthority, TimestampUnavailable) as reason:
            logger.warning("Certificates are not archived tonight: %s", reason)
            break
        except (NotArchivable, OSError):
            failed += 1
            logger.exception("File %s cannot be archived.", artifact_id)
        if time.monotonic() >= end:
            break
    return archived


@transaction.atomic
def archive_certificate(*, artifact_id: int, revocation_lists: tuple[bytes, ...]) -> Artifact | None:
    """Write the archive of one sealed file. None if it has a trusted one or another worker is archiving it.

    The sealed file is unchanged: its bytes are the beginning of the archive. Raises NoTimestampAuthority,
    TimestampUnavailable, NotArchivable or OSError.
    """
    # The row is never updated, but its lock makes sure that one worker archives the file.
    rows = _due().select_for_update(of=("self",), skip_locked=True)
    artifact = rows.select_related("credential", "copy").filter(pk=artifact_id).first()
    if artifact is None:
        return None
    pdf = archive_seal(private_path(artifact.path).read_bytes(), revocation_lists=revocation_lists)
    delete_orphaned_archives(artifact)
    with temporary_file() as file:
        write_durably(file, pdf)
        name = name_of_archive(artifact, pdf)
        timestamp_key = timestamp_key_of(examine(pdf, seal_trust()))
        archive = Artifact.objects.create(
            credential=artifact.credential,
            copy=artifact.copy,
            kind=FileKind.ARCHIVE,
            archive_of=artifact,
            path=name,
            sha256=hashlib.sha256(pdf).hexdigest(),
            size=len(pdf),
            key_id=artifact.key_id,
            timestamp_key_id=timestamp_key.key_id if timestamp_key else "",
            rendered_at=timezone.now(),
        )
        # Last, so that a database error leaves no file.
        move_into_place(file, name)
    return archive


def _due() -> QuerySet[Artifact]:
    """Sealed files without an archive whose time stamp is trusted."""
    stolen = SigningKey.objects.filter(compromised_at__isnull=False)
    archives = Artifact.objects.filter(archive_of=OuterRef("pk"))
    compromised_timestamp_certificates = list(
        stolen.filter(role=KeyRole.TIMESTAMP).values_list("key_id", flat=True)
    )
    if compromised_timestamp_certificates:
        # Archives without a recorded authority may have a time stamp by a compromised key.
        archives = archives.exclude(timestamp_key_id__in=[*compromised_timestamp_certificates, ""])
    return (
        Artifact.objects.exclude(kind=FileKind.ARCHIVE)
        .exclude(key_id="")
        # A seal by a compromised key proves nothing, with or without evidence.
        .exclude(key_id__in=stolen.filter(role=KeyRole.PDF_SEAL).values("key_id"))
        .filter(~Exists(archives))
    )
