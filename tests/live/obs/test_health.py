"""The health check of the container that listens for OBS, on the real program."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from live.obs.receiver import PROGRAM
from lms.embedded.postgres import free_port
from tests.project.containers.test_health import check


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def listener(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The program that listens for OBS, without its sandbox."""
    with subprocess.Popen(
        [sys.executable, "-I", "-S", PROGRAM, "127.0.0.1", str(port), "4"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout and process.stderr
        # The first frame means that it listens.
        if not process.stdout.read(1):
            pytest.skip(process.stderr.read().decode())
        yield process
        process.kill()


def test_the_listener_for_obs_is_well_while_it_answers_a_caller(listener: subprocess.Popen[bytes], port: int):
    well = check("srt", LIVE_SRT_PORT=str(port))
    listener.kill()
    listener.wait()
    ended = check("srt", LIVE_SRT_PORT=str(port))

    assert (well.returncode, well.stderr) == (0, "")
    assert ended.returncode == 1
