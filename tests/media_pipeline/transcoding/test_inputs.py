"""Recordings of many kinds are published correctly or refused with a message."""

from pathlib import Path

import pytest

from media_pipeline.enums import PlanNote
from media_pipeline.transcoding.playlist import read_master_uris
from tests.media_pipeline import clips
from tests.media_pipeline.outcomes import Prepare, folder_of, notes, plan_of
from tests.media_pipeline.transcoding import decoded

pytestmark = pytest.mark.engines("encodes a source of every kind")

# Left half red, right half blue: so rotation and mirroring are visible.
HALVES = "color=red:s={half}x{height}:r=25:d={seconds},pad=2*iw:ih:0:0:blue"


def halves(target: Path, *options: str, size: tuple[int, int] = (256, 144), seconds: float = 2) -> Path:
    width, height = size
    pattern = HALVES.format(half=width // 2, height=height, seconds=seconds)
    return clips.make(
        target, "-f", "lavfi", "-i", pattern, "-c:v", "libx264", "-preset", "ultrafast", *options
    )


def test_a_phone_held_upright_is_seen_upright(prepare: Prepare, tmp_path: Path):
    lying = halves(tmp_path / "lying.mp4", "-pix_fmt", "yuv420p")
    source = clips.make(tmp_path / "phone.mp4", "-display_rotation", "90", "-i", str(lying), "-c", "copy")

    video = prepare(source)

    made = folder_of(video) / "144p.mp4"
    assert (decoded.stream(made)["width"], decoded.stream(made)["height"]) == (144, 256)
    assert "side_data_list" not in decoded.stream(made)
    # Turned to the left by 90 degrees: what was right is above.
    assert (decoded.color(made, 1, top=0.2), decoded.color(made, 1, top=0.8)) == ("blue", "red")
    assert PlanNote.PORTRAIT in notes(video)


@pytest.mark.engines("one source of many", nightly=True)
def test_a_recorded_screen_is_still_as_long_as_its_source(prepare: Prepare, tmp_path: Path):
    pattern = (
        "color=red:s=192x144:r=30:d=3[a];color=lime:s=192x144:r=30:d=0.2[b];color=blue:s=192x144:r=30:d=2[c];"
        "[a][b][c]concat=n=3,mpdecimate=max=0"
    )
    source = clips.make(
        tmp_path / "screen.mkv",
        *(
            "-f",
            "lavfi",
            "-i",
            pattern,
            "-f",
            "lavfi",
            "-i",
            "sine=d=5.2",
            "-fps_mode",
            "vfr",
            "-c:v",
            "libx264",
        ),
    )

    video = prepare(source)

    made = folder_of(video) / "144p.mp4"
    assert decoded.stream(made)["seconds"] == pytest.approx(5.2, abs=0.1)
    assert [decoded.color(made, at) for at in (0.1, 2.7, 4.1, 5)] == ["red", "red", "blue", "blue"]


def test_pixels_that_are_not_square_become_square(prepare: Prepare, tmp_path: Path):
    source = halves(tmp_path / "camcorder.mp4", "-vf", "setsar=16/9", "-pix_fmt", "yuv420p", size=(180, 144))

    video = prepare(source)

    made = decoded.stream(folder_of(video) / "144p.mp4")
    assert (made["width"], made["height"], made["sample_aspect_ratio"]) == (320, 144, "1:1")


@clips.needs("filters", "zscale")
@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_an_hdr_video_is_converted_to_sdr_colors(prepare: Prepare, tmp_path: Path, transfer: str):
    # Black, the white of paper (58 % in PQ, 75 % in HLG: ITU-R BT.2408), and an orange that is pale until converted.
    white = {"smpte2084": 0x94, "arib-std-b67": 0xBF}[transfer]
    pattern = (
        f"color=black:s=192x144:r=25:d=2,drawbox=w=64:c=0x{white:02x}{white:02x}{white:02x}:t=fill,"
        f"drawbox=x=64:w=64:c=0x{white:02x}7050:t=fill,format=yuv420p10le,"
        f"setparams=color_primaries=bt2020:color_trc={transfer}:colorspace=bt2020nc:range=tv"
    )
    hdr = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=0")
    source = clips.make(tmp_path / "hdr.mp4", "-f", "lavfi", "-i", pattern, *hdr)

    video = prepare(source)

    made = folder_of(video) / "144p.mp4"
    told = decoded.stream(made)
    assert (told["color_transfer"], told["color_space"], told["color_primaries"]) == ("bt709",) * 3
    assert told["pix_fmt"] == "yuv420p"
    shown = decoded.picture(made, 1)
    paper, orange, black = (shown.getpixel((x, 70)) for x in (32, 96, 160))
    assert min(paper) > 180
    assert max(orange) - min(orange) > 130
    assert max(black) < 20
    assert PlanNote.TONE_MAPPED in notes(video)


def test_ten_bits_a_color_become_eight(prepare: Prepare, tmp_path: Path):
    video = prepare(halves(tmp_path / "ten.mp4", "-pix_fmt", "yuv420p10le"))

    made = folder_of(video) / "144p.mp4"
    assert decoded.stream(made)["pix_fmt"] == "yuv420p"
    assert (decoded.color(made, 1, left=0.2), decoded.color(made, 1, left=0.8)) == ("red", "blue")
    assert PlanNote.DEPTH_LOWERED in notes(video)


def test_interlaced_pictures_are_made_whole(prepare: Prepare, tmp_path: Path):
    pattern = "testsrc2=s=192x144:r=50:d=2,interlace"
    source = clips.make(
        tmp_path / "interlaced.mp4",
        *("-f", "lavfi", "-i", pattern, "-c:v", "libx264", "-flags", "+ilme+ildct", "-x264-params", "tff=1"),
    )

    video = prepare(source)

    assert decoded.stream(folder_of(video) / "144p.mp4")["field_order"] == "progressive"
    assert PlanNote.DEINTERLACED in notes(video)


@pytest.mark.engines("one source of many", nightly=True)
def test_a_voice_in_the_middle_of_six_channels_is_heard(prepare: Prepare, tmp_path: Path):
    pattern = "aevalsrc=0|0|0.3*sin(440*2*PI*t)|0|0|0:c=5.1:d=3"
    source = clips.make(
        tmp_path / "surround.mkv", "-f", "lavfi", "-i", "testsrc2=s=192x144:d=3", "-f", "lavfi", "-i", pattern
    )

    video = prepare(source)

    made = folder_of(video) / "144p.mp4"
    assert decoded.stream(made, "a")["channels"] == 1
    assert decoded.pitch(made, 1) == pytest.approx(440, rel=0.05)
    assert decoded.loudness(made) == pytest.approx(-16, abs=1.5)


def test_two_languages_are_kept_and_can_be_chosen(prepare: Prepare, tmp_path: Path):
    source = clips.make(
        tmp_path / "two.mkv",
        *("-f", "lavfi", "-i", "testsrc2=s=192x144:d=3", "-f", "lavfi", "-i", "sine=440:d=3"),
        *("-f", "lavfi", "-i", "sine=880:d=3", "-map", "0", "-map", "1", "-map", "2"),
        *("-metadata:s:a:0", "language=ara", "-metadata:s:a:0", "title=شرح"),
        *("-metadata:s:a:1", "language=eng", "-metadata:s:a:1", 'title=Commentary "two"'),
    )

    video = prepare(source)

    folder = folder_of(video)
    offered = [line for line in (folder / "master.m3u8").read_text().splitlines() if "TYPE=AUDIO" in line]
    assert len(offered) == 2
    assert 'NAME="شرح",LANGUAGE="ara",DEFAULT=YES' in offered[0]
    assert 'NAME="Commentary two",LANGUAGE="eng",DEFAULT=NO' in offered[1]
    assert 'URI="audio-2.m3u8"' in offered[1]
    # Each as a player gets it: through the playlist.
    assert decoded.pitch(folder / "144p.m3u8", 1) == pytest.approx(440, rel=0.05)
    assert decoded.pitch(folder / "audio-2.m3u8", 1) == pytest.approx(880, rel=0.05)


@pytest.mark.engines("one source of many", nightly=True)
@clips.needs("encoders", "png")
def test_still_slides_with_a_voice(prepare: Prepare, tmp_path: Path):
    slide = clips.make(tmp_path / "slide.png", "-f", "lavfi", "-i", "testsrc=s=192x144", "-frames:v", "1")
    source = clips.make(
        tmp_path / "slides.mp4",
        *("-loop", "1", "-framerate", "1", "-i", str(slide), "-f", "lavfi", "-i", "sine=d=8", "-t", "8"),
        *("-c:v", "libx264", "-pix_fmt", "yuv420p"),
    )

    video = prepare(source)

    assert plan_of(video).profile == "slides"
    assert decoded.stream(folder_of(video) / "144p.mp4")["seconds"] == pytest.approx(8, abs=0.2)
    assert decoded.pitch(folder_of(video) / "144p.mp4", 7) > 0


@pytest.mark.engines("one source of many", nightly=True)
def test_one_picture_with_a_voice_is_shown_until_the_voice_ends(prepare: Prepare, tmp_path: Path):
    source = clips.make(
        tmp_path / "one.mp4",
        *("-f", "lavfi", "-i", "color=red:s=192x144:d=0.04", "-f", "lavfi", "-i", "sine=d=8"),
        *("-c:v", "libx264", "-pix_fmt", "yuv420p"),
    )

    video = prepare(source)

    made = folder_of(video) / "144p.mp4"
    assert decoded.stream(made)["seconds"] == pytest.approx(8, abs=0.2)
    assert decoded.color(made, 7) == "red"


def test_a_recording_of_unknown_length_is_measured(prepare: Prepare, tmp_path: Path):
    source = halves(tmp_path / "piped.mkv", "-live", "1", "-f", "matroska", seconds=3)

    video = prepare(source)

    assert video.published and video.published.seconds == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize("name", ["song.mp3", "song.m4a"])
def test_a_recording_with_a_cover_is_a_recording(prepare: Prepare, tmp_path: Path, name: str):
    cover = clips.make(tmp_path / "cover.jpg", "-f", "lavfi", "-i", "testsrc2=s=64x64", "-frames:v", "1")
    song = clips.make(
        tmp_path / name,
        *("-f", "lavfi", "-i", "sine=d=3", "-i", str(cover), "-map", "0", "-map", "1", "-c:v", "copy"),
        *("-disposition:v", "attached_pic"),
    )

    video = prepare(song)

    assert read_master_uris(folder_of(video) / "master.m3u8") == ["audio.m3u8", "audio-low.m3u8"]
    assert not (folder_of(video) / "poster.jpg").exists()


def test_a_video_with_a_cover_shows_the_video(prepare: Prepare, tmp_path: Path):
    cover = clips.make(tmp_path / "cover.jpg", "-f", "lavfi", "-i", "color=lime:s=64x64", "-frames:v", "1")
    source = halves(tmp_path / "plain.mp4", "-pix_fmt", "yuv420p")
    covered = clips.make(
        tmp_path / "covered.mp4",
        *(
            "-i",
            str(cover),
            "-i",
            str(source),
            "-map",
            "0",
            "-map",
            "1",
            "-c",
            "copy",
            "-disposition:v:0",
            "attached_pic",
        ),
    )

    video = prepare(covered)

    assert decoded.color(folder_of(video) / "144p.mp4", 1, left=0.2) == "red"


@pytest.mark.engines("encodes three hours", nightly=True)
def test_three_hours_of_a_still_camera(prepare: Prepare, tmp_path: Path):
    source = clips.make(
        tmp_path / "long.mp4",
        *(
            "-f",
            "lavfi",
            "-i",
            "testsrc=s=64x48:r=1:d=10800",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-g",
            "600",
        ),
    )

    video = prepare(source)

    assert len(plan_of(video).chunks) > 1
    assert decoded.stream(folder_of(video) / "48p.mp4")["seconds"] == pytest.approx(10_800, abs=1)


def test_a_video_without_sound_is_published_without_sound(prepare: Prepare, silent: Path):
    video = prepare(silent)

    renditions = video.published.renditions.order_by("pk")
    assert [row.name for row in renditions] == ["144p-low", "144p", "240p", "360p"]
    assert all("mp4a" not in row.codecs for row in renditions)
    assert PlanNote.NO_SOUND in notes(video)


def test_sound_alone_is_published_as_sound(prepare: Prepare, sound_only: Path):
    video = prepare(sound_only)

    assert read_master_uris(folder_of(video) / "master.m3u8") == ["audio.m3u8", "audio-low.m3u8"]
    assert decoded.pitch(folder_of(video) / "audio-low.m3u8", 1) == pytest.approx(440, rel=0.05)


@pytest.mark.engines("one source of many", nightly=True)
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("transport.ts", ("-f", "mpegts")),
        ("odd.mkv", ("-vf", "scale=321:181", "-pix_fmt", "yuv444p")),
    ],
)
def test_a_camcorder_and_an_odd_size_are_published(
    prepare: Prepare, tmp_path: Path, name: str, options: tuple[str, ...]
):
    video = prepare(clips.make_video(tmp_path / name, options=options))

    assert decoded.stream(folder_of(video) / "144p.mp4")["height"] == 144
    assert video.published.seconds == pytest.approx(2, abs=0.1)
