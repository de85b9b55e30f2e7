"""Processes are stopped with all their children, and cannot exceed their limits."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from media_pipeline.transcoding.runner import (
    Killed,
    Limits,
    ProcessFailed,
    Stalled,
    TimedOut,
    run,
    working_bubblewrap,
)
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]
# The virtual environment's python is a link into a folder that the sandbox does not have.
PYTHON = str(Path(sys.executable).resolve())

pytestmark = pytest.mark.engines("starts processes, and waits until they are stopped")


@pytest.fixture(autouse=True, params=["bubblewrap", "bare"])
def sandbox(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Each test runs with bubblewrap and without."""
    if request.param == "bare":
        monkeypatch.setenv("PATH", "/nowhere")
    working_bubblewrap.cache_clear()
    if request.param == "bubblewrap" and working_bubblewrap() is None:
        pytest.skip("bubblewrap is not installed or may not make namespaces here")
    yield request.param
    working_bubblewrap.cache_clear()


class Canceled(Exception):
    pass


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_output_arrives_line_by_line_and_time_is_counted(workplace: Path):
    lines: list[str] = []

    finished = run(
        ["/bin/sh", "-c", "echo one; echo two"], folder=workplace, limits=Limits(), on_line=lines.append
    )

    assert lines == ["one", "two"]
    assert finished.cpu_seconds > 0


def test_a_failure_carries_the_end_of_the_output(workplace: Path):
    talk = "import sys; sys.stderr.write('x' * 100_000 + ' the reason'); sys.exit(3)"

    with pytest.raises(ProcessFailed, match=r"ended with 3.*the reason") as caught:
        run([PYTHON, "-c", talk], folder=workplace, limits=Limits())

    assert len(caught.value.tail) <= 4_000


def test_a_process_without_progress_is_stopped(workplace: Path):
    hung = "while true; do echo out_time_us=7; sleep 0.1; done"

    with pytest.raises(Stalled):
        run(["/bin/sh", "-c", hung], folder=workplace, limits=Limits(stall_seconds=0.5))


def test_a_process_over_its_time_is_stopped(workplace: Path):
    with pytest.raises(TimedOut):
        run(["/bin/sleep", "30"], folder=workplace, limits=Limits(wall_seconds=0.5))


def test_canceling_ends_the_whole_group(workplace: Path):
    # Servers that other tests share are children of this process as well.
    others = psutil.Process().children(recursive=True)
    started: list[psutil.Process] = []

    def cancel() -> None:
        children = psutil.Process().children(recursive=True)
        started.extend(child for child in children if child not in others)
        raise Canceled

    with pytest.raises(Canceled):
        run(
            ["/bin/sh", "-c", "sleep 60 & wait"],
            folder=workplace,
            limits=Limits(),
            on_tick=cancel,
        )

    assert len(started) >= 2
    wait_until(lambda: not any(is_running(process.pid) for process in started), 20)


def test_a_process_cannot_outlive_the_worker_that_started_it(workplace: Path):
    worker = (
        "from pathlib import Path; from media_pipeline.transcoding.runner import *\n"
        "run(['/bin/sh', '-c', 'echo > ready; exec sleep 60'],"
        f" folder=Path({str(workplace)!r}), limits=Limits())"
    )
    process = subprocess.Popen([sys.executable, "-c", worker], cwd=ROOT)
    wait_until((workplace / "ready").exists)
    children = psutil.Process(process.pid).children(recursive=True)

    process.kill()
    process.wait()

    assert children
    wait_until(lambda: not any(is_running(child.pid) for child in children), 20)


@pytest.mark.parametrize(
    ("limits", "greed"),
    [
        (Limits(file_bytes=10_000), "open('big', 'wb').write(bytes(20_000))"),
        (Limits(memory_bytes=300 * 1024**2), "bytearray(500 * 1024**2)"),
        pytest.param(
            Limits(cpu_seconds=1),
            "while True: pass",
            marks=pytest.mark.engines("a second of CPU is the least limit there is"),
        ),
    ],
)
def test_a_process_cannot_take_more_than_it_was_given(workplace: Path, limits: Limits, greed: str):
    with pytest.raises(ProcessFailed):
        run([PYTHON, "-c", greed], folder=workplace, limits=limits)


@pytest.mark.engines("a second of CPU is the least limit there is")
def test_a_process_that_was_ended_is_told_from_one_that_failed(workplace: Path):
    with pytest.raises(Killed):
        run(["/bin/sh", "-c", "while :; do :; done"], folder=workplace, limits=Limits(cpu_seconds=1))
    with pytest.raises(ProcessFailed) as failed:
        run(["/bin/sh", "-c", "exit 1"], folder=workplace, limits=Limits())

    assert not isinstance(failed.value, Killed)


def test_a_process_sees_no_secret_of_ours(workplace: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_KEY", "very-secret")
    lines: list[str] = []

    run(["/usr/bin/env"], folder=workplace, limits=Limits(), on_line=lines.append)

    assert lines
    assert not any("very-secret" in line for line in lines)


@pytest.mark.parametrize("sandbox", ["bubblewrap"], indirect=True)
def test_a_process_sees_nothing_outside_its_folder(workplace: Path, tmp_path: Path):
    secret = tmp_path / "secret"
    secret.write_text("very-secret")

    with pytest.raises(ProcessFailed, match="No such file"):
        run(["/bin/cat", str(secret)], folder=workplace, limits=Limits())


def test_a_program_behind_a_link_is_run(workplace: Path, tmp_path: Path):
    link = tmp_path / "converter"
    link.symlink_to("/bin/echo")
    lines: list[str] = []

    run([str(link), "one"], folder=workplace, limits=Limits(), on_line=lines.append)

    assert lines == ["one"]
