"""Every task has a queue, and every queue is worked on in both modes: a notice never waits behind a transcode."""

import os
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from textwrap import dedent

import pytest
from celery import Task
from kombu import Connection

from jobs.declaring import Queue
from lms.celery import app
from lms.embedded.serve import site_processes
from scripts.scaled_check import services
from tests.external_programs import ROOT

NOTICES = (
    "accounts.tasks.send_code",
    "accounts.tasks.send_digests",
    "accounts.tasks.send_login_notices",
    "assessment.tasks.send_result_notices",
    "assessment.tasks.send_score_notices",
    "assessment.tasks.send_appeal_notices",
    "assessment.tasks.send_attempt_notices",
    "assessment.tasks.send_accommodation_notices",
    "assessment.tasks.send_exam_notices",
    "certificates.send_notices",
    "courses.tasks.send_announcements",
    "courses.tasks.send_attendance_notices",
    "courses.tasks.send_complaint_notices",
    "courses.tasks.send_correction_notices",
    "courses.tasks.send_question_notices",
    "courses.tasks.send_seat_notices",
    "live.tasks.send_class_notices",
)


def queues_of(command: list[str]) -> list[str]:
    """The queues that a worker of this command serves."""
    (named,) = [after for word, after in pairwise(command) if word == "--queues"]
    return named.split(",")


def in_compose() -> dict[str, list[str]]:
    commands = {
        name: shlex.split(service.get("command", ""))
        for name, service in services().items()
        if "build" in service
    }
    return {name: queues_of(command) for name, command in commands.items() if "worker" in command}


def in_embedded_mode(folder: Path) -> dict[str, list[str]]:
    processes = site_processes(os.environ, 8000, folder / "log")
    return {one.name: queues_of(list(one.command)) for one in processes if "worker" in one.command}


def ours(tasks: Mapping[str, Task]) -> dict[str, str]:
    """The queue of each task, by its name."""
    return {name: task.queue_name for name, task in tasks.items() if not name.startswith("celery.")}


def test_every_task_declares_its_queue(tasks: Mapping[str, Task]):
    assert set(ours(tasks).values()) == set(Queue)


def test_a_message_that_is_sent_by_name_goes_to_the_queue_of_its_task(tasks: Mapping[str, Task]):
    sent_to = {name: app.amqp.router.route({}, name)["queue"].name for name in ours(tasks)}

    assert sent_to == ours(tasks)


@pytest.mark.engines("a process of its own")
def test_a_process_of_pages_knows_the_queues_from_its_first_message():
    """It imports no task when it starts."""
    code = """
        from lms.celery import app
        assert "live.tasks.send_class_notices" not in app.tasks
        print(app.amqp.router.route({}, "live.tasks.send_class_notices")["queue"].name)
    """
    run = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()\n" + dedent(code)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )

    assert run.stdout.split() == [Queue.MESSAGES]


@pytest.mark.parametrize("mode", ["compose", "embedded"])
def test_every_queue_has_a_worker_and_no_worker_another_queue(mode: str, tmp_path: Path):
    served = in_compose() if mode == "compose" else in_embedded_mode(tmp_path)

    assert Counter(queue for queues in served.values() for queue in queues) == Counter(Queue)


@pytest.mark.parametrize("mode", ["compose", "embedded"])
def test_who_sends_notices_does_nothing_else(mode: str, tmp_path: Path):
    served = in_compose() if mode == "compose" else in_embedded_mode(tmp_path)

    assert [queues for queues in served.values() if Queue.MESSAGES in queues] == [[Queue.MESSAGES]]


def test_all_that_sends_notices_and_nothing_else_is_in_the_queue_of_messages(tasks: Mapping[str, Task]):
    assert {name for name, queue in ours(tasks).items() if queue == Queue.MESSAGES} == set(NOTICES)


def test_workers_of_one_machine_have_names_of_their_own(tmp_path: Path):
    commands = [one.command for one in site_processes(os.environ, 8000, tmp_path / "log")]
    names = [after for command in commands for word, after in pairwise(command) if word == "--hostname"]

    assert len(set(names)) == len(names) == len(in_embedded_mode(tmp_path))


def test_a_message_lies_in_the_queue_of_its_task_alone(tmp_path: Path):
    folders = {name: str(tmp_path / name) for name in ("messages", "control")}
    options = {"data_folder_in": folders["messages"], "data_folder_out": folders["messages"]}
    with Connection(
        "files://localhost", transport_options={**options, "control_folder": folders["control"]}
    ) as broker:
        for folder in folders.values():
            Path(folder).mkdir()
        app.send_task("media_pipeline.tasks.work", connection=broker)
        app.send_task("live.tasks.send_class_notices", connection=broker)

    queues = sorted(file.name.split(".")[1] for file in (tmp_path / "messages").iterdir())
    assert queues == [Queue.MEDIA, Queue.MESSAGES]
