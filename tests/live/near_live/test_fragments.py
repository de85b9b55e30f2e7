"""Splitting ffmpeg's stream into fragments for a browser, for blocks of any size."""

import functools
import json
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.near_live.fragments import Fragment, InitSegment, NotFragments, Splitter
from media_pipeline.transcoding.binaries import find_binaries


@functools.cache
def stream(seconds: int = 3) -> bytes:
    """A picture with a tone as our ffmpeg writes it, a keyframe every second."""
    run = subprocess.run(
        [
            *[str(find_binaries().ffmpeg), "-loglevel", "error", "-f", "lavfi"],
            *["-i", f"testsrc=size=160x90:rate=10:duration={seconds}", "-f", "lavfi"],
            *["-i", f"sine=frequency=440:sample_rate=48000:duration={seconds}"],
            *[
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-tune",
                "zerolatency",
                "-pix_fmt",
                "yuv420p",
                "-g",
                "10",
            ],
            *["-c:a", "aac", "-f", "mp4", "-frag_duration", "200000"],
            *["-movflags", "empty_moov+default_base_moof+frag_keyframe", "pipe:1"],
        ],
        check=True,
        capture_output=True,
    )
    return run.stdout


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def split(pieces: list[bytes]) -> list[InitSegment | Fragment]:
    splitter = Splitter()
    return [found for piece in pieces for found in splitter.feed(piece)]


def packets(data: bytes, folder: Path) -> list[dict[str, str]]:
    """Of the pictures in a stream."""
    path = folder / "stream.mp4"
    path.write_bytes(data)
    found = subprocess.run(
        [
            *[str(find_binaries().ffprobe), "-v", "error", "-of", "json", "-select_streams", "v"],
            *["-show_entries", "packet=pts_time,flags", str(path)],
        ],
        check=True,
        capture_output=True,
    )
    return json.loads(found.stdout)["packets"]


def test_a_stream_is_a_head_and_fragments_one_can_begin_at(tmp_path):
    head, *fragments = split([stream()])

    assert isinstance(head, InitSegment)
    assert head.codecs.startswith("avc1.")
    assert head.codecs.endswith(", mp4a.40.2")
    whole = [index for index, fragment in enumerate(fragments) if fragment.is_keyframe]
    assert len(whole) == 3
    for index in whole:
        rest = head.data + b"".join(fragment.data for fragment in fragments[index:])
        shown = packets(rest, tmp_path)
        assert "K" in shown[0]["flags"]
        assert len(shown) == 30 - 10 * whole.index(index)


@given(st.lists(st.integers(0, len(stream())), max_size=40))
def test_it_does_not_matter_how_the_bytes_are_cut(places):
    found = split(cut(stream(), places))

    assert found == split([stream()])
    # Only the index at its end is left out.
    assert stream().startswith(b"".join(part.data for part in found))


@given(st.integers(0, len(stream()) - 1), st.integers(0, 255))
def test_a_broken_byte_is_refused_or_carried_on(place, value):
    broken = bytearray(stream())
    broken[place] = value
    try:
        found = split([bytes(broken)])
    except NotFragments:
        return
    assert isinstance(found, list)


@given(st.binary(max_size=400))
def test_what_is_no_stream_is_refused_or_waited_for(data):
    try:
        found = split([data])
    except NotFragments:
        return
    assert found == []


@pytest.mark.parametrize(
    "data", [b"\x00\x00\x00\x01mdat", b"\x00" * 8, b"\xff\xff\xff\xffmoof", b"\x00\x00\x00\x08moov"]
)
def test_impossible_boxes_are_refused(data):
    with pytest.raises(NotFragments):
        split([data])
