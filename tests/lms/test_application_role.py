"""The application's role in the database reads and writes rows, and has no other rights; all tests use this role."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.conf import settings
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from accounts.models import Center
from certificates.models import Credential
from lms.application_role import RoleError, ensure_role, grant_rows
from lms.management.commands.prepare import modes
from lms.serving import ServingRefused, refuse_unprepared
from tests.database_owner import run_as_owner
from tests.factories.accounts import UserFactory
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory

REGISTER = "certificates_statusevent"


def role() -> str:
    return connection.settings_dict["USER"]


@pytest.fixture
def credential(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


@pytest.fixture
def migrator(db: None) -> Iterator[psycopg.Connection]:
    """The owner, in the same database; what it did is undone."""
    with connected() as migrator, migrator.transaction(force_rollback=True):
        yield migrator


def connected(*, user: str = "", password: str = "") -> psycopg.Connection:
    """As the owner where no one else is named, in the database of the tests."""
    login = settings.DATABASE_OWNER
    return psycopg.connect(
        host=login["HOST"],
        port=login["PORT"],
        user=user or login["USER"],
        password=password or login["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
        autocommit=True,
    )


def test_the_tests_work_as_the_role_that_serves(db: None):
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")

        assert cursor.fetchone() == (role(), role())
    assert role() != settings.DATABASE_OWNER["USER"]
    assert modes()["database"].endswith(f", as {role()}")


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        (f"UPDATE {REGISTER} SET reason = 'fraud'", "never changed"),
        (f"DELETE FROM {REGISTER}", "never changed"),
        (f"TRUNCATE {REGISTER} CASCADE", "permission denied"),
        (f"ALTER TABLE {REGISTER} DISABLE TRIGGER ALL", "must be owner"),
        (f"ALTER TABLE {REGISTER} OWNER TO CURRENT_USER", "must be owner"),
        (f"DROP TABLE {REGISTER} CASCADE", "must be owner"),
        ("CREATE OR REPLACE FUNCTION certificates_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
         "permission denied"),
        ("DROP FUNCTION certificates_refuse_change() CASCADE", "must be owner"),
        (f"CREATE TRIGGER aside BEFORE UPDATE ON {REGISTER} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
         "permission denied"),
        (f"CREATE RULE aside AS ON UPDATE TO {REGISTER} DO INSTEAD NOTHING", "must be owner"),
        # Triggers would read it in place of the register.
        (f"CREATE TEMPORARY TABLE {REGISTER} (id int)", "permission denied"),
        (f"CREATE TABLE {REGISTER}_2 (id int)", "permission denied"),
        ("CREATE SCHEMA aside", "permission denied"),
        ("SET session_replication_role = replica", "permission denied"),
        ("SET ROLE {owner}", "permission denied"),
        ("SET SESSION AUTHORIZATION {owner}", "permission denied"),
        ("GRANT {owner} TO {role}", "permission denied"),
        ("ALTER ROLE {role} SUPERUSER", "permission denied"),
        ("CREATE ROLE aside LOGIN", "permission denied"),
        ("COPY (SELECT 1) TO PROGRAM 'true'", "permission denied"),
        ("DELETE FROM django_migrations", "permission denied"),
    ],
)  # fmt: skip
def test_the_application_does_not_pass_by_the_triggers(credential: Credential, statement: str, refusal: str):
    statement = statement.replace("{owner}", settings.DATABASE_OWNER["USER"]).replace("{role}", role())

    with pytest.raises(DatabaseError, match=refusal), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert credential.events.exists()


def test_an_ordinary_row_is_written_changed_and_deleted(db: None):
    user = UserFactory()
    user.email = "other@example.org"

    user.save()

    assert user.delete()[1]["accounts.User"] == 1


def problems() -> list[str]:
    found = checks.run_checks(tags=["role"], include_deployment_checks=True, databases=["default"])
    return [message.msg for message in found if message.id == "lms.E002"]


def test_the_role_of_the_tests_may_do_nothing_more(db: None):
    assert problems() == []


@pytest.mark.parametrize(
    ("statement", "power"),
    [
        ("ALTER TABLE certificates_statusevent OWNER TO {role}", "owns tables (certificates_statusevent"),
        ("GRANT {owner} TO {role}", "may become {owner}"),
        ("GRANT pg_write_server_files TO {role}", "may become pg_write_server_files"),
        ("GRANT CREATE ON SCHEMA public TO {role}", "may make tables"),
        ("GRANT TEMPORARY ON DATABASE {database} TO {role}", "may make temporary tables"),
        ("GRANT TRUNCATE ON certificates_statusevent TO {role}", "may empty or alter tables"),
        ("ALTER ROLE {role} CREATEROLE", "may make databases or roles"),
        ("ALTER ROLE {role} SUPERUSER", "is a superuser"),
    ],
)
def test_a_role_that_may_do_more_is_named(db: None, statement: str, power: str):
    words = {
        "role": role(),
        "owner": settings.DATABASE_OWNER["USER"],
        "database": connection.settings_dict["NAME"],
    }

    run_as_owner(statement.format(**words))

    [problem] = problems()
    assert power.format(**words) in problem


@pytest.mark.django_db(transaction=True)
def test_a_process_that_works_as_the_owner_refuses_to_serve(settings: Settings):
    login = {name: settings.DATABASE_OWNER[name] for name in ("USER", "PASSWORD")}
    application = {name: settings.DATABASES["default"][name] for name in login}
    # Also in the thread that asks.
    settings.DATABASES["default"].update(login)
    try:
        with pytest.raises(ServingRefused, match=r"is a superuser.*\n?.*DATABASE_OWNER_URL"):
            refuse_unprepared()
    finally:
        settings.DATABASES["default"].update(application)

    refuse_unprepared()


@pytest.mark.django_db(transaction=True)
def test_migrations_run_as_the_owner_and_give_their_rows_to_the_application():
    run_as_owner(f"REVOKE ALL ON {REGISTER} FROM {role()}", f"GRANT TRUNCATE ON {REGISTER} TO {role()}")

    call_command("migrate", verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, has_table_privilege(%s, 'INSERT')", [REGISTER])
        assert cursor.fetchone() == (role(), True)
    assert problems() == []


@pytest.mark.engines("goes back through migrations")
@pytest.mark.django_db(transaction=True)
def test_migrating_as_the_application_names_the_owner(settings: Settings):
    settings.DATABASE_OWNER = settings.DATABASES["default"]

    with pytest.raises(CommandError, match=r"name their owner in DATABASE_OWNER_URL"):
        call_command("migrate", "certificates", "0001", verbosity=0)


def test_the_register_is_not_flushed():
    with pytest.raises(CommandError, match=r"manage\.py prepare"):
        call_command("flush", interactive=False)


def test_a_role_is_made_once_and_keeps_its_password_from_the_logs(migrator: psycopg.Connection):
    ensure_role(migrator, name="another_app", password="first")
    ensure_role(migrator, name="another_app", password="second")

    made = migrator.execute(
        "SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
        " FROM pg_roles WHERE rolname = 'another_app'"
    ).fetchone()
    assert made == (True, False, False, False, False, False)


@pytest.mark.parametrize("statement", ["ALTER ROLE {role} NOLOGIN", "CREATE ROLE {role}"])
def test_two_sites_that_start_on_one_server_make_the_role_at_once(db: None, statement: str):
    name = "role_of_two_sites"
    with connected() as one, connected() as other, ThreadPoolExecutor(1) as thread:
        try:
            if statement.startswith("ALTER"):
                ensure_role(one, name=name, password="first")
            with one.transaction():
                one.execute(statement.format(role=name))
                waiting = thread.submit(ensure_role, other, name=name, password="second")
                while not one.execute(
                    "SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted", [other.info.backend_pid]
                ).fetchone():
                    assert not waiting.done()

            waiting.result()

            with connected(user=name, password="second") as site:
                assert site.execute("SELECT current_user").fetchone() == (name,)
        finally:
            one.execute(f"DROP ROLE IF EXISTS {name}")


def test_a_superuser_is_not_taken_for_the_application(migrator: psycopg.Connection):
    with pytest.raises(RoleError, match="is a superuser"):
        ensure_role(migrator, name=migrator.info.user, password="x")


def test_an_owner_without_the_right_to_make_roles_gets_instructions(migrator: psycopg.Connection):
    migrator.execute("CREATE ROLE another_owner")
    migrator.execute("SET LOCAL ROLE another_owner")

    with pytest.raises(RoleError, match="make it"):
        ensure_role(migrator, name="another_app", password="x")


def test_a_role_that_is_missing_is_named(migrator: psycopg.Connection):
    with pytest.raises(RoleError, match="another_app is not there"):
        grant_rows(migrator, name="another_app")
