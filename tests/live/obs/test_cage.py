"""The OBS listener runs ffmpeg on untrusted input only in its sandbox."""

from pathlib import Path

import pytest

from tests.media_pipeline.transcoding.test_sandbox_required import started


@pytest.mark.engines("starts a whole process of the site")
@pytest.mark.django_db(transaction=True)
def test_the_listener_does_not_start_without_a_cage(tmp_path: Path):
    status, said = started(["manage.py", "receive_srt"], tmp_path, until="ready.")

    assert status not in (None, 0), said
    assert "apt install bubblewrap" in said
