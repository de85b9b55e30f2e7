"""Direct SQL, as only the owner of the database or a superuser can write it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg import ClientCursor
from wagtail.models import ModelLogEntry

from accounts.models import AuditEntry
from accounts.services.audit_verifying import AuditVerification
from tests.database_owner import run_as_owner


def forge(statement: str, *arguments: object) -> None:
    """Run a statement with every trigger switched off."""
    connection.ensure_connection()
    run_as_owner(
        "SET LOCAL session_replication_role = replica",
        ClientCursor(connection.connection).mogrify(statement, arguments or None),
        "SET LOCAL session_replication_role = origin",
    )


@contextmanager
def as_role_of_the_site(privileges: str) -> Iterator[Any]:
    """A cursor of a role that holds `privileges` on all tables and owns none."""
    role = f"audit_site_{os.getpid()}"
    with transaction.atomic(), connection.cursor() as cursor:
        # TRUNCATE asks for no row that waits for its foreign keys.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        run_as_owner(
            f"CREATE ROLE {role}",
            f"GRANT USAGE ON SCHEMA public TO {role}",
            f"GRANT {privileges} ON ALL TABLES IN SCHEMA public TO {role}",
            f"GRANT {role} TO {connection.ops.quote_name(connection.settings_dict['USER'])}",
        )
        cursor.execute(f"SET LOCAL ROLE {role}")
        yield cursor
        cursor.execute("RESET ROLE")


def found() -> list[tuple[str, str]]:
    return [(finding.kind, finding.what) for finding in AuditVerification().findings()]


def kinds_found() -> list[str]:
    return [kind for kind, _what in found()]


def last_entry() -> AuditEntry:
    return AuditEntry.objects.with_contents().first()


def forge_copy(entry: AuditEntry, *, number: int | None) -> int:
    """Copy Wagtail's row of `entry`, and `entry` itself to the place `number`, if one is given. Returns Wagtail's number."""
    forge(
        "INSERT INTO wagtailcore_modellogentry (label, action, data, timestamp, content_changed, deleted, object_id,"
        " content_type_id, user_id) SELECT label, action, data, timestamp, content_changed, deleted, object_id,"
        " content_type_id, user_id FROM wagtailcore_modellogentry WHERE id = %s",
        entry.model_entry_id,
    )
    copy = ModelLogEntry.objects.latest("pk").pk
    if number is not None:
        forge(
            "INSERT INTO accounts_auditentry (id, model_entry_id, at, action, kind_id, object_id, person_id, center_id,"
            " address_salt, address_commitment, salt, commitment, digest) SELECT %s, %s, at, action, kind_id, object_id,"
            " person_id, center_id, address_salt, address_commitment, salt, commitment, repeat('a', 64)"
            " FROM accounts_auditentry WHERE id = %s",
            number,
            copy,
            entry.pk,
        )
    return copy
