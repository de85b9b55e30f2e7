"""Tests start from a copy of a template database, which is made again whenever its sources changed."""

from pathlib import Path

import pytest
from django.db import connection

from tests.template_database import NAME, ensure_template, fingerprint


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for name in ("requirements/base.txt", "accounts/models/people.py", "accounts/migrations/0001_initial.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("before")
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "requirements/base.txt",
        "accounts/models/people.py",
        "accounts/migrations/0001_initial.py",
        "live/migrations/0001_initial.py",
        "live/migrations/sql/append_only_rows.sql",
    ],
)
def test_what_a_migration_may_run_makes_another_template(sources: Path, name: str):
    before = fingerprint(sources)

    (sources / name).parent.mkdir(parents=True, exist_ok=True)
    (sources / name).write_text("after")

    assert fingerprint(sources) != before


def test_a_renamed_migration_makes_another_template(sources: Path):
    before = fingerprint(sources)

    (sources / "accounts/migrations/0001_initial.py").rename(sources / "accounts/migrations/0001_people.py")

    assert fingerprint(sources) != before


def test_tests_and_templates_of_pages_do_not(sources: Path):
    before = fingerprint(sources)

    (sources / "tests").mkdir()
    (sources / "tests/test_people.py").write_text("after")
    (sources / "accounts/page.html").write_text("after")

    assert fingerprint(sources) == before


@pytest.mark.django_db
def test_the_template_of_the_same_sources_is_kept():
    before = identity()

    ensure_template()

    assert identity() == before


def identity() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = %s", [NAME])
        return cursor.fetchone()[0]
