"""Triggers keep numbers, decisions and ended states from being changed, for every user of the database."""

import pytest
from django.db import DatabaseError, connection

from accounts.models import Center
from certificates.models import Credential
from tests.database_owner import run_as_owner
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory


@pytest.fixture
def credential(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE certificates_numberseries SET last = 0", "only grows"),
        ("UPDATE certificates_numberseries SET year = year - 1", "only grows"),
        ("DELETE FROM certificates_numberseries", "never changed"),
        (
            "UPDATE certificates_proposal SET state = 'proposed', decided_by_id = NULL, decided_at = NULL",
            "stays decided",
        ),
        ("UPDATE certificates_proposal SET state = 'rejected'", "stays decided"),
        ("DELETE FROM certificates_proposalrow", "rows of a proposal"),
        ("UPDATE certificates_proposalrow SET claims = '{}'", "rows of a proposal"),
        ("UPDATE certificates_credential SET state = 'suspended'", "moves with an event"),
        ("UPDATE certificates_credential SET state = 'revoked'", "moves with an event"),
    ],
)
def test_the_database_refuses_to_undo(credential: Credential, statement: str, refusal: str):
    with pytest.raises(DatabaseError, match=refusal), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_role_that_may_empty_tables_does_not_empty_the_register(credential: Credential):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        run_as_owner(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {connection.settings_dict['USER']}")

        with pytest.raises(DatabaseError, match="never emptied"):
            cursor.execute("TRUNCATE certificates_statusevent CASCADE")


def test_what_is_never_deleted_is_never_emptied(db: None):
    kept_by = """
        SELECT DISTINCT class.relname FROM pg_trigger trigger
        JOIN pg_class class ON class.oid = trigger.tgrelid JOIN pg_proc function ON function.oid = trigger.tgfoid
        WHERE function.proname = %s
    """
    with connection.cursor() as cursor:
        tables = []
        for function in ("certificates_refuse_change", "certificates_refuse_truncate"):
            cursor.execute(kept_by, [function])
            tables.append({name for (name,) in cursor.fetchall()})

    never_deleted, never_emptied = tables
    assert never_deleted - never_emptied == set()
