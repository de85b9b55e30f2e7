"""What two acts left in the tables, as data that two runs can be compared by."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from lms.owner import as_owner
from tests.database_flush import changed_tables, columns_of_tables, empty_tables, restore
from tests.database_owner import AS_MIGRATED, grant_to_application
from tests.template_database import keep_what_was_written

BEFORE = "as_before"

type Rows = dict[str, list[dict[str, str]]]
type Column = tuple[str, str]


@dataclass(frozen=True)
class Outcome:
    """`results` of the two acts, and the rows of each table that is not as it was set up."""

    results: tuple[str, str]
    rows: Rows

    def compared(self, noise: frozenset[Column]) -> Any:
        return self.results, {
            table: Counter(
                tuple((name, value) for name, value in row.items() if (table, name) not in noise)
                for row in rows
            )
            for table, rows in self.rows.items()
        }


@contextmanager
def kept_as_set_up() -> Iterator[None]:
    """While the block runs, tables are restored to the rows that are there now; afterwards to those of before."""
    with as_owner():
        _owner(f"ALTER SCHEMA {AS_MIGRATED} RENAME TO {BEFORE}")
        keep_what_was_written()
        grant_to_application()
    columns_of_tables.cache_clear()
    try:
        yield
    finally:
        with as_owner():
            _owner(f"DROP SCHEMA {AS_MIGRATED} CASCADE")
            _owner(f"ALTER SCHEMA {BEFORE} RENAME TO {AS_MIGRATED}")
        columns_of_tables.cache_clear()
        empty_tables()


def _owner(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def read_and_restore(results: tuple[str, str]) -> Outcome:
    changed = changed_tables()
    rows: Rows = {table: [] for table in changed}
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(
                    f"SELECT '{name}', to_jsonb(one)::text FROM {name} AS one"  # noqa: S608 - names of tables
                    for name in changed
                )
            )
            for table, row in cursor.fetchall():
                rows[table].append(
                    {name: json.dumps(value, ensure_ascii=False) for name, value in json.loads(row).items()}
                )
        restore(changed)
    return Outcome(results, rows)


def noise_between(one: Outcome, other: Outcome) -> Iterable[Column]:
    """Columns in which two runs of the same acts in the same order differ: keys, times, what is drawn by lot."""
    for table in one.rows.keys() & other.rows.keys():
        for name in one.rows[table][0].keys() if one.rows[table] else ():
            values = (sorted(row[name] for row in rows[table]) for rows in (one.rows, other.rows))
            if next(values) != next(values):
                yield table, name


def difference(found: Any, allowed: Any) -> Iterator[str]:
    """What sets an outcome apart from one that is allowed: the cells of rows that are alike, else how many rows there are of what."""
    if found[0] != allowed[0]:
        yield f"results: {found[0]}, not {allowed[0]}"
    for table in sorted(found[1].keys() | allowed[1].keys()):
        now, then = found[1].get(table, Counter()), allowed[1].get(table, Counter())
        more, fewer = list((now - then).elements()), list((then - now).elements())
        while more and fewer:
            row = more.pop()
            other = max(fewer, key=lambda one: len(set(one) & set(row)))
            fewer.remove(other)
            before = dict(other)
            cells = [
                f"{name} {value}, not {before.get(name)}" for name, value in row if before.get(name) != value
            ]
            yield f"{table}: {'; '.join(cells)}"
        if more or fewer:
            yield f"{table}: {len(more)} rows more, {len(fewer)} rows fewer"
