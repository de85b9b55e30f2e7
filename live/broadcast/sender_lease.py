"""Who sends: one login on one device. A file, so that every process that shares the disk sees the same."""

import json
import os
import time
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from accounts.files import replace_file

# A sender not heard of for longer has gone; anyone may follow.
LEASE_SECONDS = 15
FILE = "sender_"
# OBS calls as this device.
OBS_DEVICE = "obs"


class SenderLeaseHeld(Exception):
    """Somebody else is sending."""


@dataclass(frozen=True, slots=True)
class SenderLease:
    who: int
    device: str
    token: str


def acquire_lease(folder: Path, *, who: int, device: str, take_over: bool) -> SenderLease:
    """Become the sender. The same login on the same device simply goes on. Raises `Claimed`."""
    folder.mkdir(parents=True, exist_ok=True)
    held = _read(folder)
    if held and not take_over and (held.who, held.device) != (who, device) and _is_fresh(folder):
        raise SenderLeaseHeld
    lease = SenderLease(who, device, uuid.uuid4().hex)
    replace_file(folder / FILE, json.dumps(asdict(lease)))
    return lease


def holds_lease(folder: Path, lease: SenderLease) -> bool:
    return _read(folder) == lease


def renew_lease(folder: Path) -> None:
    # It may have been given up this moment.
    with suppress(FileNotFoundError):
        os.utime(folder / FILE)


def release_lease(folder: Path, lease: SenderLease) -> None:
    if holds_lease(folder, lease):
        (folder / FILE).unlink(missing_ok=True)


def sender_of(folder: Path) -> SenderLease | None:
    """Who sends now."""
    return _read(folder) if _is_fresh(folder) else None


def last_seen_at(folder: Path) -> float:
    """When the last of it came, in seconds of 1970; 0 where nothing did."""
    try:
        return (folder / FILE).stat().st_mtime
    except FileNotFoundError:
        return 0.0


def end_lease(folder: Path) -> None:
    """Whoever sends is to end: anyone may follow at once."""
    (folder / FILE).unlink(missing_ok=True)


def _read(folder: Path) -> SenderLease | None:
    try:
        return SenderLease(**json.loads((folder / FILE).read_text()))
    except FileNotFoundError:
        return None


def _is_fresh(folder: Path) -> bool:
    try:
        return time.time() - (folder / FILE).stat().st_mtime < LEASE_SECONDS
    except FileNotFoundError:
        return False
