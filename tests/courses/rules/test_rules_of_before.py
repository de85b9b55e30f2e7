"""Rules of before there were clauses ask for the same as ever.

`before_clauses.sql.gz` is a dump (pg_dump) of the tables that an evaluation reads, made by the code of before clauses: 18 rules with
every combination of what they could ask, 108 enrollments, and what that code evaluated for each.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from courses.models import Enrollment
from courses.queries.evidence import Evidence, evidence_of

DUMP = Path(__file__).parent / "before_clauses.sql.gz"
CONVERSION = Path("courses/migrations/sql/rules_as_clauses.sql")
TABLES = (
    "completionrule",
    "contentversion",
    "cohort",
    "enrollment",
    "unitprogress",
    "classsession",
    "attendancerecord",
)
# Columns that came later and take no null, by their type.
EMPTY = {
    "jsonb": "'[]'",
    "boolean": "false",
    "smallint": "0",
    "integer": "0",
    "character varying": "''",
    "ARRAY": "'{}'",
}


@pytest.fixture(scope="module")
def before(django_db_setup: None) -> Iterator[None]:
    """The rows of the dump, converted as the migration does it, in a schema of their own."""
    with _owner() as owner:
        owner.execute(_dump())
        owner.execute(
            "SET search_path TO before;"
            "ALTER TABLE courses_completionrule ADD COLUMN clauses jsonb;"
            "ALTER TABLE courses_unitprogress ADD COLUMN scores numeric(5, 2)[] NOT NULL DEFAULT '{}'"
        )
        conversion = CONVERSION.read_text(encoding="utf-8")
        for statement in re.findall(
            r"^UPDATE courses_(?!scorecorrection).*?;", conversion, re.DOTALL | re.MULTILINE
        ):
            owner.execute(statement)
        application = connection.settings_dict["USER"]
        owner.execute(f'GRANT USAGE ON SCHEMA before TO "{application}"')
        owner.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA before TO "{application}"')
    yield
    with _owner() as owner:
        owner.execute("DROP SCHEMA before CASCADE")


@pytest.fixture
def evaluated_before(db: None, before: None) -> Iterator[dict[int, tuple[bool, dict]]]:
    """The newest evaluation of each enrollment of the dump, whose rows are in the tables of today until the test ends.

    People, pages and centers are left out: evaluations do not read them. So the rows go before their keys are checked.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(_copied(f"courses_{table}"))
        cursor.execute(
            "SELECT DISTINCT ON (enrollment_id) enrollment_id, met, evidence::text"
            " FROM before.courses_eligibility ORDER BY enrollment_id, evaluated_at DESC, id DESC"
        )
        yield {key: (met, json.loads(evidence)) for key, met, evidence in cursor.fetchall()}
        transaction.set_rollback(True)


def test_every_enrollment_is_evaluated_as_before(evaluated_before):
    enrollments = Enrollment.objects.select_related("cohort__content_version", "cohort__completion_rule")

    now = {}
    # Their own order asks for the names of people, who are not there.
    for enrollment in enrollments.filter(pk__in=evaluated_before).order_by("pk"):
        rule = enrollment.cohort.completion_rule
        evidence = evidence_of(enrollment, rule)
        now[enrollment.pk] = (evidence.meets(rule.asks), evidence)

    assert len(now) == 108
    assert {met for met, _evidence in now.values()} == {True, False}
    assert {key: _as_before(*found) for key, found in now.items()} == evaluated_before


def _dump() -> str:
    """As statements for the schema `before`, without what sets up a session of psql."""
    dump = gzip.decompress(DUMP.read_bytes()).decode()
    lines = [
        line
        for line in dump.splitlines()
        if not line.startswith(("SET ", "SELECT pg_catalog.set_config", "\\", "--"))
    ]
    return "CREATE SCHEMA before;\n" + "\n".join(lines).replace("public.courses_", "before.courses_")


def _owner() -> psycopg.Connection:
    # The application makes no tables.
    database = settings.DATABASE_OWNER
    return psycopg.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
    )


def _copied(table: str) -> str:
    """Copy what the table of before has into that of today."""
    columns = (
        "SELECT a.column_name, a.data_type, a.is_nullable = 'NO' AND a.column_default IS NULL,"
        " b.column_name IS NOT NULL FROM information_schema.columns a"
        " LEFT JOIN information_schema.columns b ON b.table_schema = 'before' AND b.table_name = a.table_name"
        " AND b.column_name = a.column_name WHERE a.table_schema = 'public' AND a.table_name = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(columns, [table])
        found = cursor.fetchall()
    taken = {name: f'"{name}"' for name, _type, _needed, is_there in found if is_there}
    taken |= {name: EMPTY[type_] for name, type_, needed, is_there in found if needed and not is_there}
    names = ", ".join(f'"{name}"' for name in taken)
    return f"INSERT INTO public.{table} ({names}) SELECT {', '.join(taken.values())} FROM before.{table}"


def _as_before(met: bool, evidence: Evidence) -> tuple[bool, dict]:
    facts = asdict(evidence)
    return met, {
        "units": facts["units"],
        "attendance": facts["attendance"],
        "score": {name: facts["score"][name] for name in ("percent", "required", "tests", "marked")},
    }
