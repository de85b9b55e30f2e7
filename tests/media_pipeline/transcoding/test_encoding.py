"""Pictures, sound and bytes of encodings are as promised."""

import itertools
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from media_pipeline.transcoding.analysis import Analysis, analyze
from media_pipeline.transcoding.binaries import Binaries, find_binaries
from media_pipeline.transcoding.failures import Reason, Refused
from media_pipeline.transcoding.plan import DEFAULTS, Options, Plan, make_plan
from media_pipeline.transcoding.playlist import read_media_playlist
from media_pipeline.transcoding.probe import probe
from media_pipeline.transcoding.produce import produce_package
from media_pipeline.transcoding.sound import encode_sounds
from media_pipeline.transcoding.validate import validate_package
from scripts import bench_sources
from tests.external_programs import program
from tests.media_pipeline import clips
from tests.media_pipeline.transcoding import decoded

pytestmark = pytest.mark.engines("encodes, and measures what came out")

BITS = 12


def counted(target: Path) -> Path:
    """Eighteen seconds in which every picture shows its own number, as black and white bars of twelve bits."""
    bars = "nullsrc=s=12x2:r=30000/1001:d=18,format=gray,geq='255*mod(floor(N/pow(2\\,X))\\,2)'"
    pattern = f"{bars},scale=192:144:flags=neighbor"
    return clips.make(
        target,
        *("-f", "lavfi", "-i", pattern, "-f", "lavfi", "-i", "sine=d=17.9", "-pix_fmt", "yuv420p"),
        *("-c:v", "libx264", "-preset", "veryfast", "-g", "25"),
    )


