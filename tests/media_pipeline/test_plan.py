"""What is made of a file follows from what the file is."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.transcoding.plan import Plan, make_plan, plan_from_json
from media_pipeline.transcoding.probe import AudioStream, Probe, VideoStream
from media_pipeline.transcoding.sniff import MP4


def probed(
    width: int = 1920, height: int = 1080, *, fps: str = "25", bits: int = 8_000_000, has_sound: bool = True
) -> Probe:
    video = VideoStream(0, "h264", width, height, 0, fps, bits, False, 60.0)
    return Probe(MP4, 60.0, 60_000_000, video, AudioStream(1, "aac", 2, 60.0) if has_sound else None)


def sizes(plan: Plan) -> list[tuple[int, int]]:
    return [(rung.width, rung.height) for rung in plan.rungs]


def test_a_full_hd_film_gets_the_whole_ladder():
    plan = make_plan(probed())

    assert sizes(plan) == [(256, 144), (426, 240), (640, 360), (854, 480), (1280, 720)]
    assert [rung.max_bits for rung in plan.rungs] == [100_000, 220_000, 400_000, 700_000, 1_400_000]


def test_full_hd_is_made_when_asked_for():
    plan = make_plan(probed(), has_full_hd=True)

    assert sizes(plan)[-1] == (1920, 1080)


def test_nothing_is_made_larger_than_it_came():
    plan = make_plan(probed(640, 400))

    assert max(rung.height for rung in plan.rungs) == 360
    assert any("400" in reason for reason in plan.reasons)


def test_a_film_smaller_than_the_ladder_keeps_its_size():
    plan = make_plan(probed(161, 91))

    assert sizes(plan) == [(160, 92)] or sizes(plan) == [(162, 90)] or sizes(plan) == [(160, 90)]


def test_a_portrait_film_counts_its_width():
    plan = make_plan(probed(1080, 1920))

    assert sizes(plan)[0] == (144, 256)
    assert plan.rungs[-1].name == "720p"


def test_no_rung_spends_more_than_the_source_holds():
    plan = make_plan(probed(bits=200_000))

    assert {rung.max_bits for rung in plan.rungs} == {100_000, 220_000, 260_000}


@pytest.mark.parametrize(
    ("source", "made"),
    [("60", "30"), ("50", "25"), ("30000/1001", "30000/1001"), ("120", "30"), ("1/10", "1")],
)
def test_the_frame_rate_is_halved_evenly(source: str, made: str):
    assert make_plan(probed(fps=source)).fps == made


def test_sound_alone_has_no_rung_and_says_so():
    sound = Probe(MP4, 60.0, 60_000, None, AudioStream(0, "aac", 2, 60.0))

    plan = make_plan(sound)

    assert plan.rungs == []
    assert any("audio only" in reason for reason in plan.reasons)


def test_a_plan_comes_back_from_its_json():
    plan = make_plan(probed())

    assert plan_from_json(json.loads(json.dumps(plan.as_json()))) == plan


@given(st.integers(32, 7680), st.integers(32, 4320), st.fractions(Fraction(1, 10), 240))
def test_every_plan_is_encodable(width: int, height: int, fps: Fraction):
    plan = make_plan(probed(width, height, fps=str(fps)))

    assert plan.rungs
    assert all(rung.width % 2 == rung.height % 2 == 0 for rung in plan.rungs)
    assert all(min(rung.width, rung.height) <= min(width, height) + 1 for rung in plan.rungs)
    assert 1 <= Fraction(plan.fps) <= 30
    assert plan.gop_frames <= 180
