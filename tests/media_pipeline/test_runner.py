"""A process ends when it should, with everything it started, and cannot take more than it was given."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from media_pipeline.transcoding.runner import Limits, ProcessFailed, Stalled, TimedOut, run

ROOT = Path(__file__).resolve().parents[2]


class Canceled(Exception):
    pass


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def wait_for(condition, seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_output_arrives_line_by_line_and_time_is_counted(workplace: Path):
    lines: list[str] = []

    finished = run(
        ["/bin/sh", "-c", "echo one; echo two"], folder=workplace, limits=Limits(), on_line=lines.append
    )

    assert lines == ["one", "two"]
    assert finished.cpu_seconds > 0


def test_a_failure_carries_the_end_of_what_was_said(workplace: Path):
    talk = "import sys; sys.stderr.write('x' * 100_000 + ' the reason'); sys.exit(3)"

    with pytest.raises(ProcessFailed, match=r"ended with 3.*the reason") as caught:
        run([sys.executable, "-c", talk], folder=workplace, limits=Limits())

    assert len(caught.value.tail) <= 4_000


def test_a_process_that_says_nothing_new_is_stopped(workplace: Path):
    hung = "while true; do echo out_time_us=7; sleep 0.1; done"

    with pytest.raises(Stalled):
        run(["/bin/sh", "-c", hung], folder=workplace, limits=Limits(stall_seconds=0.5))


def test_a_process_over_its_time_is_stopped(workplace: Path):
    with pytest.raises(TimedOut):
        run(["/bin/sleep", "30"], folder=workplace, limits=Limits(wall_seconds=0.5))


def test_canceling_ends_the_whole_group(workplace: Path):
    ids: list[int] = []

    def cancel() -> None:
        raise Canceled

    with pytest.raises(Canceled):
        run(
            ["/bin/sh", "-c", "sleep 60 & echo $!; echo $$; wait"],
            folder=workplace,
            limits=Limits(),
            on_line=lambda line: ids.append(int(line)),
            on_tick=cancel,
        )

    assert len(ids) == 2
    assert wait_for(lambda: not any(is_running(pid) for pid in ids))


def test_a_process_cannot_outlive_the_worker_that_started_it(workplace: Path):
    worker = (
        "from pathlib import Path; from media_pipeline.transcoding.runner import *\n"
        f"run(['/bin/sh', '-c', 'echo $$ > pid; exec sleep 60'], folder=Path({str(workplace)!r}), limits=Limits())"
    )
    process = subprocess.Popen([sys.executable, "-c", worker], cwd=ROOT)
    assert wait_for(lambda: (workplace / "pid").exists() and (workplace / "pid").read_text().strip())
    child = int((workplace / "pid").read_text())

    process.kill()
    process.wait()

    assert wait_for(lambda: not is_running(child))


@pytest.mark.parametrize(
    ("limits", "greed"),
    [
        (Limits(file_bytes=10_000), "open('big', 'wb').write(bytes(20_000))"),
        (Limits(memory_bytes=300 * 1024**2), "bytearray(500 * 1024**2)"),
        (Limits(cpu_seconds=1), "while True: pass"),
    ],
)
def test_a_process_cannot_take_more_than_it_was_given(workplace: Path, limits: Limits, greed: str):
    with pytest.raises(ProcessFailed):
        run([sys.executable, "-c", greed], folder=workplace, limits=limits)


def test_a_process_sees_no_secret_of_ours(workplace: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_KEY", "very-secret")
    lines: list[str] = []

    run(["/usr/bin/env"], folder=workplace, limits=Limits(), on_line=lines.append)

    assert lines
    assert not any("very-secret" in line for line in lines)
