"""Files of answers: received in pieces or whole, written again, kept privately, and deleted where no answer names them.

A file answers nothing by itself: the response of its slot names it, as the save protocol says. What is kept has a receipt after the commit.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts.files import replace_file, sync
from assessment.enums import AttemptState, EndedBy, QuestionKind
from assessment.errors import (
    AttemptOver,
    AttemptTakenOver,
    FilesTooLate,
    NoSuchFile,
    OtherOffset,
    TooManyFiles,
)
from assessment.files.rewriting import MOST_BYTES, FileRefused, FileTooLarge, Rewritten, rewritten
from assessment.models import Answer, AnswerFile, AnswerFilePart, Attempt, LateResponse, ResponseEvent
from assessment.queries.questions import stored_questions

# Of one request: half a minute at 64 kbit/s.
MOST_PART: Final = 256 * 1024
# Of one question in one attempt: what is taken back counts, so that no one fills the disk.
MOST_SENT: Final = 30
# How long pieces of a file wait for the rest.
PARTS_KEPT: Final = dt.timedelta(days=2)
# Attempts in one transaction of the purge, and in one run.
BATCH: Final = 100
MOST: Final = 20_000
_FOLDER = "answers"
# A file that is older than this and has no row was left by a process that died.
_ABANDONED_SECONDS = 3600


@dataclass(frozen=True)
class Device:
    """Who sends: the session, and the epoch of its page (`docs/reference/save-protocol.md`)."""

    holder: str
    epoch: int


def receive_part(
    *,
    attempt: Attempt,
    slot: int,
    device: Device,
    sent_as: uuid.UUID,
    offset: int,
    length: int,
    data: bytes,
) -> AnswerFile | int:
    """Keep a piece of a file of `length` bytes: how many bytes have arrived, or the file once it is whole. The same file again is the same.

    Raises `AttemptOver`, `AttemptTakenOver`, `FilesTooLate`, `NoSuchFile`, `TooManyFiles`, `OtherOffset`, `FileRefused`; of a file that is
    refused nothing is kept.
    """
    with transaction.atomic():
        _locked(attempt, slot, device)
        if known := AnswerFile.objects.filter(attempt=attempt, slot=slot, sent_as=sent_as).first():
            return known
        if not 0 < length <= MOST_BYTES:
            raise FileTooLarge
        parts = AnswerFilePart.objects.filter(attempt=attempt, slot=slot, sent_as=sent_as)
        arrived = _arrived(parts)
        if arrived < length:
            if offset != arrived:
                raise OtherOffset(offset=arrived)
            if not data or len(data) > MOST_PART or offset + len(data) > length:
                raise FileRefused
            if not offset:
                _guard_count(attempt, slot)
            elif parts.exclude(length=length).exists():
                raise FileRefused
            AnswerFilePart.objects.create(
                attempt=attempt,
                slot=slot,
                sent_as=sent_as,
                offset=offset,
                length=length,
                data=data,
                at=timezone.now(),
            )
            arrived += len(data)
    if arrived < length:
        return arrived
    whole = b"".join(bytes(part) for part in parts.order_by("offset").values_list("data", flat=True))
    try:
        made = rewritten(whole)
    except FileRefused:
        parts.delete()
        raise
    return _keep(attempt, slot, device, sent_as, made)


def receive_file(*, attempt: Attempt, slot: int, device: Device, data: bytes) -> AnswerFile:
    """Keep a file that came in one piece, by a form. Raises what `receive_part` raises."""
    with transaction.atomic():
        _locked(attempt, slot, device)
        _guard_count(attempt, slot)
    return _keep(attempt, slot, device, uuid.uuid4(), rewritten(data))


def arrived_of(*, attempt: Attempt, slot: int, sent_as: uuid.UUID) -> AnswerFile | int:
    """The file once it is whole and kept, else how many bytes of it have arrived."""
    one = {"attempt": attempt, "slot": slot, "sent_as": sent_as}
    return AnswerFile.objects.filter(**one).first() or _arrived(AnswerFilePart.objects.filter(**one))


def _arrived(parts: Any) -> int:
    last = parts.order_by("-offset").first()
    return last.offset + len(last.data) if last else 0


def _locked(attempt: Attempt, slot: int, device: Device) -> Attempt:
    """The attempt, locked as by saves, so that none is kept after it ended. Raises why it takes no file of this device."""
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=attempt.pk)
    if not attempt.is_open:
        raise FilesTooLate if attempt.ended_by == EndedBy.TIME else AttemptOver
    if not attempt.accepts_at(timezone.now()):
        raise FilesTooLate
    if attempt.holder != device.holder or attempt.epoch != device.epoch:
        raise AttemptTakenOver
    questions = stored_questions(attempt.versions)
    if not (0 <= slot < len(questions) and questions[slot].kind == QuestionKind.FILES):
        raise NoSuchFile
    return attempt


def _guard_count(attempt: Attempt, slot: int) -> None:
    files = AnswerFile.objects.filter(attempt=attempt, slot=slot).count()
    arriving = AnswerFilePart.objects.filter(attempt=attempt, slot=slot).aggregate(
        count=Count("sent_as", distinct=True)
    )
    if files + arriving["count"] >= MOST_SENT:
        raise TooManyFiles(most=MOST_SENT)


def _keep(attempt: Attempt, slot: int, device: Device, sent_as: uuid.UUID, made: Rewritten) -> AnswerFile:
    public_id = uuid.uuid4()
    name = f"{_FOLDER}/{attempt.public_id}/{public_id}.{made.extension}"
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, made.data)
    sync(path)
    sync(path.parent)
    try:
        with transaction.atomic():
            _locked(attempt, slot, device)
            one = {"attempt": attempt, "slot": slot, "sent_as": sent_as}
            facts = {
                "public_id": public_id,
                "kind": made.kind,
                "pages": made.pages,
                "size": len(made.data),
                "sha256": hashlib.sha256(made.data).hexdigest(),
                "path": name,
                "at": timezone.now(),
            }
            file, is_new = AnswerFile.objects.get_or_create(**one, defaults=facts)
            AnswerFilePart.objects.filter(**one).delete()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if not is_new:
        # The device sent its last piece twice at once.
        path.unlink(missing_ok=True)
    return file


def path_of(name: str) -> Path:
    return Path(storages["private"].path(name))


def purge_answer_files() -> int:
    """Of ended attempts: keep what an answer names, also a late one, and delete the rest. Returns how many were deleted.

    Pieces of files go with the end of their attempt, or after two days.
    """
    now = timezone.now()
    AnswerFilePart.objects.filter(at__lt=now - PARTS_KEPT).delete()
    AnswerFilePart.objects.exclude(attempt__state=AttemptState.OPEN).delete()
    waiting = AnswerFile.objects.filter(kept_at=None).exclude(attempt__state=AttemptState.OPEN)
    keys = list(waiting.order_by("attempt").values_list("attempt", flat=True).distinct()[:MOST])
    return sum(_settle(keys[at : at + BATCH], now) for at in range(0, len(keys), BATCH))


@transaction.atomic
def _settle(keys: Iterable[int], now: dt.datetime) -> int:
    # As they end: an answer is written under this lock.
    attempts = {
        attempt.pk: attempt
        for attempt in Attempt.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(pk__in=list(keys))
        .exclude(state=AttemptState.OPEN)
    }
    named = named_in_attempts(list(attempts))
    deleted = 0
    for file in AnswerFile.objects.filter(attempt__in=attempts, kept_at=None):
        if str(file.public_id) in named:
            AnswerFile.objects.filter(pk=file.pk).update(kept_at=now)
        else:
            delete_file(file)
            deleted += 1
    for attempt in attempts.values():
        _drop_orphans(attempt)
    return deleted


def named_in_attempts(attempts: Collection[int]) -> set[str]:
    """The public ids that answers name, by the keys of the attempts: of open ones what is saved, of others what was marked or came late."""
    saved = ResponseEvent.objects.filter(attempt__in=attempts, attempt__state=AttemptState.OPEN)
    last = saved.order_by("attempt_id", "slot", "-epoch", "-seq").distinct("attempt_id", "slot")
    answers = Answer.objects.filter(attempt__in=attempts).values_list("response", flat=True)
    late = LateResponse.objects.filter(attempt__in=attempts).values_list("response", flat=True)
    return {
        name
        for response in (*answers, *late, *last.values_list("response", flat=True))
        if isinstance(response, list)
        for name in response
        if isinstance(name, str)
    }


def delete_file(file: AnswerFile) -> None:
    """The row now, the file with the commit."""
    path = path_of(file.path)
    AnswerFile.objects.filter(pk=file.pk).delete()
    transaction.on_commit(partial(path.unlink, missing_ok=True))


def _drop_orphans(attempt: Attempt) -> None:
    folder = path_of(f"{_FOLDER}/{attempt.public_id}")
    if not folder.is_dir():
        return
    known = {
        Path(name).name for name in AnswerFile.objects.filter(attempt=attempt).values_list("path", flat=True)
    }
    before = timezone.now().timestamp() - _ABANDONED_SECONDS
    for path in folder.iterdir():
        if path.name not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
