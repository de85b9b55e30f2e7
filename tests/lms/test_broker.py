"""Messages of the embedded mode are written atomically: a full disk or a power cut stops no worker."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from lms.broker import Channel
from lms.celery import CeleryApp
from tests.external_programs import ROOT, on_a_small_disk


def options(folder: Path) -> dict[str, str]:
    return {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def channel(folder: Path) -> Iterator[Channel]:
    with Connection("files://localhost", transport_options=options(folder)) as connection:
        yield connection.channel()


def test_a_message_comes_out_as_it_went_in(channel: Channel, folder: Path):
    channel._put("celery", {"body": "دق"})

    assert channel._get("celery") == {"body": "دق"}
    assert list((folder / "messages").iterdir()) == []


@pytest.mark.parametrize("content", [b"", b'{"body": "ring', b"\xff\xfe\x00"])
def test_a_torn_message_is_left_out_and_the_next_one_comes(
    content: bytes, channel: Channel, folder: Path, caplog
):
    (folder / "messages" / "1_torn.celery.msg").write_bytes(content)
    channel._put("celery", {"body": "ring"})

    assert channel._get("celery") == {"body": "ring"}
    with pytest.raises(Empty):
        channel._get("celery")
    assert "could not be read" in caplog.text


@pytest.mark.parametrize("content", ["", '[["", "", "cel', "{}", "null"])
def test_a_torn_table_of_queues_is_set_aside_and_written_again(content: str, channel: Channel, folder: Path):
    (folder / "control" / "celeryev.exchange").write_text(content)

    assert channel.get_table("celeryev") == []
    channel._queue_bind("celeryev", "worker.#", "", "events")

    assert [tuple(row) for row in channel.get_table("celeryev")] == [("worker.#", "", "events")]


FILL = """
import sys
from kombu import Connection
from kombu.exceptions import ChannelError
import lms.celery
folder = sys.argv[1]
connection = Connection("files://localhost", transport_options={"data_folder_in": folder, "data_folder_out": folder})
channel, put = connection.channel(), 0
try:
    while True:
        channel._put("celery", {"body": "x" * 5000})
        put += 1
except ChannelError as error:
    assert "No space left" in str(error), error
read = 0
try:
    while True:
        assert channel._get("celery") == {"body": "x" * 5000}
        read += 1
except Exception as end:
    print(put, read, type(end).__name__)
"""


def test_a_full_disk_refuses_a_message_and_keeps_those_before_it(folder: Path):
    messages = folder / "messages"
    command = [*on_a_small_disk(messages, size="64k"), sys.executable, "-c", FILL, str(messages)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)

    put, read, end = done.stdout.split() or [done.stderr] * 3
    assert (int(put) > 3, int(read), end) == (True, int(put), "Empty")


def test_a_task_that_cannot_be_enqueued_fails_no_request(folder: Path, caplog: pytest.LogCaptureFixture):
    app = CeleryApp("away", set_as_current=False)
    app.conf.update(broker_url="files://localhost", broker_transport_options=options(folder / "gone"))
    app.conf.task_publish_retry = False

    with caplog.at_level(logging.WARNING):
        assert app.send_task("certificates.tasks.render_chunk", args=[[1]]) is None

    assert "The task certificates.tasks.render_chunk was not enqueued" in caplog.text


def test_an_unwritable_message_is_an_error_of_the_channel(channel: Channel, folder: Path):
    (folder / "messages").rmdir()

    with pytest.raises(ChannelError):
        channel._put("celery", {"body": "ring"})
