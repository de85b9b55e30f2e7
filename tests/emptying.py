"""How the tables are emptied after a test with transactions of its own: down to what the migrations wrote."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.postgresql.operations import DatabaseOperations
from psycopg.errors import DeadlockDetected

from tests.template_database import written_by_migrations

ATTEMPTS = 6
Operations = DatabaseOperations


@contextmanager
def quick_and_patient_emptying() -> Iterator[None]:
    truncate, execute = Operations.sql_flush, Operations.execute_sql_flush

    def delete(self: Operations, style: Any, tables: Sequence[str], **how: bool) -> list[str]:
        """TRUNCATE makes each of 160 tables and their indexes anew, a second of work; nearly all of them are empty."""
        if not tables or any(how.values()):
            return truncate(self, style, tables, **how)
        if not may_set_triggers_aside(self):
            return [*truncate(self, style, tables), *written_by_migrations()]
        names = [self.quote_name(table) for table in tables]
        return [
            # As TRUNCATE does: what a server is writing is waited for, and emptied.
            f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE",
            # Records that nobody may delete are deleted too, in any order of tables.
            "SET LOCAL session_replication_role = replica",
            "; ".join(f"DELETE FROM {name}" for name in names),
            *written_by_migrations(),
        ]

    def try_again(self: Operations, sql: list[str]) -> None:
        """A server of a test may still be at its tables: PostgreSQL then ends one of the two."""
        for _ in range(ATTEMPTS - 1):
            try:
                return execute(self, sql)
            except OperationalError as error:
                if not isinstance(error.__cause__, DeadlockDetected):
                    raise
        return execute(self, sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Operations, "sql_flush", delete)
        patch.setattr(Operations, "execute_sql_flush", try_again)
        yield


def may_set_triggers_aside(operations: Operations) -> bool:
    """A superuser may, as the one of the embedded server is."""
    with operations.connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser')")
        return cursor.fetchone() == ("on",)
