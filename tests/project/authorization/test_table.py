"""Every address has exactly one row in the table, and every row an address."""

import pytest
from django.apps import apps

from accounts.rule import RULE
from tests.factories import rows
from tests.project.authorization.rows import TABLE
from tests.project.authorization.table import (
    Address,
    Kind,
    addresses,
    missing_line,
    public,
    rows_for,
    superuser,
)

ADDRESSES = list(addresses())


def test_every_address_of_the_site_has_a_row():
    missing = [missing_line(address) for address in ADDRESSES if not rows_for(address, TABLE)]

    assert missing == [], "add one line each:\n" + "\n".join(missing)


def test_no_address_has_two_rows():
    doubted = {address: keys for address in ADDRESSES if len(keys := rows_for(address, TABLE)) > 1}

    assert doubted == {}


def test_every_row_has_an_address():
    used = {key for address in ADDRESSES for key in rows_for(address, TABLE)}

    assert set(TABLE) - used == set()


def test_every_verb_in_the_table_is_one_of_the_rule():
    unknown = [
        (name, entry.label, entry.verb)
        for name, entry in TABLE.items()
        if entry.kind is Kind.RULE and entry.verb not in RULE.get(entry.label, {})
    ]

    assert unknown == []


def test_what_the_walking_tests_call_public_is_no_page_of_a_holder():
    rows.load()

    assert [name for name in rows.PUBLIC if TABLE[name].kind is Kind.OWN] == []


def test_every_row_that_the_rule_does_not_decide_has_a_reason():
    assert [name for name, entry in TABLE.items() if entry.kind is not Kind.RULE and not entry.why] == []


@pytest.mark.parametrize("label", RULE)
def test_every_verb_of_the_rule_has_an_address(label: str):
    reached = {
        verb for entry in TABLE.values() if entry.label == label for verb in (entry.verb, entry.writes)
    }

    assert set(RULE[label]) - reached == set()
    apps.get_model(label)


def test_a_new_address_is_reported_with_the_row_to_add():
    viewset = next(address for address in ADDRESSES if address == "proposals:approve")
    new = Address.of("proposals:sign", viewset.arguments, viewset.callback, "sign/")

    assert rows_for(new, TABLE) == []
    assert missing_line(new) == (
        'tests/project/authorization/workplace.py:    "proposals:sign": of("certificates.Proposal", "<verb of accounts.rule.RULE>"),'
    )


def test_a_row_of_its_own_comes_before_a_pattern():
    table = {"sites:*": superuser("set up with the site"), "sites:index": public("for all")}

    assert rows_for("sites:index", table) == ["sites:index"]
    assert rows_for("sites:edit", table) == ["sites:*"]
