import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from lms.embedded import readiness, supervisor
from lms.embedded.postgres import free_port
from lms.embedded.readiness import Address, keep_ready
from lms.embedded.serve import run_quietly
from lms.embedded.supervisor import Process, supervise
from tests.served_site import database_url
from tests.waiting import becomes_true

pytestmark = pytest.mark.engines("starts processes, fails them and waits for their replacement")


SLEEPER = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1], str(os.getpid())).touch(); time.sleep(60)"
# A program with a child that ignores being asked, as a pool worker in the middle of its work does.
PARENT = (
    "import subprocess, sys, time;"
    "subprocess.Popen([sys.executable, '-c', 'import signal; signal.signal(15, signal.SIG_IGN);' + sys.argv[2],"
    " sys.argv[1]]); time.sleep(60)"
)


def is_over(pid: int) -> bool:
    """Whether the process stopped working: init may not collect it."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def noted(folder: Path) -> list[int]:
    return [int(file.name) for file in folder.iterdir()]


async def pids_in(folder: Path, count: int) -> list[int]:
    """The processes that have noted themselves in ``folder``, once there are ``count``."""
    await becomes_true(lambda: len(noted(folder)) >= count)
    return noted(folder)


def written(file: Path) -> str:
    return file.read_text() if file.exists() else ""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


def process(notes: Path, *arguments: str) -> Process:
    return Process("sleeper", [sys.executable, "-c", *arguments], os.environ, notes.parent / "sleeper.log")


async def test_a_killed_process_is_restarted_and_reported_on_the_terminal(notes, capfd):
    async def work() -> int:
        [first] = await pids_in(notes, 1)
        os.kill(first, signal.SIGKILL)
        await pids_in(notes, 2)
        return 0

    status = await supervise([process(notes, SLEEPER, str(notes))], work)

    assert status == 0
    assert "sleeper | ended (signal 9); starting it again in 0.5 s" in capfd.readouterr().err


async def test_when_the_work_ends_nothing_is_left_running(notes):
    async def work() -> int:
        await pids_in(notes, 1)
        return 3

    status = await supervise([process(notes, PARENT, str(notes), SLEEPER)], work)

    [grandchild] = await pids_in(notes, 1)
    assert status == 3
    await becomes_true(lambda: is_over(grandchild), 20)


async def test_a_program_that_is_asked_to_end_while_it_starts_ends(notes):
    sleeper = process(notes, SLEEPER, str(notes))
    runner = asyncio.create_task(sleeper.keep_running())
    await asyncio.sleep(0)

    sleeper.stop()

    async with asyncio.timeout(10):
        await runner


async def test_a_program_that_is_given_up_is_waited_for(notes):
    sleeper = process(notes, SLEEPER, str(notes))
    runner = asyncio.create_task(sleeper.keep_running())
    [pid] = await pids_in(notes, 1)

    runner.cancel()
    await asyncio.wait([runner])

    assert not psutil.pid_exists(pid)


async def test_children_of_a_killed_process_end_before_the_next_one_starts(notes):
    async def work() -> int:
        [grandchild] = await pids_in(notes, 1)
        psutil.Process(grandchild).parent().kill()
        await pids_in(notes, 2)
        await becomes_true(lambda: is_over(grandchild), 20)
        return 0

    status = await supervise([process(notes, PARENT, str(notes), SLEEPER)], work)

    assert status == 0


async def test_failing_work_stops_the_processes_and_raises(notes):
    async def work() -> int:
        await pids_in(notes, 1)
        raise RuntimeError("the road is closed")

    with pytest.raises(RuntimeError, match="the road is closed"):
        await supervise([process(notes, SLEEPER, str(notes))], work)

    [sleeper] = await pids_in(notes, 1)
    await becomes_true(lambda: is_over(sleeper), 20)


TALKER = "import os, pathlib, sys; print('x' * 100_000); pathlib.Path(sys.argv[1], str(os.getpid())).touch()"


async def test_a_full_disk_under_the_log_stops_no_process(notes):
    talker = Process("talker", [sys.executable, "-c", TALKER, str(notes)], os.environ, Path("/dev/full"))

    async def work() -> int:
        # Each run says more than a pipe holds: it ends only if somebody reads.
        await pids_in(notes, 2)
        return 0

    assert await supervise([talker], work) == 0


async def test_what_a_command_prints_is_not_scrolled_away(notes, capfd):
    talker = process(notes, "import time\nwhile True: print('task received', flush=True); time.sleep(0.01)")

    async def work() -> int:
        await becomes_true(lambda: "task received" in written(talker.log))
        capfd.readouterr()
        status = await run_quietly([sys.executable, "-c", "print('logins')"], os.environ, [talker])
        lines = len(written(talker.log))
        await becomes_true(lambda: len(written(talker.log)) > lines)
        return status

    status = await supervise([talker], work)

    printed = capfd.readouterr()
    assert (status, printed.out.splitlines()) == (0, ["logins"])
    assert "task received" not in printed.err


async def test_a_log_is_bounded_and_one_older_is_kept(notes, monkeypatch):
    monkeypatch.setattr(supervisor, "LOG_BYTES", 1000)
    talker = process(notes, "import sys\nfor line in range(300): print(f'line {line:04}')\nsys.stdin.read()")
    older = talker.log.with_name("sleeper.log.1")

    async def work() -> int:
        await becomes_true(lambda: "line 0299" in written(talker.log))
        return 0

    await supervise([talker], work)

    assert talker.log.stat().st_size <= 1010
    assert older.stat().st_size <= 1010
    assert [file.name for file in sorted(notes.parent.glob("sleeper.log*"))] == [
        "sleeper.log",
        "sleeper.log.1",
    ]


async def test_a_program_that_cannot_be_started_is_tried_again(notes, tmp_path, capfd):
    program = tmp_path / "program"
    missing = Process("late", [str(program), "-c", SLEEPER, str(notes)], os.environ, tmp_path / "late.log")

    async def work() -> int:
        await becomes_true(lambda: "late | ended (not started: " in capfd.readouterr().err)
        program.symlink_to(sys.executable)
        await pids_in(notes, 1)
        return 0

    assert await supervise([missing], work) == 0


async def test_a_web_process_that_is_not_ready_is_replaced(notes, monkeypatch, capfd):
    monkeypatch.setattr(readiness, "READINESS_WATCH_SECONDS", 0.05)
    monkeypatch.setattr(readiness, "UNREADY_SECONDS", 0.2)
    web = process(notes, SLEEPER, str(notes))

    async def work() -> int:
        nowhere = Address(free_port(), "http://localhost")
        watch = asyncio.create_task(keep_ready(web, nowhere, database_url=database_url()))
        await pids_in(notes, 2)
        watch.cancel()
        return 0

    assert await supervise([web], work) == 0
    assert "was not ready for 0.2 s; it is replaced" in capfd.readouterr().err


async def test_a_web_process_is_kept_while_the_database_is_away(notes, monkeypatch):
    monkeypatch.setattr(readiness, "READINESS_WATCH_SECONDS", 0.01)
    monkeypatch.setattr(readiness, "UNREADY_SECONDS", 0.05)
    web = process(notes, SLEEPER, str(notes))

    async def work() -> int:
        [first] = await pids_in(notes, 1)
        away = f"postgres://guest@127.0.0.1:{free_port()}/none"
        watch = asyncio.create_task(
            keep_ready(web, Address(free_port(), "http://localhost"), database_url=away)
        )
        # Time is the subject: ten times as long as a web process may be unready.
        await asyncio.sleep(0.5)
        watch.cancel()
        assert noted(notes) == [first]
        return 0

    assert await supervise([web], work) == 0
