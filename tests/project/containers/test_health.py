"""The health checks of containers, on the real programs: healthy while these work, and unhealthy after the given time."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lms.embedded.environment import ROOT
from tests.media_pipeline.transcode_jobs.workers import worker_environment
from tests.waiting import wait_until


def check(what: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "scripts/health.py", what],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.engines("starts beat")
@pytest.mark.django_db(transaction=True)
def test_beat_is_well_while_it_makes_its_rounds(tmp_path: Path):
    for folder in ("messages", "processed", "control"):
        (tmp_path / "celery" / folder).mkdir(parents=True)
    never = check("beat", VAR_DIR=str(tmp_path))
    heartbeat = tmp_path / "celery" / "beat-heartbeat"
    with subprocess.Popen(
        [sys.executable, "-m", "celery", "--app", "lms", "beat", "--pidfile", ""],
        cwd=ROOT,
        env=worker_environment(VAR_DIR=str(tmp_path)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as beat:
        wait_until(lambda: heartbeat.exists() or beat.poll() is not None)
        well = check("beat", VAR_DIR=str(tmp_path))
        beat.kill()
    os.utime(heartbeat, (time.time() - 300, time.time() - 300))
    stuck = check("beat", VAR_DIR=str(tmp_path))

    assert (well.returncode, well.stderr) == (0, "")
    assert (never.returncode, stuck.returncode) == (1, 1)
    assert "too old" in stuck.stderr
