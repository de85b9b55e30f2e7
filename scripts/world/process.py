"""What a process of `make world` does first: Django is set up here, and the rest imported after that."""

import os
from typing import Any

import django


def work(number: int, seeds: Any, results: Any, seconds: float) -> None:
    """One worker: a database, a stage, and one history after another in one transaction each."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()

    from scripts.world.worker import histories  # noqa: PLC0415 - needs the set-up

    results.put((number, histories(seeds, seconds)))
