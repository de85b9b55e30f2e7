"""The chunks of the sender, written to disk before they are acknowledged or processed.

A recording run ("take" on the wire) is one run of a MediaRecorder: `<number>.webm`, its chunks one after the other;
`<number>.chunks`, the end of each as eight bytes; `<number>.json`, its source; `<number>.closed` once it is complete.
A chunk counts when its end is written: bytes after the last end are truncated after a crash.
"""

import json
import os
import struct
import time
from pathlib import Path
from typing import Any

from accounts.files import replace_file
from live.broadcast.matroska import NotMedia, Reader

END = struct.Struct(">Q")
BLOCK_BYTES = 1024**2


class Gap(Exception):
    """A chunk arrived before the one that precedes it; `expected` is the missing number."""

    def __init__(self, expected: int) -> None:
        super().__init__(expected)
        self.expected = expected


class RecordingRun:
    """Chunks are numbered from 1. `size` is the number of bytes that count."""

    def __init__(self, folder: Path, number: int, facts: dict[str, Any]) -> None:
        self.number = number
        self.facts = facts
        self.media = folder / f"{number}.webm"
        self._ends = folder / f"{number}.chunks"
        self._closed = folder / f"{number}.closed"
        self.reader = Reader(is_sound_alone=facts["source"] == "voice")
        self.last_chunk = 0
        self.size = 0
        self.is_closed = self._closed.exists()
        self._recover()

    @property
    def is_screen(self) -> bool:
        return self.facts["source"] == "screen"

    def _recover(self) -> None:
        self.media.touch()
        self._ends.touch()
        self.last_chunk = self._ends.stat().st_size // END.size
        with self._ends.open("r+b") as ends, self.media.open("r+b") as media:
            ends.truncate(self.last_chunk * END.size)
            if self.last_chunk:
                ends.seek(-END.size, os.SEEK_END)
                (self.size,) = END.unpack(ends.read(END.size))
            media.truncate(self.size)
            while block := media.read(BLOCK_BYTES):
                self.reader.feed(block)

    def append(self, number: int, data: bytes) -> bool:
        """Store chunk `number`; False where it is stored already. Raises `Gap` and `matroska.NotMedia`."""
        if number <= self.last_chunk:
            return False
        if number != self.last_chunk + 1 or self.is_closed:
            raise Gap(self.last_chunk + 1)
        self.reader.feed(data)
        _append(self.media, data)
        self.size += len(data)
        _append(self._ends, END.pack(self.size))
        self.last_chunk = number
        return True

    def close(self) -> None:
        self._closed.touch()
        self.is_closed = True


def _append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)
        file.flush()
        os.fdatasync(file.fileno())


def stored_after(folder: Path, number: int, offset: int) -> tuple[bytes, bool]:
    """At most one block of a recording run from `offset` on, and whether the run is complete; for other processes."""
    ends = folder / f"{number}.chunks"
    is_closed = (folder / f"{number}.closed").exists()
    try:
        marks = ends.read_bytes()[-END.size :]
        (size,) = END.unpack(marks) if len(marks) == END.size else (0,)
        with (folder / f"{number}.webm").open("rb") as media:
            media.seek(offset)
            return media.read(min(BLOCK_BYTES, max(0, size - offset))), is_closed
    except FileNotFoundError:
        return b"", False


class RecordingRuns:
    """All recording runs of a broadcast, in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.all: list[RecordingRun] = []
        for path in sorted(folder.glob("*.json"), key=lambda path: int(path.stem)):
            try:
                self.all.append(RecordingRun(folder, int(path.stem), json.loads(path.read_text())))
            except NotMedia:
                # Refused on arrival: only what could be read was acknowledged.
                continue

    @property
    def last(self) -> RecordingRun | None:
        return self.all[-1] if self.all else None

    @property
    def size(self) -> int:
        return sum(recording_run.size for recording_run in self.all)

    def begin(self, number: int, *, source: str) -> RecordingRun:
        """Begin recording run `number`, which closes the one before; an existing run is continued."""
        for recording_run in self.all:
            if recording_run.number == number:
                return recording_run
        if self.last:
            self.last.close()
        facts = {"source": source, "began_at": time.time()}
        replace_file(self.folder / f"{number}.json", json.dumps(facts))
        recording_run = RecordingRun(self.folder, number, facts)
        self.all.append(recording_run)
        return recording_run

    def remove(self) -> None:
        """Delete the recording runs: all of them are in the segments."""
        for path in self.folder.iterdir():
            path.unlink(missing_ok=True)
        self.folder.rmdir()
