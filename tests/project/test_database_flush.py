"""After a test with transactions of its own the tables are as the migrations left them, even where a server is in the way."""

import threading

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from wagtail.models import Site

from accounts.models import Person, User
from courses.models import Enrollment
from tests.database_flush import columns_of_tables, empty_tables
from tests.factories.accounts import UserFactory
from tests.factories.courses import EnrollmentFactory
from tests.factories.live import LiveSessionFactory
from tests.template_database import AS_MIGRATED
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def a_connection_of_a_server() -> psycopg.Connection:
    # A superuser: only superusers set `deadlock_timeout`.
    database = settings.DATABASE_OWNER
    return psycopg.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
    )


def test_the_tables_are_emptied_again_where_a_server_was_in_the_way():
    UserFactory()
    # In the order in which the emptying takes them.
    wanted, *_, held = columns_of_tables()
    holds = threading.Event()

    def be_in_the_way() -> None:
        """Hold a table the emptying waits for, and want one it holds by then."""
        with a_connection_of_a_server() as server:
            # PostgreSQL ends the transaction that notices the deadlock first: not this one.
            server.execute("SET LOCAL deadlock_timeout = '20s'")
            server.execute(f"LOCK TABLE {held} IN ROW EXCLUSIVE MODE")
            holds.set()
            wait_until(lambda: emptying_waits(server, held))
            server.execute(f"LOCK TABLE {wanted} IN ROW EXCLUSIVE MODE")

    server = threading.Thread(target=be_in_the_way)
    server.start()
    assert holds.wait(10)
    empty_tables()
    server.join(10)

    assert not server.is_alive()
    assert not User.objects.exists()


def test_append_only_rows_are_emptied_and_protected_again_afterwards():
    EnrollmentFactory()

    empty_tables()

    assert not Enrollment.objects.exists()
    kept = EnrollmentFactory()
    with pytest.raises(IntegrityError, match="records of study are kept"):
        Enrollment.objects.filter(pk=kept.pk).delete()
    with pytest.raises(IntegrityError, match="foreign key"):
        Person.objects.filter(pk=kept.person_id)._raw_delete("default")


def test_every_table_of_the_site_is_left_as_the_migrations_left_it():
    EnrollmentFactory()
    LiveSessionFactory()
    Site.objects.all().delete()

    empty_tables()

    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    assert {name: rows for name in names if (rows := rows_in(name))} == rows_of_migrations()
    assert Site.objects.exists()


def rows_in(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def rows_of_migrations() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [AS_MIGRATED])
        return {name: rows_in(f'{AS_MIGRATED}."{name}"') for (name,) in cursor.fetchall()}


def emptying_waits(server: psycopg.Connection, table: str) -> bool:
    waiting = "SELECT 1 FROM pg_locks WHERE relation = %s::regclass AND NOT granted"
    return server.execute(waiting, [table]).fetchone() is not None
