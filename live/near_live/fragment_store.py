"""The fragment store: the newest seconds of a broadcast as small files on the shared disk. One process writes, any process reads.

`<number>-<run>-head` begins a run of ffmpeg: a line of JSON (`codecs`; `began`, seconds of 1970) and the initialization segment.
`<number>-<run>-whole` begins with a keyframe, `<number>-<run>-next` needs the fragments before it. Files older
than `KEEP_SECONDS` are deleted when a new one is written, except for the initialization segment of the current run.
"""

import fcntl
import json
import os
import shutil
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from accounts.files import replace_file
from live.near_live.fragments import Fragment, InitSegment

KEEP_SECONDS = 20.0
# A higher rate than this comes from encoding a backlog, which is not watched live.
KEEP_FRAGMENTS = 400
# Below the served folder; names with an underscore are never served.
FOLDER = "flow_"
INIT, KEYFRAME, DEPENDENT = "head", "whole", "next"


@dataclass(frozen=True, slots=True)
class StoredFragment:
    """One file. `codecs` and `began` are those of a head."""

    number: int
    run: int
    kind: str
    data: bytes
    codecs: str = ""
    began: float = 0.0


class FragmentStore:
    """The writing side, for the process that holds the broadcast's lock."""

    def __init__(self, served: Path) -> None:
        self._folder = served / FOLDER
        self._folder.mkdir(parents=True, exist_ok=True)
        names = _names(self._folder)
        # (when it was written, its name), oldest first.
        self._old = deque((time.monotonic(), name) for name in names)
        self._init = ""
        self._number = _number(names[-1]) if names else 0

    def put(self, fragment: InitSegment | Fragment, *, run: int, began: float) -> None:
        if isinstance(fragment, InitSegment):
            facts = json.dumps({"codecs": fragment.codecs, "began": began})
            kind, data = INIT, facts.encode() + b"\n" + fragment.data
        else:
            kind, data = (KEYFRAME if fragment.is_keyframe else DEPENDENT), fragment.data
        self._number += 1
        name = f"{self._number:010d}-{run}-{kind}"
        replace_file(self._folder / name, data)
        if kind == INIT:
            name, self._init = self._init, name
        if name:
            self._old.append((time.monotonic(), name))
        self._clear()

    def _clear(self) -> None:
        oldest = time.monotonic() - KEEP_SECONDS
        while self._old and (self._old[0][0] < oldest or len(self._old) > KEEP_FRAGMENTS):
            (self._folder / self._old.popleft()[1]).unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the store: the class is over."""
        shutil.rmtree(self._folder, ignore_errors=True)


def fragments_after(served: Path, number: int) -> list[StoredFragment]:
    """Fragments written after fragment `number`, in order, without those deleted meanwhile."""
    found = []
    for name in _names(served / FOLDER):
        if _number(name) > number:
            with suppress(FileNotFoundError):
                found.append(_stored_fragment(name, (served / FOLDER / name).read_bytes()))
    return found


def open_viewer_slot(served: Path, *, most: int) -> IO[bytes] | None:
    """Acquire one of `most` viewer slots of all processes, None where none is free. Closing the file, or the end of the process, releases it."""
    (served / FOLDER).mkdir(parents=True, exist_ok=True)
    for number in range(most):
        slot = (served / FOLDER / f"seat{number}").open("wb")
        try:
            fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            slot.close()
        else:
            return slot
    return None


def _stored_fragment(name: str, data: bytes) -> StoredFragment:
    number, run, kind = name.split("-")
    if kind != INIT:
        return StoredFragment(int(number), int(run), kind, data)
    facts, _, head = data.partition(b"\n")
    return StoredFragment(int(number), int(run), kind, head, **json.loads(facts))


def _names(folder: Path) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.count("-") == 2)  # noqa: PTH208 - names are all we need
    except FileNotFoundError:
        return []


def _number(name: str) -> int:
    return int(name.split("-", 1)[0])
