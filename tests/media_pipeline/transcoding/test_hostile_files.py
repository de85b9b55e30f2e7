"""Files made to read other files, fill the memory or run for ever: refused early with a reason."""

import socket
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import translation

from media_pipeline.enums import JobState, VideoState
from media_pipeline.folders import published_folder, staging_folder
from media_pipeline.models import Video
from media_pipeline.queries.videos import refusal_sentence
from media_pipeline.services.jobs.working import run_job
from media_pipeline.transcoding.failures import Reason, Refused
from media_pipeline.transcoding.plan import make_plan
from media_pipeline.transcoding.probe import probe
from media_pipeline.transcoding.runner import working_bubblewrap
from tests.media_pipeline import clips
from tests.media_pipeline.transcoding import decoded, ebml
from tests.media_pipeline.transcoding.peak_memory import outcome_and_peak

Name = Callable[[bytes], Path]
pytestmark = pytest.mark.engines("ffmpeg in its sandbox reads each file")


@pytest.fixture(params=["bubblewrap", "bare"])
def sandbox(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """With and without bubblewrap: files have to be refused without it, too."""
    if request.param == "bare":
        monkeypatch.setenv("PATH", "/nowhere")
    working_bubblewrap.cache_clear()
    yield request.param
    working_bubblewrap.cache_clear()


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


@pytest.mark.parametrize(
    "text",
    [
        "ffconcat version 1.0\nfile '{victim}'\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{victim}\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{victim}\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://{address}/film.ts\n#EXT-X-ENDLIST\n",
        '<?xml version="1.0"?><MPD><BaseURL>http://{address}/</BaseURL></MPD>',
        "v=0\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    ],
)
def test_a_list_of_other_files_is_not_a_video(
    sandbox: str, landscape: Path, workplace: Path, named_mp4: Name, text: str
):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = "{}:{}".format(*server.getsockname())
        source = named_mp4(text.format(victim=landscape, address=address).encode())

        assert reason(source, workplace).reason == Reason.TEXT

        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize(
    "signature", [b"\0\0\0\x18ftypisom\n", b"\x1a\x45\xdf\xa3\n", b"RIFF\0\0\0\0AVI LIST\n"]
)
def test_a_list_behind_a_false_signature_opens_nothing(
    sandbox: str, landscape: Path, workplace: Path, named_mp4: Name, signature: bytes
):
    source = named_mp4(signature + f"ffconcat version 1.0\nfile '{landscape}'\n".encode())

    assert reason(source, workplace).reason in {Reason.UNREADABLE, Reason.NO_STREAMS}


def test_a_video_that_refers_to_pictures_in_another_file_is_refused(
    sandbox: str, landscape: Path, workplace: Path, named_mp4: Name
):
    source = named_mp4(pointing_elsewhere(landscape))

    assert reason(source, workplace).reason in {Reason.UNREADABLE, Reason.NO_STREAMS, Reason.TRUNCATED}


def pointing_elsewhere(victim: Path) -> bytes:
    """The index of `victim` without its pictures, its data reference an alias of `victim` (QuickTime, `alis`)."""
    data = victim.read_bytes()
    at = data.index(b"moov") - 4
    moov = data[at : at + int.from_bytes(data[at : at + 4])]
    path = str(victim).replace("/", ":").encode()
    record = bytes(10) + bytes([1]) + b"x".ljust(27, b"\0") + bytes(12)
    record += bytes([len(victim.name)]) + victim.name.encode().ljust(63, b"\0") + bytes(16)
    record += struct.pack(">HH", 1, len(path.split(b":"))) + bytes(16)
    record += struct.pack(">HH", 2, len(path)) + path + b"\0" * (len(path) % 2) + b"\xff\xff\0\0"
    alias = struct.pack(">I4sI", len(record) + 12, b"alis", 0) + record
    return data[: data.index(b"mdat") - 4] + replaced(moov, b"url ", alias)


def replaced(box: bytes, kind: bytes, other: bytes) -> bytes:
    """An ISO box with every box of `kind` inside it replaced, and the sizes around it put right."""
    size, name = struct.unpack_from(">I4s", box)
    if name == kind:
        return other
    head = {b"dref": 16}.get(name, 8)
    if name not in {b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"}:
        return box
    inner, position = b"", head
    while position < size:
        length = int.from_bytes(box[position : position + 4])
        inner += replaced(box[position : position + length], kind, other)
        position += length
    return struct.pack(">I4s", head + len(inner), name) + box[8:head] + inner


def test_a_gap_of_six_hours_between_two_pictures_is_too_long(workplace: Path, named_mp4: Name):
    some = [ebml.picture(64, 48)] * 10
    source = named_mp4(
        ebml.matroska([ebml.jpeg_track()], [ebml.cluster(0, some), ebml.cluster(6 * 3600, some)])
    )
    assert source.stat().st_size < 18_000

    refused = reason(source, workplace)

    assert (refused.reason, refused.facts) == (Reason.TOO_LONG, {"minutes": 360, "limit": 240})


def test_a_gap_within_the_limit_costs_a_picture_a_second_and_no_more(workplace: Path, named_mp4: Name):
    some = [ebml.picture(64, 48)] * 10
    source = named_mp4(
        ebml.matroska([ebml.jpeg_track()], [ebml.cluster(0, some), ebml.cluster(3 * 3600, some)])
    )

    described = probe(source, folder=workplace, binaries=clips.BINARIES)

    assert described.video.fps == "25"
    plan = make_plan(described)
    assert (plan.fps, sum(chunk.frames for chunk in plan.chunks)) == ("1", 10_800)


def test_a_thousand_tracks_are_too_many(workplace: Path, named_mp4: Name):
    tracks = [ebml.jpeg_track(number) for number in range(1, 1001)]
    source = named_mp4(ebml.matroska(tracks, [ebml.cluster(0, [ebml.picture(64, 48)])]))

    assert reason(source, workplace).reason == Reason.TOO_MANY_STREAMS


def monster(width: int, height: int) -> bytes:
    """A PNG of one color: two megabytes that take half a gigabyte when decoded."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(1)
    row = bytes(1 + width * 6)
    body = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    head = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.engines("measures the memory of a process that decodes")
@clips.needs("decoders", "png")
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(
    tmp_path: Path, workplace: Path
):
    (tmp_path / "monster.png").write_bytes(monster(9000, 9000))
    source = clips.make(tmp_path / "bomb.mkv", "-i", str(tmp_path / "monster.png"), "-c", "copy")

    word, megabytes = outcome_and_peak(source, workplace)

    assert word == Reason.TOO_LARGE_PICTURE
    assert megabytes < 250
    assert reason(source, workplace).facts == {"width": 9000, "height": 9000}


@pytest.mark.engines("measures the memory of a process that decodes")
def test_a_picture_that_grows_midway_does_not_fill_the_memory(workplace: Path, named_mp4: Name):
    small, large = ebml.picture(64, 48), ebml.picture(12_000, 12_000)
    source = named_mp4(
        ebml.matroska([ebml.jpeg_track()], [ebml.cluster(0, [small] * 20 + [large] + [small] * 20)])
    )

    word, megabytes = outcome_and_peak(source, workplace)

    assert word == "made"
    assert megabytes < 250
    assert decoded.stream(workplace / "package" / "48p.mp4")["width"] == 64


def test_a_hostile_file_leaves_an_error_message_and_nothing_else(
    upload: Callable[..., Video], named_mp4: Name
):
    some = [ebml.picture(64, 48)] * 10
    source = named_mp4(
        ebml.matroska([ebml.jpeg_track()], [ebml.cluster(0, some), ebml.cluster(6 * 3600, some)])
    )
    video = upload(source)

    run_job(job_id=video.jobs.get().pk)

    video.refresh_from_db()
    assert (video.state, video.jobs.get().state) == (VideoState.REFUSED, JobState.REFUSED)
    with translation.override("en"):
        assert refusal_sentence(video).startswith("The video lasts 360 minutes; at most 240 are accepted.")
    assert not list(staging_folder().iterdir())
    assert not list(published_folder().rglob("*"))
