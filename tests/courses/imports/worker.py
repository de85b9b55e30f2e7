"""A worker of imports in a process of its own: says how far it is, and at the end how long it took and its peak memory.

python -m tests.courses.imports.worker RUN
"""

import json
import resource
import sys
import time

import django

django.setup()

from courses.models import ImportRun  # noqa: E402 - Django first
from courses.services import imports  # noqa: E402
from jobs.enums import OPEN_STATES  # noqa: E402


def main(run_id: int) -> None:
    start = time.monotonic()
    do_unit = imports._do_unit

    def told(run: ImportRun, *rest: object) -> None:
        do_unit(run, *rest)  # type: ignore[arg-type]
        print(run.position, flush=True)

    imports._do_unit = told
    while ImportRun.objects.filter(pk=run_id, state__in=OPEN_STATES).exists():
        imports.work_on_import(run_id=run_id)
    used = resource.getrusage(resource.RUSAGE_SELF)
    said = {
        "seconds": round(time.monotonic() - start, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "megabytes": used.ru_maxrss // 1024,
    }
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
