"""Celery beat: enqueues periodic tasks by the rhythms that these declare (`jobs.declaring`)."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from celery.beat import PersistentScheduler
from django.conf import settings

from jobs.declaring import schedule

# The longest sleep of beat in seconds: a heartbeat older than a few of these means that beat has stopped.
LONGEST_SLEEP_SECONDS = 30


class Scheduler(PersistentScheduler):
    """Celery's scheduler with the rhythms of our tasks and a heartbeat: each tick touches a file, which `scripts/health.py beat` checks."""

    def setup_schedule(self) -> None:
        self.app.loader.import_default_modules()
        self.app.conf.beat_schedule = schedule(self.app.tasks)
        super().setup_schedule()

    def tick(self, *arguments: Any, **options: Any) -> float:
        pause: float = super().tick(*arguments, **options)
        # On a full disk the heartbeat is missed; the tick is done.
        with suppress(OSError):
            heartbeat_file().touch()
        return pause


def heartbeat_file() -> Path:
    return Path(settings.CELERY_BEAT_SCHEDULE_FILENAME).with_name("beat-heartbeat")
