"""Rows that a module makes once for all of its tests, in a transaction around theirs."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def kept_rows(blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a fixture of a module, which asks for `django_db_setup`, too. What is made here is taken back at the end, and what a test
    changes of it at the end of that test; objects in memory keep what a test did to them.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
