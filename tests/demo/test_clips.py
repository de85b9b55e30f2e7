"""The videos of the demo's lessons."""

from pathlib import Path

import pytest

from lms.demo.clips import make_clips
from media_pipeline.transcoding.webvtt import read_captions


@pytest.mark.engines("encodes the clips of the demo", nightly=True)
def test_the_clips_are_made_once_and_their_captions_are_webvtt(tmp_path: Path):
    said: list[str] = []

    clips = make_clips(tmp_path, said.append)
    made = [clip.path.stat().st_mtime_ns for clip in clips.values()]
    again = make_clips(tmp_path, said.append)

    assert set(clips) == {"slides", "camera", "phone"}
    assert [clip.path.stat().st_mtime_ns for clip in again.values()] == made
    assert len(said) == 3
    for clip in clips.values():
        for text in clip.captions.values():
            read_captions(text.encode())
