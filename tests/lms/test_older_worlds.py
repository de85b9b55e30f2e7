"""A database made by older code, whose migrations are gone, is left alone, and its owner is told how to begin again."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.database_owner import run_as_owner


@pytest.fixture
def of_older_code(transactional_db: None) -> Iterator[None]:
    with applied("accounts", "0005_gone"):
        yield


@pytest.fixture
def of_another_library(transactional_db: None) -> Iterator[None]:
    with applied("wagtailcore", "0000_gone"):
        yield


@contextmanager
def applied(app: str, name: str) -> Iterator[None]:
    """The emptying of tables leaves the history of migrations as it is: the row goes by hand."""
    run_as_owner(f"INSERT INTO django_migrations (app, name, applied) VALUES ('{app}', '{name}', now())")
    yield
    run_as_owner(f"DELETE FROM django_migrations WHERE name = '{name}'")


@pytest.mark.parametrize("command", ["migrate", "prepare"])
def test_a_database_of_older_code_is_refused_with_a_message_that_names_what_to_remove(
    of_older_code: None, command: str
):
    with pytest.raises(CommandError) as refusal:
        call_command(command, verbosity=0)

    said = str(refusal.value)
    assert "accounts.0005_gone" in said
    assert "make demo" in said
    assert f"rm -r {settings.VAR_DIR / 'postgres'} " in said
    # A key that signs is not part of a world.
    assert str(settings.SEALING_KEYS_DIR) not in said


def test_migrations_of_libraries_that_are_gone_stop_no_start(of_another_library: None):
    call_command("migrate", verbosity=0)
