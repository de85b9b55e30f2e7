"""Acts as the owner of the tables inside a test, whose connection has the application's role."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

# In the template of all test databases: what the migrations wrote, and the function of `run_as_owner`.
AS_MIGRATED = "as_migrated"


def grant_to_application() -> None:
    """In a database of tests: give the application's role what `run_as_owner` and the emptying of tables need."""
    role = connection.ops.quote_name(settings.DATABASES["default"]["USER"])
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE FUNCTION {AS_MIGRATED}.run_as_owner(statements text) RETURNS void"
            " LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN EXECUTE statements; END $$"
        )
        cursor.execute(f"GRANT USAGE ON SCHEMA {AS_MIGRATED} TO {role}")
        cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {AS_MIGRATED} TO {role}")


def run_as_owner(*statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {AS_MIGRATED}.run_as_owner(%s)", ["; ".join(statements)])


@contextmanager
def trigger_disabled(table: str, trigger: str = "USER") -> Iterator[None]:
    """Disable one trigger of the table, or all of ours, while the block runs."""
    # A table with checks that wait cannot be altered.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    run_as_owner(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    yield
    run_as_owner(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
