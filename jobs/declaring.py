"""Declares tasks, with the work of each: which queue takes it, how often beat asks for it and how long it may take.

Workers, beat and the routes of messages read these declarations; there is no other table.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from inspect import signature
from typing import Any

from celery import Task, shared_task
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured


class Queue(StrEnum):
    """Each has workers of its own, in docker-compose.yml and in the embedded mode: a notice must not wait behind a transcode."""

    # Tasks that process uploaded videos, streams or slides: for minutes, in the sandbox, without signing keys.
    MEDIA = "media"
    # Signing, and rendering of what is signed.
    CERTIFICATES = "certificates"
    # Notices: mails and short messages.
    MESSAGES = "messages"
    # Short tasks. Recovery belongs here: it dispatches what a busy queue has lost, and must not wait in it.
    DEFAULT = "default"


# Seconds, or minutes and hours in UTC.
type Rhythm = float | crontab

_declared_at: dict[str, str] = {}


def task(
    queue: Queue, *, every: Rhythm | tuple[Rhythm, ...] = (), drops_late: bool = False, **options: Any
) -> Callable[[Callable[..., None]], Task]:
    """Declare a function as a task of `queue`.

    `every`: when beat asks for it; `drops_late`: a run that no worker took before the next one is dropped; `options`: those of Celery, `time_limit` in seconds.
    Raises `ImproperlyConfigured`, with the place, where a name is declared twice, or where beat would have to know an argument.
    """
    rhythms = every if isinstance(every, tuple) else (every,)

    def declare(function: Callable[..., None]) -> Task:
        name = options.pop("name", "") or f"{function.__module__}.{function.__name__}"
        code = function.__code__
        place = f"{code.co_filename}:{code.co_firstlineno}"
        if first := _declared_at.get(name):
            raise ImproperlyConfigured(f"{place}: the task {name} is declared at {first}, too.")
        if rhythms and signature(function).parameters:
            raise ImproperlyConfigured(f"{place}: beat asks for {name} and knows no argument of it.")
        if drops_late and not all(isinstance(rhythm, (int, float)) for rhythm in rhythms):
            raise ImproperlyConfigured(
                f"{place}: {name} drops late runs, and not all its rhythms are seconds."
            )
        _declared_at[name] = place
        # An attribute `queue` is Celery's own and goes with its version 6.
        return shared_task(
            name=name, queue_name=queue.value, rhythms=rhythms, drops_late=drops_late, **options
        )(function)

    return declare


def schedule(tasks: Mapping[str, Task]) -> dict[str, dict[str, Any]]:
    """What beat asks for, as Celery wants it: by the name of the task, with a number where it has a further rhythm."""
    entries: dict[str, dict[str, Any]] = {}
    for name, declared in sorted(tasks.items()):
        for number, rhythm in enumerate(getattr(declared, "rhythms", ())):
            entry = {"task": name, "schedule": rhythm}
            if declared.drops_late:
                entry["options"] = {"expires": rhythm}
            entries[f"{name} {number + 1}" if number else name] = entry
    return entries
