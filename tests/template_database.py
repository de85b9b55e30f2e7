"""A database on which every migration ran, made once for a state of the sources and copied for each run of tests.

It also holds a copy of the rows that migrations wrote, so that a test which empties the tables can restore them
for the next one.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from wagtail.models import Site

from accounts.models import VisualIdentity
from tests import database_owner
from tests.database_owner import AS_MIGRATED, grant_to_application
from tests.migrating import rare_garbage_collection

ROOT = Path(__file__).resolve().parents[1]
NAME = "template_for_tests"
# Any number that nothing else locks.
LOCK = 5_017_632


def ensure_template() -> str:
    """The name of the template. Makes it again where there is none of the current sources.

    Workers that come while another makes it wait for that one.
    """
    sources = fingerprint()
    with connection.creation._nodb_cursor() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [NAME]
        )
        if server.fetchone() != (sources,):
            server.execute(f"DROP DATABASE IF EXISTS {NAME}")
            server.execute(f"CREATE DATABASE {NAME}")
            with connected_to(NAME), rare_garbage_collection():
                call_command("migrate", interactive=False, verbosity=0)
                # The first page of a site writes it.
                VisualIdentity.for_site(Site.objects.get())
                keep_what_was_written()
                grant_to_application()
            # Last: a template without this comment was interrupted and is not used.
            server.execute(f"COMMENT ON DATABASE {NAME} IS '{sources}'")
        server.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return NAME


def keep_what_was_written() -> None:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {AS_MIGRATED}")
        for name in map(connection.ops.quote_name, tables):
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {name})")
            if cursor.fetchone() == (True,):
                cursor.execute(f"CREATE TABLE {AS_MIGRATED}.{name} AS TABLE {name}")


def fingerprint(root: Path = ROOT) -> str:
    """Changes with all that a migration may run: the code of our apps and the versions of all others."""
    folders = [Path(app.path) for app in apps.get_app_configs()]
    ours = [root / folder.relative_to(ROOT) for folder in folders if folder.parent == ROOT]
    written = (file for folder in ours for suffix in ("py", "sql") for file in folder.rglob(f"*.{suffix}"))
    files = [root / "requirements" / "base.txt", *written]
    # These modules write into the template, too.
    digest = hashlib.sha256(Path(__file__).read_bytes() + Path(database_owner.__file__).read_bytes())
    # Whose rights it holds.
    digest.update(settings.DATABASES["default"]["USER"].encode())
    for file in sorted(files):
        digest.update(f"{file.relative_to(root)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
