"""A process that runs ffmpeg on untrusted files refuses to start without a working sandbox, and says what to do."""

import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from media_pipeline.services.sandbox import SandboxMissing, require_sandbox
from media_pipeline.transcoding.runner import working_bubblewrap
from tests.media_pipeline.transcode_jobs.workers import ROOT, worker_environment

MEDIA = [
    "-m",
    "celery",
    "--app",
    "lms",
    "worker",
    "--pool",
    "solo",
    "--loglevel",
    "INFO",
    "--queues",
    "media",
]
NOTICES = [*MEDIA[:-1], "messages"]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings):
    """The only folder where programs are looked for."""
    settings.SANDBOX_REQUIRED = True
    monkeypatch.setenv("PATH", str(tmp_path))
    working_bubblewrap.cache_clear()
    yield tmp_path
    working_bubblewrap.cache_clear()


def test_without_bubblewrap_the_error_says_what_to_install(programs: Path):
    with pytest.raises(SandboxMissing, match=r"is not installed(.|\n)*apt install bubblewrap"):
        require_sandbox()


def test_the_error_of_bubblewrap_is_shown(programs: Path):
    bubblewrap = programs / "bwrap"
    bubblewrap.write_text("#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2; exit 1\n")
    bubblewrap.chmod(0o755)

    with pytest.raises(SandboxMissing, match=r"No permissions to create a new namespace(.|\n)*security_opt"):
        require_sandbox()


def test_an_operator_may_switch_the_sandbox_off_explicitly(programs: Path, settings: Settings):
    settings.SANDBOX_REQUIRED = False

    require_sandbox()


def started(arguments: list[str], tmp_path: Path, until: str) -> tuple[int | None, str]:
    """A process without bubblewrap, until it ends or says `until`: its status, None where it went on, and what it said."""
    for folder in ("messages", "processed", "control"):
        (tmp_path / "celery" / folder).mkdir(parents=True)
    environment = worker_environment(
        PATH="/nowhere", SANDBOX_REQUIRED="true", VAR_DIR=str(tmp_path), LIVE_SRT_PORT="9710"
    )
    said = ""
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        for line in process.stdout:
            said += line
            if until in line:
                process.kill()
                return None, said
    return process.returncode, said


@pytest.mark.engines("starts whole processes of the site")
@pytest.mark.django_db(transaction=True)
def test_a_process_that_runs_ffmpeg_does_not_start_without_a_sandbox(tmp_path: Path):
    status, said = started(MEDIA, tmp_path, until="ready.")

    assert status not in (None, 0), said
    assert "apt install bubblewrap" in said


@pytest.mark.engines("starts whole processes of the site")
@pytest.mark.django_db(transaction=True)
def test_a_worker_of_notices_starts_without_a_sandbox(tmp_path: Path):
    status, said = started(NOTICES, tmp_path, until="ready.")

    assert status is None, said
