"""The broadcast without a room: chunks become HLS, even if a process is killed meanwhile."""

import asyncio
import errno
import json
import os
import signal
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from live.broadcast import Broadcast, Gap, NotMedia
from live.broadcast.matroska import Reader
from live.broadcast.playlists import LISTED
from media_pipeline.transcoding.binaries import find_binaries
from tests.live.broadcast.recorder import chunks, recording
from tests.waiting import becomes_true

pytestmark = pytest.mark.engines("encodes what is sent")
PATIENCE_SECONDS = 30


@pytest.fixture(autouse=True)
async def left(monkeypatch) -> AsyncIterator[None]:
    """Release the broadcasts of failed tests too: the process could not exit while their encoders run."""
    opened: list[Broadcast] = []
    open_one = Broadcast.open

    async def noted(broadcast: Broadcast) -> None:
        opened.append(broadcast)
        await open_one(broadcast)

    monkeypatch.setattr(Broadcast, "open", noted)
    yield
    # The test has already reported the error of a failed one.
    await asyncio.gather(*(broadcast.release() for broadcast in opened), return_exceptions=True)


def folders(path: Path) -> dict[str, Path]:
    return {"served": path / "served", "sent": path / "sent"}


def played(playlist: Path) -> tuple[float, float]:
    """Seconds of picture and of sound that a player gets from a playlist: every packet is read."""
    found = subprocess.run(
        [
            *[str(find_binaries().ffprobe), "-v", "error", "-of", "json", "-allowed_extensions", "ALL"],
            *["-show_entries", "packet=codec_type,duration_time", str(playlist)],
        ],
        check=True,
        capture_output=True,
    )
    sums = {"video": 0.0, "audio": 0.0}
    for packet in json.loads(found.stdout)["packets"]:
        sums[packet["codec_type"]] += float(packet.get("duration_time", 0))
    return sums["video"], sums["audio"]


