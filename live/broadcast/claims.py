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
FRESH_SECONDS = 15
FILE = "sender_"
# OBS calls as this device.
OBS_DEVICE = "obs"


class Claimed(Exception):
    """Somebody else is sending."""


@dataclass(frozen=True, slots=True)
class Claim:
    who: int
    device: str
    token: str


def claim(folder: Path, *, who: int, device: str, take_over: bool) -> Claim:
    """Become the sender. The same login on the same device simply goes on. Raises `Claimed`."""
    folder.mkdir(parents=True, exist_ok=True)
    held = _read(folder)
    if held and not take_over and (held.who, held.device) != (who, device) and _is_fresh(folder):
        raise Claimed
    mine = Claim(who, device, uuid.uuid4().hex)
    replace_file(folder / FILE, json.dumps(asdict(mine)))
    return mine


def still_holds(folder: Path, mine: Claim) -> bool:
    return _read(folder) == mine


def refresh(folder: Path) -> None:
    # It may have been given up this moment.
    with suppress(FileNotFoundError):
        os.utime(folder / FILE)


def release(folder: Path, mine: Claim) -> None:
    if still_holds(folder, mine):
        (folder / FILE).unlink(missing_ok=True)


def sender_of(folder: Path) -> Claim | None:
    """Who sends now."""
    return _read(folder) if _is_fresh(folder) else None


def heard_at(folder: Path) -> float:
    """When the last of it came, in seconds of 1970; 0 where nothing did."""
    try:
        return (folder / FILE).stat().st_mtime
    except FileNotFoundError:
        return 0.0


def give_up(folder: Path) -> None:
    """Whoever sends is to end: anyone may follow at once."""
    (folder / FILE).unlink(missing_ok=True)


def _read(folder: Path) -> Claim | None:
    try:
        return Claim(**json.loads((folder / FILE).read_text()))
    except FileNotFoundError:
        return None


def _is_fresh(folder: Path) -> bool:
    try:
        return time.time() - (folder / FILE).stat().st_mtime < FRESH_SECONDS
    except FileNotFoundError:
        return False
