"""Two acts that lock come out as in one of their orders; without the lock the machine says so."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from courses.models import Cohort
from scripts.world.database import of_the_world
from scripts.world.pairs import logins, machine, papers, seats
from scripts.world.pairs.machine import Report
from scripts.world.pairs.registry import PAIRS, Act, Pair
from tests.factories.accounts import UserFactory
from tests.factories.courses import CohortFactory

pytestmark = pytest.mark.engines("commits on connections of its own")
# Importing them declares them.
DECLARED = (logins, papers, seats)


@pytest.fixture
def judged(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, settings: Any, tmp_path: Path
) -> Iterator[None]:
    settings.ERASURE_REGISTER = tmp_path / "erasures.jsonl"
    logging.disable(logging.WARNING)
    with django_db_blocker.unblock():
        yield
    logging.disable(logging.NOTSET)


def taking(*, is_locked: bool) -> Pair:
    """Two who add one to the same number."""

    def set_up() -> tuple[Act, Act]:
        cohort = CohortFactory(seats=5)

        @transaction.atomic
        def take() -> None:
            rows = Cohort.objects.select_for_update() if is_locked else Cohort.objects.all()
            taken = rows.get(pk=cohort.pk).seats_taken
            Cohort.objects.filter(pk=cohort.pk).update(seats_taken=taken + 1)

        return take, take

    return Pair("two take a seat", set_up)


def crossing() -> Pair:
    """Two who lock the same rows in other orders."""

    def set_up() -> tuple[Act, Act]:
        keys = [CohortFactory().pk, CohortFactory().pk]

        def locking(order: list[int]) -> Act:
            @transaction.atomic
            def act() -> None:
                for key in order:
                    Cohort.objects.select_for_update().get(pk=key)

            return act

        return locking(keys), locking(keys[::-1])

    return Pair("two lock two rows", set_up)


def test_without_a_lock_one_of_two_changes_is_lost_and_said(judged: None):
    report = machine.judge([taking(is_locked=True), taking(is_locked=False)], Report())

    assert report.stops["two take a seat"] > 8
    assert report.errors == []
    assert report.violations
    assert all("courses_cohort: seats_taken 1, not 2" in one for one in report.violations)


def test_a_deadlock_is_said(judged: None):
    report = machine.judge([crossing()], Report())

    assert any("deadlock detected" in one for one in report.errors)


@pytest.mark.parametrize(
    "named", ["last seat", pytest.param("", marks=pytest.mark.engines("all fifteen", nightly=True))]
)
def test_pairs_come_out_as_in_one_of_their_orders(judged: None, named: str):
    pairs = [pair for pair in PAIRS if named in pair.name]

    report = machine.judge(pairs, Report())

    assert (len(PAIRS), report.violations, report.errors) == (15, [], [])
    assert pairs
    assert {pair.name for pair in pairs} == {name for name, stops in report.stops.items() if stops}


def test_no_row_of_a_copy_has_the_key_of_a_row_that_a_process_remembers(judged: None):
    keys = set()
    for _copy in range(2):
        with of_the_world():
            keys.add(UserFactory().pk)

    assert len(keys) == 2
