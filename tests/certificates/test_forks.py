"""A worker that forks while a thread of it opens a key: its child signs all the same."""

import os
import threading

import pytest

from certificates.services import signers


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_may_open_keys_though_a_thread_of_its_parent_was_at_it():
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with signers._lock:
            holding.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait()
    child = os.fork()
    if not child:
        os._exit(0 if signers._lock.acquire(timeout=1) else 1)
    _pid, status = os.waitpid(child, 0)
    done.set()
    thread.join()

    assert os.waitstatus_to_exitcode(status) == 0
