"""A worker that forks while one of its threads holds the lock of a key or a token: its child can sign."""

import os
import threading
from types import ModuleType

import pytest

from certificates.sealing import tokens
from certificates.services import signers


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize(("module", "lock"), [(signers, "_lock"), (tokens, "_LOCK")])
def test_a_child_may_sign_though_a_thread_of_its_parent_was_at_it(module: ModuleType, lock: str):
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        with getattr(module, lock):
            holding.set()
            done.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait()
    child = os.fork()
    if not child:
        os._exit(0 if getattr(module, lock).acquire(timeout=1) else 1)
    _pid, status = os.waitpid(child, 0)
    done.set()
    thread.join()

    assert os.waitstatus_to_exitcode(status) == 0
