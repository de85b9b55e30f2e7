"""A database for one worker: a copy of the tests' template, with one clock."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from lms.owner import as_owner
from scripts.world import clock
from tests.template_database import ensure_template


@contextmanager
def of_the_world() -> Iterator[None]:
    test = connection.settings_dict["TEST"]
    with as_owner():
        test["TEMPLATE"], test["NAME"] = ensure_template(), f"world_{os.getpid()}"
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        clock.install()
        copy = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        with as_owner(), connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
