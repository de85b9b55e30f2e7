"""What a connection of the tests prepared outlives a rollback, and not the change of a table (`tests/prepared_statements.py`)."""

import pytest
from django.db import connection, transaction

from accounts.models import Center

pytestmark = pytest.mark.django_db


def prepared() -> set[str]:
    """The statement of `ask_twice`, if the connection has prepared it; others may have to go for new ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return {
            statement for (statement,) in cursor.fetchall() if '"accounts_center"."name_en" = ' in statement
        }


def ask_twice() -> None:
    for _time in range(2):
        Center.objects.filter(name_en="Nowhere").exists()


def test_a_statement_stays_prepared_after_a_rollback():
    with transaction.atomic():
        ask_twice()
        before = prepared()
        transaction.set_rollback(True)

    assert before
    assert prepared() == before


def test_no_statement_stays_prepared_after_something_was_dropped():
    ask_twice()
    assert prepared()

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS no_such_table")

    assert prepared() == set()
