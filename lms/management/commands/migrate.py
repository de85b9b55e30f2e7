"""``manage.py migrate``: Django's own, by the owner of the tables; the application's role is given their rows."""

from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import ProgrammingError, connection
from psycopg.errors import InsufficientPrivilege

from lms.application_role import RoleError, grant_rows
from lms.owner import as_owner, is_another_role


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            try:
                super().handle(*args, **options)
            except ProgrammingError as error:
                if not isinstance(error.__cause__, InsufficientPrivilege):
                    raise
                raise CommandError(
                    f"{connection.settings_dict['USER']} does not own the tables ({error.__cause__.diag.message_primary}): "
                    "name their owner in DATABASE_OWNER_URL (docs/reference/operations.md, Two roles in the database)."
                ) from error
            if is_another_role():
                connection.ensure_connection()
                try:
                    grant_rows(connection.connection, name=settings.DATABASES["default"]["USER"])
                except RoleError as error:
                    raise CommandError(str(error)) from error
