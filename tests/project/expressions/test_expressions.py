"""Text from outside meets regular expressions in linear time only."""

import json
import re
import subprocess
import sys
from typing import Any

import pytest

from tests.external_programs import ROOT
from tests.project.expressions.hostile import faults_of

PLANTED = {
    "a run that an end is looked for in": (r"[^\s<>&]*[A-Za-z][^\s<>&]*", "split"),
    "a run before the end": (r"\s*م$", "sub"),
    "an opening without its end": (r"<[^>]*>", "sub"),
    "an opening of several letters": (r"<!--.*?-->", "sub"),
    "two runs of the same": (r"(.*?) *\{#(\w+)\}", "fullmatch"),
    "a word at each of its letters": (r"([\w-]+)=", "findall"),
    "a repetition in a repetition": (r"(?:\$cat[0-9]*[^/$]*\$)+", "match"),
}

EVERY_EXPRESSION = pytest.mark.walks(
    "every expression of our code and of Django, Wagtail and allauth, for a minute", nightly=True
)


@pytest.mark.parametrize(("pattern", "method"), PLANTED.values(), ids=PLANTED)
def test_a_planted_expression_that_is_not_linear_is_found(pattern: str, method: str):
    assert faults_of(re.compile(pattern), {method}) != []


@pytest.mark.parametrize(
    "pattern", [r"[^\s<>&]++", r"(?<!\s)\s++م", r"<[^<>]*>", r"[0-9]{4}-[0-9]{2}", "[\u0621-\u064a]"]
)
def test_a_linear_expression_is_not_found(pattern: str):
    assert faults_of(re.compile(pattern), {"sub"}) == []


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.project.expressions"]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(run.stdout.splitlines()[-1])


@EVERY_EXPRESSION
@pytest.mark.xdist_group("expressions")
@pytest.mark.parametrize("fault", ["without a row", "without an expression", "made at run time"])
def test_every_expression_has_a_row(measured: dict[str, Any], fault: str):
    assert measured[fault] == []


@EVERY_EXPRESSION
@pytest.mark.xdist_group("expressions")
def test_every_expression_is_linear_or_bounded(measured: dict[str, Any]):
    assert measured["faults"] == {}
    assert measured["measured"] > 300
