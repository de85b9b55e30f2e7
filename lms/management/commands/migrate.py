"""``manage.py migrate``: Django's own, by the owner of the tables; the application's role is given their rows."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder
from psycopg.errors import InsufficientPrivilege

from lms.application_role import RoleError, grant_rows
from lms.owner import as_owner, is_another_role


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            refuse_older_world()
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


def refuse_older_world() -> None:
    """Raise CommandError where the database was made by older code: what there is to run does not fit its tables."""
    if not (gone := gone_migrations()):
        return
    # The database of the embedded mode, the files its rows speak of, and messages about them. Keys and secrets stay.
    world = (
        settings.VAR_DIR / "postgres",
        settings.PRIVATE_ROOT,
        settings.MEDIA_ROOT,
        settings.VAR_DIR / "celery",
    )
    raise CommandError(
        f"This database was made by older code, and is left as it is: {gone[0]} ({len(gone)} in all)"
        " is in its history of migrations and no longer there.\n"
        f"To begin again with `make demo` or `make run`, remove that world first: rm -r {' '.join(map(str, world))}\n"
        "On a server of yours, name an empty database in DATABASE_URL and DATABASE_OWNER_URL."
    )


def gone_migrations() -> list[str]:
    """Migrations of our apps that ran on the database and have no file any more."""
    folders = {
        app.label: Path(app.path) / "migrations"
        for app in apps.get_app_configs()
        if Path(app.path).parent == settings.BASE_DIR
    }
    return [
        f"{app}.{name}"
        for app, name in sorted(MigrationRecorder(connection).applied_migrations())
        if app in folders and not (folders[app] / f"{name}.py").exists()
    ]
