"""Stops the running step of a worker that is asked to stop.

A warm shutdown of Celery waits for running tasks, and a chunk may take minutes. So the signal is passed to the pool's
processes through a byte of shared memory, which they read on every tick, and the step is released for another worker at
once.
"""

import mmap
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Made before the pool is forked, and shared with it.
_asked = mmap.mmap(-1, 1)
_asked_here = threading.Event()


def ask_to_stop() -> None:
    """Every step of this worker, its pool's included, stops at the next tick."""
    _asked[0] = 1


def is_stopping() -> bool:
    return _asked[0] == 1 or _asked_here.is_set()


@contextmanager
def stoppable() -> Iterator[None]:
    """Inside, SIGTERM to this very process (a supervisor that signals the whole group) asks to stop, too.

    SIGTERM is then sent again at the end of the block.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: _asked_here.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        if _asked_here.is_set():
            _asked_here.clear()
            os.kill(os.getpid(), signal.SIGTERM)
