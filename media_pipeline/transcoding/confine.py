"""Limits this process, then becomes the given command: `python confine.py <json limits> <command> ...`.

A program of its own rather than a `preexec_fn`, which is unsafe in processes with threads (Celery, ASGI).
"""

import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


def main() -> None:
    limits = json.loads(sys.argv[1])
    command = sys.argv[2:]
    if sys.platform == "linux":
        _tie_to_parent(limits["parent"])
    os.nice(limits["nice"])
    for name, value in (
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(name)
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (bound, bound))
    os.execv(command[0], command)  # noqa: S606  # no shell is the point


def _tie_to_parent(parent: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        # The parent died before the request was registered.
        sys.exit("the worker that wanted this is gone")
    # When memory runs out, the kernel should take the converter before the worker or the database.
    score = Path("/proc/self/oom_score_adj")
    if score.exists() and os.access(score, os.W_OK):
        score.write_text("600")


main()
