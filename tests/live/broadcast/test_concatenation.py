"""Joining a broadcast into one MP4: copied where codecs match, cut inside the requested part."""

import json
import subprocess
from pathlib import Path

import pytest

from live.broadcast import Broadcast
from live.broadcast.concatenation import Incomplete, concatenate, parts_of_recording, timeline_of
from live.broadcast.playlists import Listing
from media_pipeline.transcoding.binaries import find_binaries
from tests.live.broadcast.recorder import chunks, recording

pytestmark = pytest.mark.engines("joins and encodes recordings")


async def broadcast(path: Path, *recording_runs: bytes) -> Path:
    """The served folder of a class of one or several recording runs."""
    one = Broadcast(served=path / "served", sent=path / "sent")
    await one.open()
    for number, media in enumerate(recording_runs, 1):
        take = one.begin(number, source="camera")
        for chunk_number, chunk in enumerate(chunks(media, 4), 1):
            await one.append(take, chunk_number, chunk)
    await one.finish()
    return path / "served"


def work(path: Path) -> Path:
    folder = path / "work"
    folder.mkdir()
    return folder


def streams(mp4: Path) -> dict[str, dict[str, object]]:
    found = subprocess.run(
        [str(find_binaries().ffprobe), "-v", "error", "-of", "json", "-show_streams", str(mp4)],
        check=True,
        capture_output=True,
    )
    return {stream["codec_type"]: stream for stream in json.loads(found.stdout)["streams"]}


def decoded(mp4: Path) -> int:
    """How many pictures a player gets."""
    run = subprocess.run(
        [
            *[str(find_binaries().ffmpeg), "-v", "error", "-i", str(mp4), "-an"],
            *["-vf", "scale=8:8,format=gray", "-fps_mode", "passthrough", "-f", "rawvideo", "-"],
        ],
        check=True,
        capture_output=True,
    )
    return len(run.stdout) // 64


async def test_a_class_in_one_run_is_copied(tmp_path):
    served = await broadcast(tmp_path, recording())
    recording_parts = parts_of_recording(Listing.of(served))

    mp4 = concatenate(recording_parts, served=served, folder=work(tmp_path))

    found = streams(mp4)
    assert (found["video"]["codec_name"], found["audio"]["codec_name"]) == ("h264", "aac")
    assert float(found["video"]["duration"]) == pytest.approx(4, abs=0.15)
    assert float(found["audio"]["duration"]) == pytest.approx(4, abs=0.15)
    assert timeline_of(recording_parts).length == pytest.approx(4000, abs=150)
    assert decoded(mp4) == 40
    assert [path.name for path in mp4.parent.iterdir()] == [mp4.name]


async def test_recording_runs_of_the_same_kind_are_joined_without_encoding(tmp_path):
    served = await broadcast(tmp_path, recording(), recording(3))
    recording_parts = parts_of_recording(Listing.of(served))

    mp4 = concatenate(recording_parts, served=served, folder=work(tmp_path))

    assert len(recording_parts) == 2
    assert float(streams(mp4)["video"]["duration"]) == pytest.approx(7, abs=0.3)
    # As many as were sent: encoded ones would be 25 a second.
    assert decoded(mp4) == 70
    assert sorted(path.name for path in mp4.parent.iterdir()) == sorted([mp4.name, "parts.txt"])


async def test_recording_runs_of_different_sizes_are_encoded_to_one_size(tmp_path):
    served = await broadcast(tmp_path, recording(4), recording(2, size="180x320"), recording(2, codec="vp8"))
    recording_parts = parts_of_recording(Listing.of(served))

    mp4 = concatenate(recording_parts, served=served, folder=work(tmp_path))

    found = streams(mp4)["video"]
    assert (found["width"], found["height"]) == (320, 180)
    assert float(found["duration"]) == pytest.approx(8, abs=0.4)
    assert decoded(mp4) == pytest.approx(8 * 25, abs=12)


async def test_what_is_cut_away_is_not_in_the_file(tmp_path):
    served = await broadcast(tmp_path, recording(6))
    listing = Listing.of(served)

    recording_parts = parts_of_recording(listing, start=1500, end=5200)
    mp4 = concatenate(recording_parts, served=served, folder=work(tmp_path))

    # Whole seconds between the two: 2 to 5.
    assert timeline_of(recording_parts).length == pytest.approx(3000, abs=50)
    assert recording_parts[0].began - parts_of_recording(listing)[0].began == pytest.approx(2000, abs=50)
    assert float(streams(mp4)["video"]["duration"]) == pytest.approx(3, abs=0.15)
    assert decoded(mp4) == 30


async def test_a_part_in_which_nothing_was_sent_has_no_segments(tmp_path):
    served = await broadcast(tmp_path, recording(2))

    assert parts_of_recording(Listing.of(served), start=60_000, end=90_000) == []


async def test_a_missing_segment_is_an_error(tmp_path):
    served = await broadcast(tmp_path, recording(4))
    recording_parts = parts_of_recording(Listing.of(served))
    (served / "360p-1-00002.mp4").unlink()

    with pytest.raises(FileNotFoundError):
        concatenate(recording_parts, served=served, folder=work(tmp_path))


async def test_a_file_that_is_too_short_is_an_error(tmp_path):
    served = await broadcast(tmp_path, recording(6))
    recording_parts = parts_of_recording(Listing.of(served))
    for number in (2, 3, 4, 5):
        (served / f"360p-1-0000{number}.mp4").write_bytes(b"")

    with pytest.raises(Incomplete):
        concatenate(recording_parts, served=served, folder=work(tmp_path))
