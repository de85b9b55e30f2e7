"""Files made to reach other files, to fill the memory or to keep us busy for ever: refused, soon, with a reason."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from media_pipeline.transcoding.failures import Reason, Refused
from media_pipeline.transcoding.probe import probe
from tests.media_pipeline import clips, ebml, seen
from tests.media_pipeline.peak import outcome_and_peak

Name = Callable[[bytes], Path]


@pytest.fixture
def named_mp4(tmp_path: Path) -> Name:
    def name(content: bytes) -> Path:
        target = tmp_path / "attack.mp4"
        target.write_bytes(content)
        return target

    return name


def reason(source: Path, folder: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        probe(source, folder=folder, binaries=clips.BINARIES)
    assert not list(folder.iterdir())
    return caught.value


def monster(width: int, height: int) -> bytes:
    """A PNG of one color: two megabytes that take half a gigabyte when decoded."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(1)
    row = bytes(1 + width * 6)
    body = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    head = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(
    tmp_path: Path, workplace: Path
):
    (tmp_path / "monster.png").write_bytes(monster(9000, 9000))
    source = clips.make(tmp_path / "bomb.mkv", "-i", str(tmp_path / "monster.png"), "-c", "copy")

    word, megabytes = outcome_and_peak(source, workplace)

    assert word == Reason.TOO_LARGE_PICTURE
    assert megabytes < 250
    assert reason(source, workplace).facts == {"width": 9000, "height": 9000}


def test_a_picture_that_grows_in_the_middle_of_the_film_fills_no_memory(workplace: Path, named_mp4: Name):
    small, large = ebml.picture(64, 48), ebml.picture(12_000, 12_000)
    source = named_mp4(
        ebml.matroska([ebml.jpeg_track()], [ebml.cluster(0, [small] * 20 + [large] + [small] * 20)])
    )

    word, megabytes = outcome_and_peak(source, workplace)

    assert word == "made"
    assert megabytes < 250
    assert seen.stream(workplace / "package" / "48p.mp4")["width"] == 64
