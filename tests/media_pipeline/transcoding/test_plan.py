"""The plan follows from the properties of the file."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.transcoding.analysis import Analysis, Loudness, Profile
from media_pipeline.transcoding.notes import NoteCode
from media_pipeline.transcoding.plan import Options, Plan, Sound, make_plan, plan_from_json
from media_pipeline.transcoding.probe import AudioStream, Probe, VideoStream
from media_pipeline.transcoding.sniff import MP4


def probed(
    width: int = 1920,
    height: int = 1080,
    *,
    fps: str = "25",
    bits: int = 8_000_000,
    has_sound: bool = True,
    seconds: float = 60.0,
    gop: float = 10.0,
) -> Probe:
    video = VideoStream(0, "h264", width, height, 0, fps, bits, False, seconds, last=seconds, gop=gop)
    sounds = [AudioStream(1, "aac", 2, seconds)] if has_sound else []
    return Probe(MP4, seconds, 60_000_000, video, sounds)


def sizes(plan: Plan) -> list[tuple[int, int]]:
    return [(rendition.width, rendition.height) for rendition in plan.renditions]


def codes(plan: Plan) -> dict[str, dict]:
    return {reason["code"]: reason["facts"] for reason in plan.reasons}


def test_a_full_hd_video_gets_the_whole_ladder():
    plan = make_plan(probed())

    assert sizes(plan) == [(256, 144), (256, 144), (426, 240), (640, 360), (854, 480), (1280, 720)]
    assert [rendition.max_bits for rendition in plan.renditions] == [
        24_000,
        100_000,
        220_000,
        400_000,
        700_000,
        1_400_000,
    ]


def test_full_hd_is_made_when_asked_for():
    plan = make_plan(probed(), options=Options(has_full_hd=True))

    assert sizes(plan)[-1] == (1920, 1080)


def test_nothing_is_made_larger_than_it_came():
    plan = make_plan(probed(640, 400))

    assert max(rendition.height for rendition in plan.renditions) == 360
    assert codes(plan)[NoteCode.NEVER_LARGER] == {"largest": 360, "short_side": 400}


def test_a_video_smaller_than_the_ladder_keeps_its_size():
    plan = make_plan(probed(161, 91))

    assert sizes(plan) in ([(160, 92)] * 2, [(160, 90)] * 2)
    assert [rendition.name for rendition in plan.renditions] == ["144p-low", "91p"]


def test_a_portrait_video_counts_its_width():
    plan = make_plan(probed(1080, 1920))

    assert sizes(plan)[0] == (144, 256)
    assert plan.renditions[-1].name == "720p"


def test_no_rendition_has_more_bits_than_the_source():
    plan = make_plan(probed(bits=200_000))

    assert {rendition.max_bits for rendition in plan.renditions} == {24_000, 100_000, 220_000, 260_000}


@pytest.mark.parametrize(
    ("source", "made"),
    [("60", "30"), ("50", "25"), ("30000/1001", "30000/1001"), ("120", "30"), ("1/10", "1")],
)
def test_the_frame_rate_is_halved_evenly(source: str, made: str):
    assert make_plan(probed(fps=source)).fps == made


def test_sound_alone_has_no_rendition_and_a_note():
    sound = Probe(MP4, 60.0, 60_000, None, [AudioStream(0, "aac", 2, 60.0)])

    plan = make_plan(sound)

    assert plan.renditions == []
    assert NoteCode.AUDIO_ONLY in codes(plan)
    assert [sound.name for sound in plan.listed_sounds] == ["audio", "audio-low"]


def test_a_plan_comes_back_from_its_json():
    plan = make_plan(probed())

    assert plan_from_json(json.loads(json.dumps(plan.as_json()))) == plan


@given(st.integers(32, 7680), st.integers(32, 4320), st.fractions(Fraction(1, 10), 240))
def test_every_plan_is_encodable(width: int, height: int, fps: Fraction):
    plan = make_plan(probed(width, height, fps=str(fps)))

    assert plan.renditions
    assert all(rendition.width % 2 == rendition.height % 2 == 0 for rendition in plan.renditions)
    assert all(rendition.short_side <= min(width, height) + 1 for rendition in plan.renditions)
    assert 1 <= Fraction(plan.fps) <= 30
    assert plan.gop_frames <= 180


def test_the_quality_for_the_slowest_connections_and_the_best_of_the_small_ones_come_first():
    plan = make_plan(probed())

    assert plan.phases == [1, 2]
    assert [rendition.name for rendition in plan.renditions_of(1)] == ["144p-low", "240p"]
    assert [rendition.name for rendition in plan.up_to(1).renditions] == ["144p-low", "240p"]
    assert plan.up_to(2) == plan


def test_a_small_video_has_one_phase():
    plan = make_plan(probed(320, 240))

    assert plan.phases == [1]
    assert [rendition.name for rendition in plan.renditions_of(1)] == ["144p-low", "144p", "240p"]


@pytest.mark.parametrize("fps", ["25", "30000/1001", "12", "7/3"])
@pytest.mark.parametrize("seconds", [179.9, 180.0, 209.0, 211.0, 3600.5])
def test_chunks_cover_the_video_and_begin_where_segments_do(fps: str, seconds: float):
    plan = make_plan(probed(fps=fps, seconds=seconds))

    rate = Fraction(plan.fps)
    assert sum(chunk.frames for chunk in plan.chunks) == round(Fraction(seconds) * rate)
    assert all(chunk.first_frame % plan.gop_frames == 0 for chunk in plan.chunks)
    assert all(chunk.start_seconds == float(chunk.first_frame / rate) for chunk in plan.chunks)
    assert all(30 <= chunk.seconds <= 92 for chunk in plan.chunks[1:])
    assert len(plan.chunks) == 1 if seconds < 180 else len(plan.chunks) > 2


def test_a_video_with_few_key_frames_is_cut_into_longer_chunks():
    plan = make_plan(probed(seconds=3600, gop=60))

    assert plan.chunks[0].seconds == 240
    assert codes(plan)[NoteCode.FEW_KEY_FRAMES] == {"seconds": 60}


def test_what_was_counted_wins_over_the_header():
    video = VideoStream(0, "h264", 640, 360, 0, "30", 90_000, False, 600.0, frames=2_000, last=599.0)

    plan = make_plan(Probe(MP4, 600.0, 9_000_000, video, []))

    assert plan.fps == "5"
    assert NoteCode.FRAME_RATE_EVENED in codes(plan)


def test_a_recorded_screen_needs_no_more_than_fifteen_pictures_a_second():
    plan = make_plan(probed(fps="60"), Analysis(profile=Profile.SCREENCAST.value))

    assert plan.fps == "15"


def test_every_sound_is_brought_to_one_loudness_and_silence_stays():
    loud = make_plan(probed(), Analysis(loudness=[Loudness(1, -10.0)]))
    silent = make_plan(probed(), Analysis(loudness=[Loudness(1, -70.0)]))

    assert [sound.gain for sound in loud.sounds] == [-6.0, -6.0]
    assert [sound.gain for sound in silent.sounds] == [0.0, 0.0]
    assert NoteCode.SILENT in codes(silent)


def test_av1_is_made_only_where_it_is_asked_for_and_can_be_made():
    able = Analysis(can_av1=True)

    assert [
        rendition.codec for rendition in make_plan(probed(), able, Options(has_av1=True)).renditions
    ].count("av1") == 1
    assert NoteCode.AV1_MISSING in codes(make_plan(probed(), Analysis(), Options(has_av1=True)))
    assert {rendition.codec for rendition in make_plan(probed(), able).renditions} == {"h264"}


def test_an_old_plan_without_chunks_can_still_be_read():
    old = {
        "container": {"demuxer": "mov", "extension": "mp4", "mime_type": "video/mp4"},
        "seconds": 13.0,
        "fps": "25",
        "renditions": [{"name": "144p", "width": 192, "height": 144, "max_bits": 100_000, "crf": 26}],
        "video_index": 0,
        "audio_index": 1,
        "audio_bits": 48_000,
        "is_video_short": False,
        "reasons": ["no audio in the source"],
    }

    plan = plan_from_json(old)

    assert plan.listed_sounds == [Sound("audio", 1, 48_000, 48_000)]
    assert plan.up_to(2).renditions[0].name == "144p"