def listed(playlist: Path) -> list[str]:
    return [line for line in playlist.read_text().splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("codec", ["h264", "vp8"])
async def test_what_is_sent_is_served_in_three_sizes_and_ends_as_a_recording(tmp_path, codec):
    broadcast = Broadcast(**folders(tmp_path))
    await broadcast.open()
    take = broadcast.begin(1, source="camera")
    for number, chunk in enumerate(chunks(recording(codec=codec), 9), 1):
        await broadcast.append(take, number, chunk)
    await broadcast.finish()

    served = tmp_path / "served"
    for variant in ("360p", "180p"):
        picture, sound = played(served / f"{variant}.m3u8")
        assert picture == pytest.approx(4, abs=0.15)
        assert sound == pytest.approx(4, abs=0.15)
    assert played(served / "audio.m3u8") == (0, pytest.approx(4, abs=0.15))
    whole = (served / "360p.m3u8").read_text()
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in whole
    assert whole.endswith("#EXT-X-ENDLIST\n")
    assert len(listed(served / "360p.m3u8")) == (4 if codec == "h264" else 2)
    assert listed(served / "master.m3u8") == ["360p.m3u8", "180p.m3u8"]
    assert not (tmp_path / "sent").exists()


async def test_a_chunk_sent_again_is_kept_once_and_one_too_early_is_refused(tmp_path):
    broadcast = Broadcast(**folders(tmp_path))
    await broadcast.open()
    take = broadcast.begin(1, source="camera")
    one, two, three = chunks(recording(), 3)

    assert await broadcast.append(take, 1, one)
    assert not await broadcast.append(take, 1, one)
    with pytest.raises(Gap) as gap:
        await broadcast.append(take, 3, three)
    assert gap.value.expected == 2
    await broadcast.append(take, 2, two)
    await broadcast.append(take, 3, three)

    assert take.media.read_bytes() == recording()
    await broadcast.release()


@pytest.mark.parametrize("codec", ["h264", "vp8"])
async def test_a_killed_encoder_is_restarted_and_nothing_is_missing(tmp_path, codec):
    broadcast = Broadcast(**folders(tmp_path))
    await broadcast.open()
    take = broadcast.begin(1, source="camera")
    pieces = chunks(recording(8, codec=codec), 32)
    for number, chunk in enumerate(pieces[:20], 1):
        await broadcast.append(take, number, chunk)
    await becomes_true(lambda: broadcast.listing.count >= 2)

    os.killpg(broadcast.encoder.process.pid, signal.SIGKILL)
    for number, chunk in enumerate(pieces[20:], 21):
        await broadcast.append(take, number, chunk)
    await broadcast.finish()

    served = tmp_path / "served"
    assert (served / "360p.m3u8").read_text().count("#EXT-X-DISCONTINUITY\n") == 1
    for variant in ("360p", "180p"):
        picture, _ = played(served / f"{variant}.m3u8")
        assert picture == pytest.approx(8, abs=0.3)


async def test_another_process_goes_on_from_disk_where_one_was_killed(tmp_path):
    broadcast = Broadcast(**folders(tmp_path))
    await broadcast.open()
    take = broadcast.begin(1, source="camera")
    pieces = chunks(recording(8), 32)
    for number, chunk in enumerate(pieces[:20], 1):
        await broadcast.append(take, number, chunk)
    await becomes_true(lambda: broadcast.listing.count >= 2)
    await broadcast.release()
    # What a crash leaves of an unfinished chunk.
    with take.media.open("ab") as media:
        media.write(pieces[20][:100])

    second = Broadcast(**folders(tmp_path))
    await second.open()
    take = second.begin(1, source="camera")
    assert take.last_chunk == 20
    for number, chunk in enumerate(pieces[20:], 21):
        await second.append(take, number, chunk)
    await second.finish()

    picture, _ = played(tmp_path / "served" / "360p.m3u8")
    assert picture == pytest.approx(8, abs=0.3)


async def test_another_device_follows_after_a_discontinuity(tmp_path):
    broadcast = Broadcast(**folders(tmp_path))
    await broadcast.open()
    for number, (codec, size) in enumerate((("h264", "320x180"), ("vp8", "180x320")), 1):
        take = broadcast.begin(number, source="camera")
        await broadcast.append(take, 1, recording(2, codec=codec, size=size))
    await broadcast.finish()

    text = (tmp_path / "served" / "180p.m3u8").read_text()
    assert text.count("#EXT-X-MAP") == 2
    assert text.count("#EXT-X-DISCONTINUITY\n") == 1
    # Each device's part by itself: some readers lose the beginning after another initialization segment.
    parts = sorted((tmp_path / "served").glob(LISTED.format("360p", "*")))
    assert [played(part)[0] for part in parts] == [pytest.approx(2, abs=0.15)] * 2


async def sending(path: Path) -> Broadcast:
    """A broadcast that has received four seconds."""
    broadcast = Broadcast(**folders(path))
    await broadcast.open()
    await broadcast.append(broadcast.begin(1, source="camera"), 1, recording())
    return broadcast


class BusyDisk:
    """Blocks the write of the first playlist until it is `free`."""

    def __init__(self) -> None:
        self.has_begun, self.is_written, self.is_free = (
            threading.Event(),
            threading.Event(),
            threading.Event(),
        )
        self.move = Path.replace

    def take(self, path: Path, target: Path) -> Path:
        if target.name != "360p.m3u8" or self.has_begun.is_set():
            return self.move(path, target)
        self.has_begun.set()
        self.is_free.wait(PATIENCE_SECONDS)
        moved = self.move(path, target)
        self.is_written.set()
        return moved


@pytest.fixture
def disk(monkeypatch) -> Iterator[BusyDisk]:
    disk = BusyDisk()
    # A function, so that it is a method of paths.
    monkeypatch.setattr(Path, "replace", lambda path, target: disk.take(path, target))  # noqa: PLW0108
    yield disk
    disk.is_free.set()


async def waits_for(disk: BusyDisk, act: asyncio.Future[None]) -> None:
    """Check that `act` waits for the disk; then unblock the disk and wait for `act`."""
    # Without waiting for the disk it would end long before.
    await asyncio.wait({act}, timeout=0.5)
    assert not act.done()
    disk.is_free.set()
    await act
    assert disk.is_written.is_set()


async def test_a_class_that_ends_while_its_playlists_are_written_is_whole(tmp_path, disk):
    broadcast = await sending(tmp_path)
    await becomes_true(disk.has_begun.is_set)
    await waits_for(disk, asyncio.ensure_future(broadcast.finish()))

    for name in ("360p", "180p", "audio"):
        assert (tmp_path / "served" / f"{name}.m3u8").read_text().endswith("#EXT-X-ENDLIST\n")


async def test_a_process_that_released_the_broadcast_writes_nothing_more(tmp_path, disk):
    broadcast = await sending(tmp_path)
    await becomes_true(disk.has_begun.is_set)

    await waits_for(disk, asyncio.ensure_future(broadcast.release()))


async def test_a_disk_that_is_full_at_the_end_of_a_class_leaves_it_to_others_to_end(tmp_path, monkeypatch):
    broadcast = await sending(tmp_path)
    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", refused)
        with pytest.raises(OSError, match="No space left"):
            await broadcast.finish()

    second = Broadcast(**folders(tmp_path))
    await second.open()
    await second.finish()

    assert (tmp_path / "served" / "360p.m3u8").read_text().endswith("#EXT-X-ENDLIST\n")
    assert played(tmp_path / "served" / "360p.m3u8")[0] == pytest.approx(4, abs=0.15)


async def test_the_lock_of_a_failed_broadcast_is_released(tmp_path, monkeypatch):
    broadcast = Broadcast(**folders(tmp_path))
    await broadcast.open()
    take = broadcast.begin(1, source="camera")
    monkeypatch.setattr(Path, "write_bytes", refused)
    await broadcast.append(take, 1, recording())
    take.close()
    await becomes_true(broadcast._encoding.done)
    with pytest.raises(OSError, match="No space left"):
        await broadcast.release()
    monkeypatch.undo()

    second = Broadcast(**folders(tmp_path))
    await second.open()
    await second.finish()
    assert played(tmp_path / "served" / "360p.m3u8")[0] == pytest.approx(4, abs=0.15)


def refused(path: Path, content: bytes) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    "data",
    [b"<html>not media</html>", b"\x00" * 100, b"#EXTM3U\nfile:///etc/passwd\n", b"\x1a\x45\xdf\xa3" * 50],
)
async def test_what_is_not_media_is_refused(tmp_path, data):
    broadcast = Broadcast(**folders(tmp_path))
    await broadcast.open()
    take = broadcast.begin(1, source="camera")
    with pytest.raises(NotMedia):
        await broadcast.append(take, 1, data)
    await broadcast.finish()

    assert not (tmp_path / "served" / "master.m3u8").exists()


def test_the_reader_knows_clusters_and_tracks_however_the_bytes_are_cut():
    whole, bit_by_bit = Reader(), Reader()
    whole.feed(recording())
    for chunk in chunks(recording(), 1000):
        bit_by_bit.feed(chunk)

    assert whole.clusters == bit_by_bit.clusters
    assert [cluster.is_key for cluster in whole.clusters].count(True) == 4
    assert (whole.picture.width, whole.picture.height, whole.picture.codec) == (320, 180, "V_MPEG4/ISO/AVC")
