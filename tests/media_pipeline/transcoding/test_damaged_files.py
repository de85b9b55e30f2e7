"""Truncated and damaged files: published as far as they can be decoded, or refused with a reason."""

from pathlib import Path

import pytest

from media_pipeline.enums import PlanNote
from media_pipeline.queries.notes import plan_sentences
from tests.media_pipeline import clips
from tests.media_pipeline.outcomes import Prepare, folder_of, refusal
from tests.media_pipeline.transcoding import decoded

pytestmark = pytest.mark.engines("encodes damaged sources")


def cut(whole: Path, share: float) -> Path:
    target = whole.with_name(f"cut-{whole.name}")
    target.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
    return target


def damaged(whole: Path, begin: float, end: float, filling: bytes = b"\0") -> Path:
    """The file with a hole, given in shares of its length."""
    data = bytearray(whole.read_bytes())
    hole = slice(int(len(data) * begin), int(len(data) * end))
    data[hole] = filling * len(data[hole])
    target = whole.with_name(f"damaged-{whole.name}")
    target.write_bytes(data)
    return target


def make_source(target: Path, *options: str) -> Path:
    """Four seconds with a key frame in each, so that a gap in the file is a gap in the video."""
    return clips.make_video(target, size="192x144", seconds=4, options=("-g", "25", *options))


@pytest.mark.parametrize("name", ["cut.mkv", "cut.mp4"])
def test_a_file_that_was_cut_off_is_refused_with_both_lengths(prepare: Prepare, tmp_path: Path, name: str):
    video = prepare(cut(make_source(tmp_path / name, "-movflags", "+faststart"), 0.5))

    assert refusal(video).startswith("The file is cut off: it says 4.0 s but holds 2")


def test_a_recording_that_broke_off_before_its_end_was_written_is_published_as_far_as_it_goes(
    prepare: Prepare, tmp_path: Path
):
    video = prepare(cut(make_source(tmp_path / "piped.mkv", "-live", "1", "-f", "matroska"), 0.6))

    assert video.published and 1.5 < video.published.seconds < 3.5


@pytest.mark.parametrize(
    ("name", "filling"),
    [
        ("hole.mkv", b"\0"),
        pytest.param("hole.mp4", b"\xa7", marks=pytest.mark.engines("another container", nightly=True)),
        pytest.param("hole.ts", b"\xa7", marks=pytest.mark.engines("another container", nightly=True)),
    ],
)
def test_a_damaged_middle_costs_the_middle(prepare: Prepare, tmp_path: Path, name: str, filling: bytes):
    whole = make_source(tmp_path / name)

    video = prepare(damaged(whole, 0.45, 0.55, filling))

    made = folder_of(video) / "144p.mp4"
    assert decoded.stream(made)["seconds"] == pytest.approx(4, abs=0.2)
    assert decoded.difference(made, whole, 0.8) < 12
    assert decoded.difference(made, whole, 3.7) < 12
    assert decoded.pitch(made, 3.4) == pytest.approx(440, rel=0.05)


@pytest.mark.parametrize(("begin", "options"), [(0.0, ()), (0.2, ()), (0.2, ("-an",))])
def test_a_file_most_of_which_was_never_written_is_refused(
    prepare: Prepare, tmp_path: Path, begin: float, options: tuple[str, ...]
):
    # As an unfinished download that reserved its length: the index is present, the rest is zeros.
    whole = make_source(tmp_path / "film.mp4", "-movflags", "+faststart", *options)
    index = whole.read_bytes().index(b"mdat") + 4
    share = index / whole.stat().st_size

    video = prepare(damaged(whole, share + begin * (1 - share), 1))

    assert refusal(video).startswith("The file is damaged and cannot be read.")


def test_a_file_whose_last_third_was_never_written_is_published_and_said_to_be_damaged(
    prepare: Prepare, tmp_path: Path
):
    whole = make_source(tmp_path / "film.mp4", "-movflags", "+faststart")

    damaged_video, whole_video = prepare(damaged(whole, 0.66, 1)), prepare(whole)

    assert damaged_video.published
    assert str(PlanNote.DAMAGED.label) in plan_sentences(damaged_video.jobs.get().plan)
    assert str(PlanNote.DAMAGED.label) not in plan_sentences(whole_video.jobs.get().plan)
