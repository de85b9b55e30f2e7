"""Marking and correcting a key wait for each other: an attempt that is marked by the old key is committed before the correction is, and found
by its regrade. A lock for all keys: a correction takes it for milliseconds.
"""

from django.db import connection

# Of PostgreSQL's advisory locks.
_LOCK = 20_241_130


def hold_keys() -> None:
    """Keys stay as they are until the end of the transaction. Before they are read: a lock that is waited for does not renew a snapshot."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])


def change_keys() -> None:
    """Until the end of the transaction no one marks. Waits for those who do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