def numbers(media_file: Path) -> list[int]:
    """The numbers that the pictures of a video show, in display order."""
    argv = [
        str(clips.BINARIES.ffmpeg),
        "-v",
        "error",
        "-i",
        str(media_file),
        "-map",
        "0:v:0",
        "-fps_mode",
        "passthrough",
    ]
    argv += ["-vf", "scale=12:1:flags=area", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    bars = subprocess.run(argv, capture_output=True, check=True).stdout
    pictures = [bars[at : at + BITS] for at in range(0, len(bars), BITS)]
    return [sum((level > 127) << bit for bit, level in enumerate(picture)) for picture in pictures]


@pytest.mark.parametrize("name", ["counted.mp4", "counted.ts"])
def test_joined_chunks_hold_every_picture_once(workplace: Path, tmp_path: Path, name: str):
    source = counted(tmp_path / name)
    described = probe(source, folder=workplace, binaries=clips.BINARIES)
    plan = make_plan(described, options=Options(chunk_seconds=6, one_chunk_seconds=0))

    produce_package(source, plan, folder=workplace, binaries=clips.BINARIES, on_percent=lambda _: None)

    whole = len(numbers(source))
    package = workplace / "package"
    assert [chunk.first_frame for chunk in plan.chunks] == [0, 180, 360]
    # The sound may end a hundredth later: then the last picture is repeated.
    shown, half = numbers(package / "144p.mp4"), numbers(package / "144p-low.mp4")
    assert shown[:whole] == list(range(whole))
    assert shown[whole:] in ([], [whole - 1])
    assert half[: whole // 2] == list(range(0, whole, 2))
    # Timestamps, too: no picture is late, the sound has no gap.
    times = decoded.times(package / "144p.mp4", "v")
    assert {round(later - earlier, 3) for earlier, later in itertools.pairwise(times)} <= {0.033, 0.034}
    heard = decoded.times(package / "144p.mp4", "a")
    assert max(later - earlier for earlier, later in itertools.pairwise(heard)) < 0.022
    assert abs(times[-1] - heard[-1]) < 0.1


@pytest.mark.parametrize("volume", ["-24dB", "14dB"])
def test_speech_is_heard_as_loud_as_all_other_speech(workplace: Path, tmp_path: Path, volume: str):
    source = clips.make(
        tmp_path / "speech.wav", "-f", "lavfi", "-i", speech(tmp_path), "-af", f"volume={volume}"
    )
    described = probe(source, folder=workplace, binaries=clips.BINARIES)
    plan = make_plan(described, analyze(source, described, folder=workplace, binaries=clips.BINARIES))

    files = encode_sounds(source, plan, folder=workplace, binaries=clips.BINARIES)

    assert decoded.loudness(files["audio"]) == pytest.approx(-16, abs=1.5)
    assert decoded.loudness(files["audio-low"]) == pytest.approx(-16, abs=1.5)


def speech(folder: Path) -> str:
    """Spoken words."""
    words = (
        "Switch off the breaker before you open the panel. Measure twice. Then connect the neutral wire. " * 2
    )
    flite = program("flite", package="flite")
    subprocess.run([flite, "-t", words, "-o", str(folder / "words.wav")], check=True)
    return f"amovie={folder / 'words.wav'}"


@pytest.mark.engines("encodes 17 s at the highest effort", nightly=True)
@clips.needs("decoders", "png")
def test_every_segment_of_the_lowest_rendition_of_a_camera_video_fits_64_kbit_per_second(
    workplace: Path, tmp_path: Path
):
    source = bench_sources.camera(tmp_path, clips.BINARIES, seconds=17, height=360)
    described = probe(source, folder=workplace, binaries=clips.BINARIES)
    plan = make_plan(described, analyze(source, described, folder=workplace, binaries=clips.BINARIES))
    lowest = replace(plan, renditions=plan.renditions[:1])

    produce_package(source, lowest, folder=workplace, binaries=clips.BINARIES, on_percent=lambda _: None)

    playlist = read_media_playlist(workplace / "package" / "144p-low.m3u8")
    rates = [segment.range.length * 8 / segment.seconds for segment in playlist.segments]
    assert plan.profile == "camera"
    assert len(rates) == 3
    assert max(rates) <= 52_000


@pytest.mark.engines("encodes AV1", nightly=True)
@clips.needs("encoders", "libsvtav1")
@clips.needs("decoders", "libdav1d")
def test_av1_is_really_made_where_it_is_asked_for(workplace: Path, tmp_path: Path):
    source = clips.make_video(tmp_path / "film.mp4", size="320x240", seconds=7)

    plan = made(source, workplace, clips.BINARIES, Options(has_av1=True))

    package = workplace / "package"
    assert [rendition.name for rendition in plan.renditions if rendition.codec == "av1"] == ["240p-av1"]
    told = decoded.stream(package / "240p-av1.mp4")
    assert (told["codec_name"], told["width"], told["height"]) == ("av1", 320, 240)
    assert len(decoded.frames(package / "240p-av1.mp4")) == len(decoded.frames(package / "240p.mp4"))
    assert decoded.difference(package / "240p-av1.mp4", package / "240p.mp4", 6.5) < 8
    assert 'CODECS="av01.0.' in (package / "master.m3u8").read_text()


@pytest.mark.engines("encodes AV1", nightly=True)
@clips.needs("encoders", "libsvtav1")
def test_a_change_of_rendition_leaves_no_gap_in_the_sound(workplace: Path, tmp_path: Path):
    source = clips.make_video(tmp_path / "film.mp4", size="320x240", seconds=7)
    described = probe(source, folder=workplace, binaries=clips.BINARIES)
    plan = make_plan(described, Analysis(can_av1=True), Options(has_av1=True))

    produce_package(source, plan, folder=workplace, binaries=clips.BINARIES, on_percent=lambda _: None)

    begins = {
        rendition.name: second_sound(workplace / "package", rendition.name) for rendition in plan.renditions
    }
    assert set(begins) == {"144p-low", "144p", "240p", "240p-av1"}
    # A frame of the low sound lasts 43 ms.
    assert max(begins.values()) - min(begins.values()) < 0.043, begins


def second_sound(package: Path, rendition: str) -> float:
    """The second at which the sound of the second segment begins, counted from that of the first."""
    second = read_media_playlist(package / f"{rendition}.m3u8").segments[1].range
    due = decoded.places(package / f"{rendition}.mp4", "a")
    return min(at for at, byte in due if byte >= second.offset) - min(at for at, _ in due)


def made(source: Path, folder: Path, binaries: Binaries, options: Options = DEFAULTS) -> Plan:
    """Transcode with one ffmpeg."""
    described = probe(source, folder=folder, binaries=binaries)
    analysis: Analysis = analyze(source, described, folder=folder, binaries=binaries)
    plan = make_plan(described, analysis, options)
    produce_package(source, plan, folder=folder, binaries=binaries, on_percent=lambda _: None)
    validate_package(folder / "package", plan)
    return plan


@pytest.fixture(scope="module")
def wheel() -> Binaries:
    """The ffmpeg of machines that have none: without `zscale`."""
    return find_binaries({"PATH": "/nowhere"})


def test_the_ffmpeg_in_the_wheel_makes_what_the_systems_makes(
    wheel: Binaries, workplace: Path, tmp_path: Path
):
    source = clips.make(
        tmp_path / "camcorder.mkv",
        *("-f", "lavfi", "-i", "testsrc2=s=320x240:r=50:d=3,interlace", "-f", "lavfi", "-i", "sine=d=3"),
        *(
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-flags",
            "+ilme+ildct",
            "-x264-params",
            "tff=1",
            "-ac",
            "6",
        ),
    )

    plan = made(source, workplace, wheel)

    assert plan.is_interlaced
    assert decoded.stream(workplace / "package" / "240p.mp4")["seconds"] == pytest.approx(3, abs=0.1)
    assert decoded.pitch(workplace / "package" / "144p-low.mp4", 1) == pytest.approx(440, rel=0.05)
    assert (workplace / "package" / "storyboard.jpg").stat().st_size > 0


def test_the_ffmpeg_in_the_wheel_refuses_hdr_with_the_reason(
    wheel: Binaries, workplace: Path, tmp_path: Path
):
    pattern = "testsrc2=s=192x144:d=1,format=yuv420p10le,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"
    hdr = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=0")
    source = clips.make(tmp_path / "hdr.mp4", "-f", "lavfi", "-i", pattern, *hdr)

    with pytest.raises(Refused) as caught:
        made(source, workplace, wheel)

    assert caught.value.reason == Reason.HDR
