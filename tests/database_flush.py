"""Empties the tables after a test with transactions of its own, and restores the rows that migrations wrote."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase
from psycopg.errors import DeadlockDetected

from tests.database_owner import AS_MIGRATED, run_as_owner

ATTEMPTS = 6


@contextmanager
def fast_flush() -> Iterator[None]:
    """Django's own way truncates all of 160 tables and then asks for every permission and content type: a second of work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: empty_tables())
        yield


def empty_tables() -> None:
    """Bring every table back to what the migrations wrote; waits for a server of the test that is still writing."""
    for _ in range(ATTEMPTS - 1):
        try:
            return restore_changed_tables()
        except OperationalError as error:
            # PostgreSQL ended one of two that waited for each other.
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
    return restore_changed_tables()


@transaction.atomic
def restore_changed_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(columns_of_tables())} IN ACCESS EXCLUSIVE MODE")
    if changed := changed_tables():
        restore(changed)


def changed_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(map(change_of, columns_of_tables())))
        return [name for (name,) in cursor.fetchall()]


@transaction.atomic
def restore(tables: Collection[str]) -> None:
    # Append-only records are deleted too, in any order of tables.
    run_as_owner("SET LOCAL session_replication_role = replica")
    emptied = [f"DELETE FROM {name}" for name in tables]
    written = [
        f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {AS_MIGRATED}.{name}"
        for name in tables
        if (columns := columns_of_tables()[name])
    ]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(emptied + written))


@cache
def columns_of_tables() -> dict[str, str]:
    """Every table of the site; for those into which the migrations wrote, their columns, else nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(now.table_name), string_agg(quote_ident(now.column_name), ', ')"
            " FILTER (WHERE written.table_name IS NOT NULL AND now.is_generated = 'NEVER')"
            " FROM information_schema.tables AS one JOIN information_schema.columns AS now USING (table_schema, table_name)"
            " LEFT JOIN information_schema.columns AS written ON written.table_schema = %s"
            " AND (written.table_name, written.column_name) = (now.table_name, now.column_name)"
            " WHERE one.table_schema = 'public' AND one.table_type = 'BASE TABLE' AND one.table_name <> 'django_migrations'"
            " GROUP BY 1 ORDER BY 1",
            [AS_MIGRATED],
        )
        return {name: columns or "" for name, columns in cursor.fetchall()}


def change_of(name: str) -> str:
    """The name of a table, where it is not as the migrations left it."""
    if not (columns := columns_of_tables()[name]):
        return f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})"
    # As text: not every type can be compared.
    now, then = (f"SELECT ROW({columns})::text FROM {source}" for source in (name, f"{AS_MIGRATED}.{name}"))
    return f"SELECT '{name}' WHERE EXISTS (({now} EXCEPT ALL {then}) UNION ALL ({then} EXCEPT ALL {now}))"
