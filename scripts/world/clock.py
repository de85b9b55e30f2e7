"""One clock for the application and the database.

`timezone.now`, which all services use, and `statement_timestamp()` in the statements and the column defaults of the world's database run
ahead of the machine's clock by the same time. The names `CURRENT_DATE` and `now()` of SQL are not used by the project.
"""

import datetime as dt

from django.db import connection
from django.utils import timezone

SCHEMA = "world"
# Where each history begins: most cross the end of a year, some 29 February.
START = dt.datetime(2027, 12, 28, 7, 0, tzinfo=dt.UTC)
_SETTING = "world.ahead"

_FUNCTION = f"""
CREATE SCHEMA {SCHEMA};
CREATE FUNCTION {SCHEMA}.statement_timestamp() RETURNS timestamptz STABLE LANGUAGE sql AS $$
    SELECT pg_catalog.statement_timestamp() + coalesce(nullif(current_setting('{_SETTING}', true), '')::interval, interval '0')
$$;
GRANT USAGE ON SCHEMA {SCHEMA} TO PUBLIC;
DO $$
DECLARE one record;
BEGIN
    FOR one IN
        SELECT d.adrelid::regclass AS relation, a.attname AS name FROM pg_attrdef d
        JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE pg_get_expr(d.adbin, d.adrelid) ILIKE 'statement_timestamp()'
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT {SCHEMA}.statement_timestamp()', one.relation, one.name);
    END LOOP;
END $$;
"""  # noqa: S608 - names of our own


def install() -> None:
    """Add the function to the database, and use it in the defaults of columns. As the owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTION)


class Clock:
    """Moves forwards only, from `START` on. `ahead` of the machine's clock."""

    def __init__(self) -> None:
        self.ahead = dt.timedelta(0)
        self._now = timezone.now
        timezone.now = self.now

    def now(self) -> dt.datetime:
        return dt.datetime.now(tz=dt.UTC) + self.ahead

    def move(self, by: dt.timedelta) -> None:
        self.ahead += by
        self._tell_database()

    def reset(self) -> None:
        self.ahead = START - dt.datetime.now(tz=dt.UTC)
        self._tell_database()

    def stop(self) -> None:
        timezone.now = self._now

    def _tell_database(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET search_path TO {SCHEMA}, pg_catalog, public")
            cursor.execute(
                "SELECT set_config(%s, %s, false)", [_SETTING, f"{self.ahead.total_seconds()} seconds"]
            )
