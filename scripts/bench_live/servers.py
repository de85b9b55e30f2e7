"""The servers that are compared, each a process of its own on a free port of this machine."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from lms.embedded.environment import ROOT
from lms.embedded.postgres import free_port

WEBSERVER = ["-m", "lms.webserver", "-b", "127.0.0.1", "-v", "0", "-p"]


class Server:
    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port

    @property
    def pid(self) -> int:
        return self.process.pid


def wait_until_listening(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{process.args!r} did not start")


@contextmanager
def program(words: list[str], port: int, **environment: str) -> Iterator[Server]:
    process = subprocess.Popen(
        words,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get("SHOW_SERVER") else subprocess.DEVNULL,
    )
    try:
        wait_until_listening(process, port)
        yield Server(process, port)
    finally:
        # No good-bye: what a server still has to send to a thousand sockets is of no interest.
        process.kill()
        process.wait()


@contextmanager
def ours(*, server: str = "uvicorn", is_batched: bool = True) -> Iterator[Server]:
    port = free_port()
    words = [sys.executable, *WEBSERVER, str(port), "scripts.bench_live.room:application"]
    with program(words, port, SOCKET_SERVER=server, BENCH_BATCHED=str(int(is_batched))) as started:
        yield started


@contextmanager
def documented() -> Iterator[Server]:
    redis_port, port = free_port(), free_port()
    redis = shutil.which("redis-server")
    if redis is None:
        sys.exit("redis-server not found (Debian: apt install redis-server).")
    words = [sys.executable, *WEBSERVER, str(port), "scripts.bench_live.documented:application"]
    store = [redis, "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    environment = {
        "BENCH_REDIS": f"redis://127.0.0.1:{redis_port}/0",
        "DJANGO_SETTINGS_MODULE": "scripts.bench_live.documented_settings",
    }
    with program(store, redis_port), program(words, port, **environment) as started:
        yield started


@contextmanager
def broadcast() -> Iterator[Server]:
    port = free_port()
    with program([sys.executable, "-m", "scripts.bench_live.broadcast", str(port)], port) as started:
        yield started
