"""What a connection of the tests prepared stays prepared after a rollback, with which nearly every test ends.

Psycopg forgets its statements after each rollback, because that may take back a table, and another one may get its name. Tests
make no tables. Where each test prepared its own, PostgreSQL planned the same statements thousands of times, which was two fifths of its time.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg._preparing import Key, Prepare, PrepareManager
from psycopg._queries import PostgresQuery
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

OF_A_SCHEMA = re.compile(rb"(?:DROP|ALTER|DISCARD ALL|DEALLOCATE ALL)\b")


class KeptStatements(PrepareManager):
    """Prepares what is asked for the second time (the site: the fifth). A plan takes 80 kB of PostgreSQL's memory."""

    prepare_threshold = 1
    prepared_max = 2_000

    def clear(self) -> bool:
        """Psycopg asks for it after a rollback."""
        return False

    def maybe_add_to_cache(self, query: PostgresQuery, prep: Prepare, name: bytes) -> Key | None:
        # Each savepoint has a name of its own: thousands would drive out what is asked again.
        return None if b"SAVEPOINT " in query.query[:22] else super().maybe_add_to_cache(query, prep, name)

    def _should_discard(self, _prep: Prepare, results: Sequence[PGresult]) -> bool:
        changed = (r.command_status for r in results if r.status == ExecStatus.COMMAND_OK)
        return any(OF_A_SCHEMA.match(done or b"") for done in changed) and super().clear()


@contextmanager
def statements_kept() -> Iterator[None]:
    """For the connections that are opened while this is open."""
    connection_created.connect(keep_statements)
    yield
    connection_created.disconnect(keep_statements)


def keep_statements(connection: BaseDatabaseWrapper, **_: Any) -> None:
    connection.connection._prepared = KeptStatements()
    # PostgreSQL would make five plans with the values of parameters before it tries one for all values.
    connection.connection.execute("SET plan_cache_mode = force_generic_plan")
