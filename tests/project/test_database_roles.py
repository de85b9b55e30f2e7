"""The two roles of a database over its life: one that had the owner only, and one that was restored from a dump."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from lms.application_role import NAME, POWERS, grant_rows
from lms.embedded.postgres import INSTALLATION, Postgres
from tests.served_site import database_url

pytestmark = pytest.mark.engines("PostgreSQL's own programs, and a server of its own")


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    postgres = Postgres(tmp_path / "var" / "postgres")
    yield postgres
    # As root a server lives outside the test's folder.
    shutil.rmtree(postgres.home.folder, ignore_errors=True)


def test_a_server_that_knew_the_owner_only_gets_the_role_of_the_application_at_its_next_start(
    postgres: Postgres,
):
    with postgres.in_use() as addresses, psycopg.connect(addresses.owner) as owner:
        owner.execute("CREATE TABLE django_migrations AS SELECT 1 AS id")
        owner.execute(f"DROP ROLE {NAME}")
    (postgres.folder / "application-password").unlink()

    with postgres.in_use() as addresses:
        with psycopg.connect(addresses.owner) as owner:
            grant_rows(owner, name=NAME)
        with psycopg.connect(addresses.application) as application:
            assert application.execute("SELECT id FROM django_migrations").fetchone() == (1,)
            assert application.execute(POWERS).fetchall() == []

    assert (postgres.folder / "application-password").stat().st_mode & 0o077 == 0


def test_a_password_that_was_lost_is_replaced(postgres: Postgres):
    with postgres.in_use():
        (postgres.folder / "application-password").unlink()

    with postgres.in_use() as addresses, psycopg.connect(addresses.application) as application:
        assert application.execute("SELECT current_user").fetchone() == (NAME,)


@pytest.mark.django_db(transaction=True)
def test_a_dump_of_the_owner_is_restored_with_its_triggers_and_the_rights_of_the_application(tmp_path: Path):
    dump, restored = tmp_path / "mihna.dump", f"{connection.settings_dict['NAME']}_restored"
    source, target = database_url(as_owner=True), database_url(as_owner=True, NAME=restored)

    def run(program: str, *words: str) -> None:
        subprocess.run([INSTALLATION / "bin" / program, *words], check=True)

    run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", source)
    run("createdb", f"--maintenance-db={source}", restored)
    try:
        run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={target}", str(dump))
        with psycopg.connect(target) as owner:
            grant_rows(owner, name=NAME)
        with psycopg.connect(database_url(NAME=restored)) as application:
            powers = application.execute(POWERS).fetchall()
            triggers = application.execute(
                "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = 'certificates_statusevent'::regclass"
            ).fetchone()
    finally:
        run("dropdb", f"--maintenance-db={source}", "--force", restored)

    assert powers == []
    assert triggers != (0,)
