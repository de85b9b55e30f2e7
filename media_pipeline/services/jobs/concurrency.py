"""Limits the steps that one machine runs at once, over all its workers and their processes.

A slot is a locked file: the kernel releases it when the process that holds it ends.
"""

import fcntl
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from media_pipeline.folders import slots_folder

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
CGROUP_MEMORY = Path("/sys/fs/cgroup/memory.max")
# A generous estimate of the memory for a chunk of 1080p in six qualities, not a measurement.
BYTES_PER_STEP = 1_500_000_000


@contextmanager
def concurrency_slot() -> Iterator[bool]:
    """Yields whether this machine may run one more step; if so, the slot is held inside the block."""
    folder = slots_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(settings.MEDIA_STEPS_AT_ONCE or steps_that_fit()):
        descriptor = os.open(folder / f"{_machine()}-{number}", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        try:
            yield True
        finally:
            os.close(descriptor)
        return
    yield False


def steps_that_fit() -> int:
    """One step a core, as far as the memory goes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, _memory() // BYTES_PER_STEP))


def _memory() -> int:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    bound = CGROUP_MEMORY.read_text().strip() if CGROUP_MEMORY.exists() else ""
    return min(memory, int(bound)) if bound.isdecimal() else memory


def _machine() -> str:
    # The same in every container of a machine, different on every machine that shares the folder.
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else platform.node()
