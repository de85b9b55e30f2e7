"""Limits this process, then becomes the given command: `python limited_process.py <five numbers> <command> ...`.

The numbers: the parent's process id, niceness, CPU seconds, bytes of a file, bytes of memory.

A program of its own rather than a `preexec_fn`, which is unsafe in processes with threads (Celery, ASGI). It imports
little: each of the dozen processes of a video waits for it.
"""

import ctypes
import os
import resource
import sys

PR_SET_PDEATHSIG = 1
# POSIX: the `signal` module takes a quarter of the whole start to import.
SIGKILL = 9
PR_SET_NO_NEW_PRIVS = 38
NUMBERS = 5
OOM_SCORE = "/proc/self/oom_score_adj"


def main() -> None:
    parent, nice, cpu_seconds, file_bytes, memory_bytes = map(int, sys.argv[1 : 1 + NUMBERS])
    command = sys.argv[1 + NUMBERS :]
    if sys.platform == "linux":
        _tie_to_parent(parent)
    os.nice(nice)
    for name, value in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_AS, memory_bytes),
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
    libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        # The parent died before the request was registered.
        sys.exit("the worker that wanted this is gone")
    # When memory runs out, the kernel should take the converter before the worker or the database.
    if os.access(OOM_SCORE, os.W_OK):
        with open(OOM_SCORE, "w") as score:  # noqa: PTH123  # pathlib takes longer to import than all of this
            score.write("600")


main()
