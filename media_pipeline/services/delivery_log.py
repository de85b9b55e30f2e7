"""Counts delivered bytes from a log with one line per response. For renditions in a bucket, which log nothing here,
`services.watching` adds what was played.

nginx writes the log in the scaled mode, the stream view in the embedded one, in the same format:
`<Unix time in seconds> <status> <bytes> <public id>/<version>`. It does not identify the viewer.
"""

import datetime as dt
import os
import uuid
from collections import Counter
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from media_pipeline.models import DeliveredBytes, DeliveryLog, Video

NAME = "delivery.log"
# Bytes read at once; the next run continues from there.
MOST_BYTES = 32 * 2**20
# A log that has been read to its end is emptied once it is longer.
FULL_BYTES = 64 * 2**20
DELIVERED = {b"200", b"206"}

Day = tuple[str, dt.date]


def log_path() -> Path:
    return Path(settings.DELIVERY_LOG_ROOT) / NAME


def log_delivery(*, status: int, length: int, path: str) -> None:
    """Write the line of one response. Several processes may write at once: a short line is appended by one write."""
    file = log_path()
    file.parent.mkdir(parents=True, exist_ok=True)
    line = f"{timezone.now().timestamp():.3f} {status} {length} {path}\n".encode()
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)


@transaction.atomic
def count_deliveries() -> int:
    """Add the lines that were written since the last time to the sums; return their number.

    The offset in the log and the sums are written in one transaction, so that each line counts once. A second
    call at the same time returns without counting.
    """
    DeliveryLog.objects.bulk_create([DeliveryLog(name=NAME)], ignore_conflicts=True)
    log = DeliveryLog.objects.select_for_update(skip_locked=True).filter(name=NAME).first()
    if log is None or not log_path().is_file():
        return 0
    with log_path().open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size < log.offset:
            # The log was emptied, by us or by an operator.
            log.offset = 0
        file.seek(log.offset)
        # The last line may be incomplete.
        lines = file.read(MOST_BYTES).rpartition(b"\n")[0].split(b"\n")
    read = sum(len(line) + 1 for line in lines) if lines != [b""] else 0
    log.offset += read
    log.save(update_fields=["offset"])
    number = _add(lines)
    if log.offset == size >= FULL_BYTES:
        transaction.on_commit(lambda: _empty(size), robust=True)
    return number


def _add(lines: list[bytes]) -> int:
    sizes: Counter[Day] = Counter()
    answers: Counter[Day] = Counter()
    zone = timezone.get_current_timezone()
    for line in lines:
        match line.split():
            case [moment, status, length, path] if status in DELIVERED:
                with suppress(ValueError, OverflowError):
                    day = dt.datetime.fromtimestamp(float(moment), zone).date()
                    key = (path.decode().partition("/")[0], day)
                    sizes[key] += int(length)
                    answers[key] += 1
    owners = _owners({public_id for public_id, _day in sizes})
    for (public_id, day), size in sorted(sizes.items()):
        # The video may have been deleted meanwhile.
        if public_id in owners:
            video_id, center_id = owners[public_id]
            add_bytes(video_id, center_id, day, size, answers=answers[public_id, day])
    return sum(answers.values())


def add_bytes(video_id: int, center_id: int, day: dt.date, size: int, *, answers: int) -> None:
    """Add what was delivered of a video to the sum of its day."""
    row, _new = DeliveredBytes.objects.get_or_create(video_id=video_id, center_id=center_id, day=day)
    DeliveredBytes.objects.filter(pk=row.pk).update(bytes=F("bytes") + size, answers=F("answers") + answers)


def _owners(public_ids: set[str]) -> dict[str, tuple[int, int]]:
    """The number and the center of each video that is still there, by its public id."""
    wanted = []
    for public_id in public_ids:
        with suppress(ValueError):
            wanted.append(uuid.UUID(public_id))
    rows = Video.objects.filter(public_id__in=wanted).values_list("public_id", "pk", "center_id")
    return {public_id.hex: (pk, center_id) for public_id, pk, center_id in rows}


def _empty(size: int) -> None:
    """Shorten a log to nothing, unless a line came since. nginx appends, so it continues at the new end."""
    if log_path().stat().st_size == size:
        os.truncate(log_path(), 0)
