"""The lease of the sender: one login on one device. It is a file, so that all processes that share the disk see the same."""

import json
import os
import time
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from accounts.files import replace_file

# Seconds after which the lease of a silent sender has expired.
LEASE_SECONDS = 15
FILE = "sender_"
# The device id of OBS.
OBS_DEVICE = "obs"


class SenderLeaseHeld(Exception):
    """Another login or device holds the lease."""


@dataclass(frozen=True, slots=True)
class SenderLease:
    who: int
    device: str
    token: str


def acquire_lease(folder: Path, *, who: int, device: str, take_over: bool) -> SenderLease:
    """Become the sender. The same login on the same device continues. Raises `SenderLeaseHeld`."""
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
    # The lease may have been released this moment.
    with suppress(FileNotFoundError):
        os.utime(folder / FILE)


def release_lease(folder: Path, lease: SenderLease) -> None:
    if holds_lease(folder, lease):
        (folder / FILE).unlink(missing_ok=True)


def sender_of(folder: Path) -> SenderLease | None:
    """The current sender, if any."""
    return _read(folder) if _is_fresh(folder) else None


def last_seen_at(folder: Path) -> float:
    """When the last data arrived, in seconds of 1970; 0 where none did."""
    try:
        return (folder / FILE).stat().st_mtime
    except FileNotFoundError:
        return 0.0


def end_lease(folder: Path) -> None:
    """End the lease of the current sender, so that anyone may acquire it at once."""
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
