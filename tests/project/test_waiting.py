"""No test lets time pass instead of waiting for a state, and none asserts once what a page will only show in a moment."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.served_site import ROOT

SLEEPS = re.compile(r"(?!asyncio\.)(.*\.)?(sleep|wait_for_timeout)")
# Each has an `expect(...)` that waits.
STATES = re.compile(r".*\.is_(checked|disabled|editable|enabled|hidden|visible)")
READS = re.compile(r".*\.(all_\w+|count|get_attribute|inner_text|input_value|text_content)", re.DOTALL)
LOCATOR = re.compile(r"\.(locator|get_by_\w+)\(")


def faults(source: str) -> Iterator[tuple[int, str]]:
    """The lines that wait for a time, or read a page once. A queryset is no locator."""
    if not re.search(r"\bsleep\(|wait_for_timeout|playwright", source):
        return
    nodes = list(ast.walk(ast.parse(source)))
    locators = {
        ast.unparse(target)
        for node in nodes
        if isinstance(node, ast.Assign) and LOCATOR.search(ast.unparse(node.value))
        for target in node.targets
    }
    asserted = {part for node in nodes if isinstance(node, ast.Assert) for part in ast.walk(node)}
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        is_locator = LOCATOR.search(name) or name.partition(".")[0] in locators
        is_read = node in asserted and is_locator and READS.fullmatch(name)
        if SLEEPS.fullmatch(name) or ("playwright" in source and (is_read or STATES.fullmatch(name))):
            yield node.lineno, name


def test_tests_wait_for_states():
    lines = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if path != ROOT / "tests" / "waiting.py"
        for line, name in faults(path.read_text(encoding="utf-8"))
    ]

    assert lines == [], "use `expect`, or `wait_until` and `time_passes` of tests/waiting.py"


@pytest.mark.parametrize(
    ("line", "is_fault"),
    [
        ("time.sleep(1)", True),
        ("sleep(1)", True),
        ("self.page.wait_for_timeout(100)", True),
        ("assert page.locator('li').count() == 1", True),
        ("rows = page.get_by_role('row')\nassert not rows.first.count()", True),
        ("assert page.locator('h1').inner_text() == 'A'", True),
        ("if tab.is_visible(): tab.click()", True),
        ("time_passes(1, 'the line is cut for a second', page)", False),
        ("wait_until(lambda: page.locator('li').count() > 1)", False),
        ("expect(page.locator('li')).to_have_count(1)", False),
        ("assert batch.papers.filter(state='checked').count() == 2", False),
        ("assert Question.objects.count() == 1", False),
        ("number = page.locator('h1').inner_text()", False),
        ("async def work(): await asyncio.sleep(0)", False),
        ("program = 'import time; time.sleep(60)'", False),
    ],
)
def test_the_rule_finds_what_waits_for_a_time_or_reads_once(line: str, is_fault: bool):
    assert bool([*faults(f"import playwright\n{line}")]) == is_fault
