"""Only real media files are accepted, and their streams are measured."""

import struct
from pathlib import Path

import pytest

from media_pipeline.transcoding.failures import Reason, Refused
from media_pipeline.transcoding.probe import Policy, Probe, probe
from media_pipeline.transcoding.sniff import sniff_bytes
from tests.media_pipeline import clips

# The box of an MP4 that says how wide and how high a pixel is.
PIXELS = b"\x00\x00\x00\x10pasp"
SQUARE = struct.pack(">II", 1, 1)


def look(source: Path, workplace: Path, policy: Policy | None = None) -> Probe:
    return probe(source, folder=workplace, binaries=clips.BINARIES, policy=policy or Policy())


def refusal(source: Path, workplace: Path, policy: Policy | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        look(source, workplace, policy)
    return caught.value


def test_a_video_with_sound_is_described(landscape: Path, workplace: Path):
    seen = look(landscape, workplace)

    assert seen.container.demuxer == "mov"
    assert seen.seconds == pytest.approx(2, abs=0.1)
    assert (seen.video.width, seen.video.height, seen.video.fps) == (640, 360, "25")
    assert seen.sounds[0].codec == "aac"


def test_a_rotated_phone_video_has_its_displayed_size(landscape: Path, clip_folder: Path, workplace: Path):
    turned = clips.make(
        clip_folder / "turned.mp4", "-display_rotation", "90", "-i", str(landscape), "-c", "copy"
    )

    seen = look(turned, workplace)

    assert (seen.video.width, seen.video.height) == (360, 640)
    assert seen.video.rotation in {90, 270}


def test_wide_pixels_count_as_displayed(clip_folder: Path, workplace: Path):
    wide = clips.make_video(clip_folder / "anamorphic.mp4", size="360x288", options=("-vf", "setsar=16/9"))

    seen = look(wide, workplace)

    assert (seen.video.width, seen.video.height) == (640, 288)


@pytest.mark.parametrize(("wide", "high"), [(1000, 1), (1, 1000)])
def test_pixels_stretched_beyond_sense_are_refused(landscape: Path, workplace: Path, wide: int, high: int):
    source = workplace / "stretched.mp4"
    source.write_bytes(
        landscape.read_bytes().replace(PIXELS + SQUARE, PIXELS + struct.pack(">II", wide, high))
    )

    found = refusal(source, workplace)

    assert (found.reason, found.facts) == (Reason.STRETCHED, {"shape": f"{wide}:{high}"})


def test_a_cover_picture_is_not_a_video(clip_folder: Path, workplace: Path):
    cover = clips.make(
        clip_folder / "cover.jpg", "-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "1"
    )
    sound = clips.sound(clip_folder / "plain.mp3")
    song = clips.make(
        clip_folder / "song.mp3",
        *("-i", str(sound), "-i", str(cover), "-map", "0", "-map", "1", "-c", "copy"),
        *("-disposition:v", "attached_pic", "-id3v2_version", "3"),
    )

    seen = look(song, workplace)

    assert seen.video is None
    assert len(seen.sounds) == 1


def test_a_matroska_without_a_length_is_measured(clip_folder: Path, workplace: Path):
    piped = clips.make_video(clip_folder / "piped.mkv", options=("-live", "1", "-f", "matroska"))

    seen = look(piped, workplace)

    assert seen.seconds == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("name", ["درس تمديد الأسلاك.mp4", "د" * 120 + ".mp4", "a'b; $(touch x) -y.mp4"])
def test_no_file_name_is_special(landscape: Path, workplace: Path, tmp_path: Path, name: str):
    source = tmp_path / name
    source.write_bytes(landscape.read_bytes())

    seen = look(source, workplace)

    assert seen.video.width == 640


def test_a_text_named_mp4_is_refused(workplace: Path, tmp_path: Path):
    text = tmp_path / "lesson.mp4"
    text.write_text("هذا نص وليس فيديو", encoding="utf-8")

    assert refusal(text, workplace).reason == Reason.TEXT


def test_an_empty_file_is_refused(workplace: Path, tmp_path: Path):
    empty = tmp_path / "empty.mp4"
    empty.touch()

    assert refusal(empty, workplace).reason == Reason.EMPTY


def test_another_kind_of_file_is_named_in_the_refusal(workplace: Path, tmp_path: Path):
    paper = tmp_path / "lesson.mp4"
    paper.write_bytes(b"%PDF-1.7\n\x00\x01\x02" + bytes(500))

    refused = refusal(paper, workplace)

    assert refused.reason == Reason.UNKNOWN
    assert "Portable Document" in refused.facts["looks_like"]


def test_a_file_cut_off_before_its_index_is_refused(landscape: Path, workplace: Path, tmp_path: Path):
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(landscape.read_bytes()[: landscape.stat().st_size // 2])

    assert refusal(cut, workplace).reason == Reason.UNREADABLE


def test_a_file_cut_off_after_its_index_is_refused_with_both_lengths(
    clip_folder: Path, workplace: Path, tmp_path: Path
):
    whole = clips.make_video(clip_folder / "index-first.mp4", seconds=6, options=("-movflags", "+faststart"))
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    refused = refusal(cut, workplace)

    assert refused.reason == Reason.TRUNCATED
    assert refused.facts["seconds"] < 4 < refused.facts["declared"]


def test_limits_refuse_with_the_numbers(landscape: Path, workplace: Path):
    too_long = refusal(landscape, workplace, Policy(max_seconds=1))
    too_large = refusal(landscape, workplace, Policy(max_pixels=100 * 100))
    too_many = refusal(landscape, workplace, Policy(max_streams=1))

    assert (too_long.reason, too_long.facts["limit"]) == (Reason.TOO_LONG, 0)
    assert (too_large.reason, too_large.facts["width"]) == (Reason.TOO_LARGE_PICTURE, 640)
    assert (too_many.reason, too_many.facts["count"]) == (Reason.TOO_MANY_STREAMS, 2)


@pytest.mark.parametrize(
    ("head", "demuxer"),
    [
        (b"\x00\x00\x00\x20ftypisom", "mov"),
        (b"\x1a\x45\xdf\xa3" + bytes(20), "matroska"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "avi"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "wav"),
        ((b"\x47" + bytes(187)) * 3, "mpegts"),
        ((bytes(4) + b"\x47" + bytes(187)) * 3, "mpegts"),
        (b"\xff\xf1\x50\x80" + bytes(20), "aac"),
        (b"\xff\xfb\x90\x00" + bytes(20), "mp3"),
    ],
)
def test_the_container_is_recognized_by_content(head: bytes, demuxer: str):
    assert sniff_bytes(head).demuxer == demuxer


def test_a_photo_in_a_video_container_is_not_a_video():
    with pytest.raises(Refused) as caught:
        sniff_bytes(b"\x00\x00\x00\x18ftypheic" + bytes(40))

    assert caught.value.reason == Reason.UNKNOWN
