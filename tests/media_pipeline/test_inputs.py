"""Everything people record goes the whole way: published as it was meant, or refused with a sentence, never between."""

from collections.abc import Callable
from pathlib import Path

import pytest

from media_pipeline.enums import JobState, VideoState
from media_pipeline.folders import published_folder, staging_folder
from media_pipeline.models import Video
from media_pipeline.services import run_job
from media_pipeline.transcoding.plan import Plan, plan_from_json
from media_pipeline.transcoding.validate import validate_package
from tests.media_pipeline import clips, seen

Prepare = Callable[[Path], Video]
# Left half red, right half blue: what was turned or mirrored shows.
HALVES = "color=red:s={half}x{height}:r=25:d={seconds},pad=2*iw:ih:0:0:blue"


@pytest.fixture
def prepare(upload: Callable[..., Video]) -> Prepare:
    """Upload a file and do all its steps as a worker would. What ends is published or refused, with nothing beside."""

    def go_all_the_way(path: Path) -> Video:
        video = upload(path)
        job = video.jobs.get()
        run_job(job_id=job.pk)
        video.refresh_from_db()
        job.refresh_from_db()
        assert (video.state, job.state) in {
            (VideoState.PUBLISHED, JobState.DONE),
            (VideoState.REFUSED, JobState.REFUSED),
        }, job.error
        assert not list(staging_folder().iterdir())
        if video.published:
            validate_package(folder_of(video), plan_of(video))
        else:
            assert not list(published_folder().rglob("*"))
        return video

    return go_all_the_way


def folder_of(video: Video) -> Path:
    assert video.published, video.refusal
    return published_folder() / video.published.path


def plan_of(video: Video) -> Plan:
    assert video.published, video.refusal
    return plan_from_json(video.published.plan)


def test_a_recorded_screen_stands_still_as_long_as_it_stood_still(prepare: Prepare, tmp_path: Path):
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
    assert seen.stream(made)["seconds"] == pytest.approx(5.2, abs=0.1)
    assert [seen.color(made, at) for at in (0.1, 2.7, 4.1, 5)] == ["red", "red", "blue", "blue"]


def test_slides_that_stand_still_under_a_voice(prepare: Prepare, tmp_path: Path):
    slide = clips.make(tmp_path / "slide.png", "-f", "lavfi", "-i", "testsrc=s=192x144", "-frames:v", "1")
    source = clips.make(
        tmp_path / "slides.mp4",
        *("-loop", "1", "-framerate", "1", "-i", str(slide), "-f", "lavfi", "-i", "sine=d=8", "-t", "8"),
        *("-c:v", "libx264", "-pix_fmt", "yuv420p"),
    )

    video = prepare(source)

    assert plan_of(video).profile == "slides"
    assert seen.stream(folder_of(video) / "144p.mp4")["seconds"] == pytest.approx(8, abs=0.2)
    assert seen.pitch(folder_of(video) / "144p.mp4", 7) > 0


def test_one_picture_under_a_voice_stands_until_the_voice_ends(prepare: Prepare, tmp_path: Path):
    source = clips.make(
        tmp_path / "one.mp4",
        *("-f", "lavfi", "-i", "color=red:s=192x144:d=0.04", "-f", "lavfi", "-i", "sine=d=8"),
        *("-c:v", "libx264", "-pix_fmt", "yuv420p"),
    )

    video = prepare(source)

    made = folder_of(video) / "144p.mp4"
    assert seen.stream(made)["seconds"] == pytest.approx(8, abs=0.2)
    assert seen.color(made, 7) == "red"
