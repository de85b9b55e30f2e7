"""Commands that a client sends to a room: one module for each tool, each command with its fields, its rate and who may send it."""

from live.commands import (
    admission,
    board,
    calls,
    captions,
    chat,
    connection,
    groups,
    hands,
    moderation,
    polls,
    presence_checks,
    questions,
    reactions,
    room,
    rules,
    stage,
    video,
    voice,
)
from live.commands.base import Command, RoomCommand, StaffCommand
from live.commands.connection import Heartbeat, Hello, Seen

TOOLS = (
    presence_checks,
    connection,
    chat,
    hands,
    room,
    moderation,
    rules,
    polls,
    questions,
    reactions,
    admission,
    calls,
    board,
    video,
    voice,
    stage,
    groups,
    captions,
)
COMMANDS: dict[str, type[Command]] = {
    command.command_type(): command for tool in TOOLS for command in tool.COMMANDS
}


__all__ = [
    "COMMANDS",
    "TOOLS",
    "Command",
    "Heartbeat",
    "Hello",
    "RoomCommand",
    "Seen",
    "StaffCommand",
]
