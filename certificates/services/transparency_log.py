"""The transparency log of status events: append-only, with a checkpoint signed every night and proofs on request (RFC 9162).

Approvals do not append: the positions of the log are assigned under one lock, and waiting for it would make
all centers queue. A database trigger marks every status event as pending, in its own transaction; `append_events` takes
what is committed, one appender at a time. A rollback therefore leaves neither a gap nor an entry.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from certificates.enums import EntryKind, KeyRole, Status
from certificates.errors import NoSuchSize, NotYetSealed
from certificates.models import (
    Credential,
    LogCheckpoint,
    LogEntry,
    LogNode,
    LogPending,
    StatusEvent,
)
from certificates.openbadges.credential import timestamp
from certificates.services.jose_signers import jose_signer
from certificates.transparency.checkpoint import Checkpoint, sign_checkpoint
from certificates.transparency.tree import Place, Tree, leaf_hash

# The advisory lock of the appender, shared by all processes. The number is arbitrary, but used for nothing else.
_APPENDING = 9162_2026
EVENTS_AT_ONCE = 1000


class TableStore:
    """The nodes of the tree in their table: one query a batch."""

    def get(self, places: Collection[Place]) -> Mapping[Place, bytes]:
        rows = LogNode.objects.filter(pk__in=list(places)).values_list("level", "position", "hash")
        return {Place(level, position): bytes(digest) for level, position, digest in rows}

    def put(self, nodes: Mapping[Place, bytes]) -> None:
        LogNode.objects.bulk_create(
            (
                LogNode(level=place.level, position=place.position, hash=digest)
                for place, digest in nodes.items()
            ),
            batch_size=5000,
        )


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """A leaf and the hashes that lead from it to the root."""

    position: int
    content: str
    proof: list[bytes]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The entries of a certificate, proven against a sealed size; `note` is the checkpoint of that size."""

    size: int
    note: str
    entries: list[ProvenEntry]


def origin() -> str:
    """The name of the log: the site's address without its scheme."""
    site = urlsplit(settings.SITE_URL)
    return f"{site.netloc}{site.path}/log"


def log_size() -> int:
    last = LogEntry.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def append_events() -> int:
    """Append every committed pending event, in batches. Returns how many."""
    appended = 0
    while count := _append_batch():
        appended += count
        if count < EVENTS_AT_ONCE:
            break
    return appended


@transaction.atomic
def create_checkpoint() -> LogCheckpoint:
    """Append pending events, then sign size and root. Returns the checkpoint of the day when called again. Raises as `signer_for`."""
    append_events()
    _lock()
    today = timezone.localdate()
    if sealed := LogCheckpoint.objects.filter(day=today).first():
        return sealed
    signer, size = jose_signer(KeyRole.LOG), log_size()
    checkpoint = Checkpoint(origin=origin(), size=size, root=Tree(TableStore(), size).root())
    return LogCheckpoint.objects.create(
        day=today,
        size=size,
        note=sign_checkpoint(checkpoint, signer=signer),
        key_id=signer.key_id,
        signed_at=timezone.now(),
    )


def inclusion_of(credential: Credential) -> Inclusion:
    """Prove the entries of a certificate against the newest checkpoint. Raises NotYetSealed."""
    checkpoint = LogCheckpoint.objects.first()
    size = checkpoint.size if checkpoint else 0
    entries = list(credential.log_entries.filter(position__lt=size))
    if checkpoint is None or not entries:
        raise NotYetSealed
    tree = Tree(TableStore(), size)
    proven = [
        ProvenEntry(entry.position, entry.content, tree.inclusion_proof(entry.position)) for entry in entries
    ]
    return Inclusion(size, checkpoint.note, proven)


def consistency_between(*, older: int, newer: int) -> list[bytes]:
    """Prove that the log of `older` entries is the beginning of that of `newer`. Raises NoSuchSize."""
    if not 0 <= older <= newer <= log_size():
        raise NoSuchSize
    return Tree(TableStore(), newer).consistency_proof(older)


def entry_of(event: StatusEvent) -> str:
    """The log entry of an event: canonical JSON (sorted members, no spaces, UTF-8).

    It names no person. `commitment` is a hash over all claims and the code; as only the printed certificate
    has the code, the claims cannot be guessed from the hash.
    """
    return _canonical(
        {
            "at": timestamp(event.at),
            "commitment": commitment(event.credential),
            "event": event.pk,
            "number": event.credential.number,
            "reason": event.reason,
            "status": event.status,
            "v": 1,
        }
    )


def commitment(credential: Credential) -> str:
    """SHA-256, in hex, over the code, a line feed, and the canonical JSON of the claims."""
    until = credential.valid_until
    said = {
        "facts": credential.claims,
        "id": str(credential.public_id),
        "issued_on": credential.issued_on.isoformat(),
        "number": credential.number,
        "type": credential.type.code,
        "valid_from": credential.valid_from.isoformat(),
        "valid_until": until.isoformat() if until else None,
    }
    return hashlib.sha256(f"{credential.code}\n{_canonical(said)}".encode()).hexdigest()


@transaction.atomic
def _append_batch() -> int:
    _lock()
    waiting = list(
        LogPending.objects.select_related("event__credential__type").order_by("event_id")[:EVENTS_AT_ONCE]
    )
    if not waiting:
        return 0
    size, now = log_size(), timezone.now()
    entries = [_entry(one.event, size + offset, now) for offset, one in enumerate(waiting)]
    LogEntry.objects.bulk_create(entries)
    Tree(TableStore(), size).append([bytes(entry.leaf_hash) for entry in entries])
    LogPending.objects.filter(pk__in=[one.pk for one in waiting]).delete()
    return len(waiting)


def _entry(event: StatusEvent, position: int, now: dt.datetime) -> LogEntry:
    content = entry_of(event)
    return LogEntry(
        position=position,
        event=event,
        credential=event.credential,
        kind=EntryKind.ISSUED if event.status == Status.ISSUED else EntryKind.STATUS,
        content=content,
        leaf_hash=leaf_hash(content.encode()),
        at=now,
    )


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_APPENDING])


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
