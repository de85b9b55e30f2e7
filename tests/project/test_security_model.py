"""Every guarantee of the security model names an existing test."""

import re

import pytest

from tests.external_programs import ROOT

MODEL = (ROOT / "SECURITY_MODEL.md").read_text()
NAMED = re.findall(r"`([a-z_/]+\.py)::(test_\w+)`", MODEL)
PROMISES = re.split(r"^(?=\d+\. )", MODEL.partition("## What is not guaranteed")[0], flags=re.MULTILINE)[1:]


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_named_test_is_there(file: str, name: str):
    assert re.search(rf"^(?:async )?def {name}\(", (ROOT / "tests" / file).read_text(), re.MULTILINE)


def test_promises_are_numbered_and_each_names_a_test():
    assert [int(promise.split(".")[0]) for promise in PROMISES] == list(range(1, len(PROMISES) + 1))
    assert [promise[:40] for promise in PROMISES if "::test_" not in promise] == []
