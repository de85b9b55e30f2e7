"""Every signal is explained where it is defined and listed in docs/reference/events.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTED = (ROOT / "docs" / "reference" / "events.md").read_text()


def signals() -> Iterator[tuple[str, ast.stmt | None]]:
    """Each signal's dotted name with the statement that follows it."""
    for path in sorted(ROOT.glob("*/signals.py")):
        body = ast.parse(path.read_text()).body
        for statement, following in zip(body, [*body[1:], None], strict=True):
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="Signal"))):
                    yield f"{path.parent.name}.signals.{name}", following


@pytest.mark.parametrize(
    ("name", "following"), list(signals()), ids=lambda value: value if isinstance(value, str) else "docstring"
)
def test_a_signal_has_a_docstring_with_its_kwargs_and_is_listed(name: str, following: ast.stmt | None):
    assert f"`{name}`" in LISTED
    assert isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
    assert "kwargs:" in following.value.value


def test_the_signals_are_found():
    assert "courses.signals.program_completed" in dict(signals())
