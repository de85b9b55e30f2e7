"""The documentation of the protocol matches the code."""

import re
from pathlib import Path

import pytest

from live import errors, protocol
from live.commands import COMMANDS
from live.enums import EventKind
from live.hub import CloseCode

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "live-protocol.md").read_text(
    encoding="utf-8"
)


def table(title: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    section = PAGE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("| ").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def names(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_the_page_lists_every_command_with_its_fields_and_who_may_give_it():
    described = {names(row[0])[0]: (set(names(row[1])), row[2]) for row in table("Commands")}

    assert described == {
        name: (set(command.model_fields) - {"type", "id"}, "staff" if command.for_staff else "all")
        for name, command in COMMANDS.items()
    }


def test_the_page_lists_every_event():
    assert [names(row[0])[0] for row in table("Events")] == sorted(
        EventKind.values, key=[names(row[0])[0] for row in table("Events")].index
    )


def test_the_page_lists_every_frame_of_the_server():
    assert {names(row[0])[0] for row in table("Frames of the server")} == set(protocol.Reply)


def test_the_page_lists_every_error():
    kinds = [errors.LiveError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    codes = {kind.code for kind in kinds if kind is not errors.LiveError}

    assert {names(row[0])[0] for row in table("Errors")} == {*codes, *protocol.ProtocolError, "app.refusal"}


def test_the_page_lists_every_close_code():
    assert {(int(row[0]), row[1]) for row in table("Close codes")} == {
        (code.value, code.name) for code in CloseCode
    }


def test_the_page_lists_every_limit():
    assert {names(row[0])[0]: int(row[1]) for row in table("Limits")} == protocol.LIMITS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_written_as_it_is_called(name: str):
    assert COMMANDS[name].model_fields["type"].annotation.__args__ == (name,)
