"""A broker that loses all messages: each video is still prepared once."""

import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from kombu import Connection

from jobs.tasks import recover_jobs
from media_pipeline import tasks
from media_pipeline.enums import JobState, StepState
from media_pipeline.models import PublishedVersion, TranscodeStep, Video
from tests.external_programs import program
from tests.media_pipeline import clips
from tests.media_pipeline.transcode_jobs.workers import encoders, started_workers, wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.scaled("workers on a Redis that forgets everything"),
]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    redis_server = program("redis-server", package="redis-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path), "--save", ""]
    server = subprocess.Popen([redis_server, *options], stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait()


def send(task: object, broker: str) -> None:
    with Connection(broker) as connection:
        task.apply_async(connection=connection)  # type: ignore[attr-defined]


def test_a_flushed_broker_loses_no_video_and_doubles_none(
    clip_folder: Path, upload: Callable[..., Video], broker: str
):
    source = clips.make_video(
        clip_folder / "flushed.mp4", size="640x360", fps="10", seconds=26, options=("-g", "10")
    )
    client = redis.Redis.from_url(broker)
    with started_workers() as start:
        for name in ("one", "two"):
            start(name, REDIS_URL=broker)
        first = upload(source)
        wait_for(client.ping)
        send(tasks.work, broker)
        wait_for(lambda: TranscodeStep.objects.filter(state=StepState.RUNNING, phase__gt=0).exists())

        # This deletes the messages, their acknowledgments and the bindings of queues.
        client.flushall()
        second = upload(source)
        client.flushall()

        def recovered() -> bool:
            # Recovery as beat runs it, by one worker, whose messages reach the others.
            send(recover_jobs, broker)
            return not Video.objects.exclude(jobs__state=JobState.DONE).exists()

        wait_for(recovered)
        client.close()
    for video in (first, second):
        assert list(
            PublishedVersion.objects.filter(video=video).order_by("number").values_list("number", flat=True)
        ) == [1, 2]
    assert set(TranscodeStep.objects.values_list("attempts", flat=True)) == {1}
    assert not encoders()
