"""What a client may ask of a room: a module a tool, each command with its fields, its rate and who may give it."""

from live.commands import (
    board,
    calls,
    captions,
    chat,
    checks,
    groups,
    hands,
    line,
    moderation,
    order,
    polls,
    questions,
    reactions,
    room,
    rules,
    stage,
    video,
    voice,
)
from live.commands.base import Command, StaffVerb, Verb
from live.commands.line import Beat, Hello, Seen

TOOLS = (
    checks,
    line,
    chat,
    hands,
    room,
    moderation,
    rules,
    polls,
    questions,
    reactions,
    order,
    calls,
    board,
    video,
    voice,
    stage,
    groups,
    captions,
)
COMMANDS: dict[str, type[Command]] = {command.word(): command for tool in TOOLS for command in tool.COMMANDS}


__all__ = [
    "COMMANDS",
    "TOOLS",
    "Beat",
    "Command",
    "Hello",
    "Seen",
    "StaffVerb",
    "Verb",
]
