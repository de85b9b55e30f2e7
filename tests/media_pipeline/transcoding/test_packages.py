"""A real file becomes a valid package; a damaged package is refused."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from media_pipeline.transcoding.package import Captions, Package, write_master
from media_pipeline.transcoding.plan import Plan, make_plan
from media_pipeline.transcoding.playlist import read_master_uris, read_media_playlist
from media_pipeline.transcoding.probe import probe
from media_pipeline.transcoding.produce import produce_package
from media_pipeline.transcoding.validate import Invalid, validate_package
from tests.media_pipeline import clips

pytestmark = pytest.mark.engines("encodes whole packages")


def produce(source: Path, folder: Path) -> tuple[Plan, Package]:
    plan = make_plan(probe(source, folder=folder, binaries=clips.BINARIES))
    package = produce_package(source, plan, folder=folder, binaries=clips.BINARIES, on_percent=lambda _: None)
    return plan, package


@pytest.fixture(scope="module")
def whole(thirteen_seconds: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Plan, Package]:
    folder = tmp_path_factory.mktemp("whole")
    plan, package = produce(thirteen_seconds, folder)
    return folder / "package", plan, package


@pytest.fixture
def copy(whole: tuple[Path, Plan, Package], tmp_path: Path) -> Path:
    return shutil.copytree(whole[0], tmp_path / "package")


def test_every_rendition_has_the_same_segments(whole: tuple[Path, Plan, Package]):
    folder, plan, package = whole

    cuts = {
        rendition.name: read_media_playlist(folder / f"{rendition.name}.m3u8").segments
        for rendition in plan.renditions
    }

    assert [rendition.name for rendition in package.renditions] == ["144p-low", "144p", "240p", "audio"]
    assert [round(segment.seconds) for segment in cuts["144p"]] == [6, 6, 1]
    assert [s.seconds for s in cuts["144p"]] == [s.seconds for s in cuts["240p"]]


def test_the_master_playlist_has_true_rates_and_codecs(whole: tuple[Path, Plan, Package]):
    folder, _, package = whole
    lowest = package.renditions[1]

    master = (folder / "master.m3u8").read_text()

    real = (folder / "144p.mp4").stat().st_size * 8 / package.seconds
    assert lowest.average_bits == pytest.approx(real, rel=0.02)
    assert lowest.peak_bits >= lowest.average_bits
    assert f"BANDWIDTH={lowest.peak_bits},AVERAGE-BANDWIDTH={lowest.average_bits}" in master
    assert 'CODECS="avc1.4D40' in master
    assert "mp4a.40.2" in master
    assert "RESOLUTION=192x144" in master
    assert "audio.m3u8" not in master


def test_nothing_of_the_source_but_sound_and_picture_is_published(clip_folder: Path, workplace: Path):
    located = clips.make_video(
        clip_folder / "located.mp4",
        options=("-metadata", "location=+30.0444+031.2357/", "-metadata", "title=x-secret"),
    )

    produce(located, workplace)

    published = b"".join(path.read_bytes() for path in (workplace / "package").iterdir())
    assert b"30.0444" not in published
    assert b"x-secret" not in published


def test_only_the_package_is_left_behind(landscape: Path, workplace: Path):
    produce(landscape, workplace)

    assert [path.name for path in workplace.iterdir()] == ["package"]
    names = {path.name for path in (workplace / "package").iterdir()}
    renditions = {
        f"{name}.{kind}" for name in ("144p-low", "144p", "240p", "360p", "audio") for kind in ("mp4", "m3u8")
    }
    assert names == renditions | {"master.m3u8", "poster.jpg", "storyboard.jpg", "storyboard.vtt"}


def test_a_later_phase_takes_over_what_the_first_has_joined(landscape: Path, workplace: Path):
    first: dict[str, int] = {}
    plan = make_plan(probe(landscape, folder=workplace, binaries=clips.BINARIES))

    def look(phase: int, package: Path) -> None:
        first.update((path.name, path.stat().st_ino) for path in package.iterdir())

    produce_package(
        landscape, plan, folder=workplace, binaries=clips.BINARIES, on_percent=lambda _: None, on_package=look
    )

    last = {path.name: path.stat().st_ino for path in (workplace / "package").iterdir()}
    assert {name for name, inode in first.items() if last[name] == inode} == {
        *("144p-low.mp4", "144p-low.m3u8", "240p.mp4", "240p.m3u8"),
        *("audio.mp4", "audio.m3u8", "storyboard.jpg", "storyboard.vtt"),
    }


def test_a_later_phase_joins_again_what_the_first_did_not_leave(landscape: Path, workplace: Path):
    plan = make_plan(probe(landscape, folder=workplace, binaries=clips.BINARIES))

    def forget(phase: int, package: Path) -> None:
        shutil.rmtree(workplace / "parts" / f"joined-{phase}")

    package = produce_package(
        landscape,
        plan,
        folder=workplace,
        binaries=clips.BINARIES,
        on_percent=lambda _: None,
        on_package=forget,
    )

    assert [rendition.name for rendition in package.renditions] == [
        "144p-low",
        "144p",
        "240p",
        "360p",
        "audio",
    ]


@pytest.mark.engines("encodes a whole package", nightly=True)
def test_percent_only_rises_and_ends_at_a_hundred(thirteen_seconds: Path, workplace: Path):
    seen: list[int] = []
    plan = make_plan(probe(thirteen_seconds, folder=workplace, binaries=clips.BINARIES))

    produce_package(thirteen_seconds, plan, folder=workplace, binaries=clips.BINARIES, on_percent=seen.append)

    assert seen == sorted(seen)
    assert seen[-1] == 100


@pytest.mark.engines("encodes a film with a long sound", nightly=True)
def test_sound_longer_than_the_picture_is_heard_to_its_end(clip_folder: Path, workplace: Path):
    uneven = clips.make_video(clip_folder / "uneven.mp4", seconds=2, sound_seconds=8)

    _, package = produce(uneven, workplace)

    assert package.seconds == pytest.approx(8, abs=0.2)


@pytest.mark.engines("encodes a film with two sounds", nightly=True)
def test_each_of_two_sounds_is_heard_with_the_pictures(clip_folder: Path, workplace: Path):
    source = clips.two_sounds(clip_folder / "bilingual.mp4")

    _plan, package = produce(source, workplace)

    folder = workplace / "package"
    heard = {rendition.name: loudest(folder / f"{rendition.name}.mp4") for rendition in package.renditions}
    sizes = {name: (folder / f"{name}.mp4").stat().st_size for name in heard}
    assert heard == {
        **dict.fromkeys(("144p-low", "144p", "240p", "audio"), 440),
        **dict.fromkeys(("144p-low-2", "144p-2", "240p-2", "audio-2"), 1760),
    }
    assert read_master_uris(folder / "master-2.m3u8") == ["144p-low-2.m3u8", "144p-2.m3u8", "240p-2.m3u8"]
    assert sizes["144p-low-2"] == pytest.approx(sizes["144p-low"], rel=0.1)
    master = (folder / "master.m3u8").read_text()
    assert 'TYPE=AUDIO,GROUP-ID="sound",NAME="ara",LANGUAGE="ara",DEFAULT=YES,AUTOSELECT=YES\n' in master
    assert 'NAME="eng",LANGUAGE="eng",DEFAULT=NO,AUTOSELECT=YES,URI="audio-2.m3u8"' in master


def loudest(media_file: Path) -> int:
    """Which of the two tones of `clips.two_sounds` a file has, in Hz."""
    loud = {}
    for tone in (440, 1760):
        argv = [clips.BINARIES.ffmpeg, "-v", "info", "-i", media_file, "-vn"]
        argv += ["-af", f"bandpass=f={tone}:width_type=q:w=10,volumedetect", "-f", "null", "-"]
        said = subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60).stderr
        loud[tone] = float(re.search(r"mean_volume: (-?[\d.]+) dB", said)[1])
    return max(loud, key=loud.__getitem__)


def test_captions_are_listed_with_their_language(
    whole: tuple[Path, Plan, Package], copy: Path, tmp_path: Path
):
    track = tmp_path / "upload.vtt"
    track.write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nافصل القاطع\n", encoding="utf-8")
    captions = [Captions(language="ar", label="العربية", kind="captions", path=track)]

    write_master(whole[1], folder=copy, captions=captions)

    validate_package(copy, whole[1])
    master = (copy / "master.m3u8").read_text()
    assert 'TYPE=SUBTITLES,GROUP-ID="captions",NAME="العربية",LANGUAGE="ar"' in master
    assert (copy / "captions-ar.vtt").read_bytes() == track.read_bytes()


def test_a_whole_package_is_valid(whole: tuple[Path, Plan, Package]):
    folder, plan, _ = whole

    validate_package(folder, plan)

    assert folder.exists()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda at: (at / "240p.mp4").unlink(), "240p.mp4 is missing"),
        (lambda at: (at / "240p.m3u8").write_text(""), "240p.m3u8 is missing or empty"),
        (lambda at: (at / "240p.mp4").write_bytes((at / "240p.mp4").read_bytes()[:-9]), "240p.mp4 has"),
        (lambda at: edit(at / "144p.m3u8", "#EXT-X-ENDLIST", ""), "has no end"),
        (lambda at: edit(at / "144p.m3u8", "#EXTINF:6.000000", "#EXTINF:3.000000"), "lasts"),
        (lambda at: edit(at / "144p.m3u8", "144p.mp4\n", "240p.mp4\n"), "has a hole"),
        (lambda at: edit(at / "audio.m3u8", "#EXT-X-BYTERANGE:", "#EXT-X-BYTERANGE:1"), "has a hole"),
        (lambda at: edit(at / "master.m3u8", "240p.m3u8", "../240p.m3u8"), "leaves the package"),
        (lambda at: edit(at / "master.m3u8", "240p.m3u8", "360p.m3u8"), "360p.m3u8 is missing"),
        (lambda at: (at / "poster.jpg").write_text("<script>"), "not a JPEG"),
        (
            lambda at: (at / "144p.mp4").write_bytes(bytes((at / "144p.mp4").stat().st_size)),
            "has no fragment",
        ),
        (lambda at: shutil.copy(at / "audio.m3u8", at / "144p.m3u8"), "has a hole"),
    ],
)
def test_a_damaged_package_is_not_let_through(
    whole: tuple[Path, Plan, Package], copy: Path, damage, complaint: str
):
    damage(copy)

    with pytest.raises(Invalid, match=complaint):
        validate_package(copy, whole[1])
