"""Migrations run in tests: on the template of all databases, and back and forth on a database in use."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lms.owner import as_owner


@contextmanager
def rare_garbage_collection() -> Iterator[None]:
    """Migrations make tens of thousands of model classes, and each collection walks through all of them: half the time."""
    usual = gc.get_threshold()
    gc.set_threshold(1_000_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def migrate_to(app: str, name: str) -> Any:
    """Go to a migration of an app; the models of that time.

    Going back takes along what other apps have built on it since.
    """
    with rare_garbage_collection(), as_owner():
        executor = MigrationExecutor(connection)
        executor.migrate([(app, name)])
        return executor.loader.project_state([(app, name)]).apps


def migrate_fully() -> None:
    """Go to the last migrations of all apps."""
    with rare_garbage_collection(), as_owner():
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
