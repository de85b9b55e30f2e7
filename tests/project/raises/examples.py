"""Tests of `rules.py` for `test_raises.py`, which runs them in a process of its own."""

from contextlib import suppress

import pytest

from tests.project.raises.rules import Full, TooYoung, admit, admit_by_variable


def test_age():
    with pytest.raises(TooYoung):
        admit(age=14, seats=1)


def test_seats_are_tried_and_nothing_is_said_about_them():
    with suppress(Full):
        admit(age=15, seats=0)


@pytest.fixture(scope="module")
def refusals() -> list[TooYoung]:
    return []


@pytest.mark.parametrize("age", [13, 14])
def test_by_variable(refusals: list[TooYoung], age: int):
    with pytest.raises(TooYoung) as refused:
        admit_by_variable(age)

    refusals.append(refused.value)
