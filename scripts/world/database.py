"""A database for one worker: a copy of the tests' template, with one clock."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from django.db import connection

from lms.owner import as_owner
from scripts.world import clock
from tests.template_database import ensure_template

KEYS_OF_A_COPY = 1_000_000
_copies = count(1)


@contextmanager
def of_the_world() -> Iterator[None]:
    test = connection.settings_dict["TEST"]
    with as_owner():
        test["TEMPLATE"], test["NAME"] = ensure_template(), f"world_{os.getpid()}"
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        clock.install()
        _begin_keys_at(next(_copies) * KEYS_OF_A_COPY)
        copy = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        with as_owner(), connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


def _begin_keys_at(first: int) -> None:
    """So that no two rows of a process have one key: what never changes is kept in memory by its key, across databases."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, %s) FROM pg_sequences",
            [first],
        )
