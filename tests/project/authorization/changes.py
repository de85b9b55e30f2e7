"""Detects every change in the database.

PostgreSQL counts the rows that a transaction inserts, updates and deletes, by table. Where a count moved, the contents of that
table are compared with what they are after a rollback. So a request that changed nothing costs one query, and one that changed
anything is found, in whichever table.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from django.core import mail
from django.db import connection, transaction
from django.test import Client

# A request may write its own session, and that it was used.
IGNORED = frozenset({"django_session", "accounts_loginsession"})
COUNTERS = """
SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""


@dataclass
class Trial:
    """What happened inside `trying`. `changed` names the tables whose contents differ; "mail" where something was sent."""

    changed: set[str] = field(default_factory=set)


def counters() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTERS)
        return dict(cursor.fetchall())


def moved_since(before: dict[str, int]) -> set[str]:
    """The tables in which this transaction wrote since the counters were `before`."""
    return {table for table, count in counters().items() if before.get(table) != count} - IGNORED


def contents(tables: set[str]) -> dict[str, tuple[int, str]]:
    """The number of rows of each table and a digest of them."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            row = f"md5({connection.ops.quote_name('t')}::text)"
            cursor.execute(
                f"SELECT count(*), coalesce(md5(string_agg({row}, '' ORDER BY {row})), '') "
                f"FROM {connection.ops.quote_name(table)} AS t"
            )
            found[table] = cursor.fetchone()
    return found


@contextmanager
def same_session(client: Client) -> Iterator[None]:
    """Give the browser its cookies back: a session that a request ended, and what it was told, are taken back with the rows."""
    values = {name: morsel.value for name, morsel in client.cookies.items()}
    yield
    client.cookies = SimpleCookie(values)


@contextmanager
def trying() -> Iterator[Trial]:
    """Do something, find out what it changed, and take it back."""
    trial = Trial()
    sent = len(mail.outbox)
    with transaction.atomic():
        before = counters()
        yield trial
        moved = moved_since(before)
        after = contents(moved)
        transaction.set_rollback(True)
    if moved:
        was = contents(moved)
        trial.changed = {table for table in moved if was[table] != after[table]}
    if len(mail.outbox) > sent:
        del mail.outbox[sent:]
        trial.changed.add("mail")
