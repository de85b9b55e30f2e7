"""Every command that a client may send into a live room, and who may give it there.

`HELLO` comes before a role is known. `ALL` are the trainees and instructors of the room, `STAFF` its instructors. `LINE` are commands of
the connection itself, which inspectors send, too; other commands are refused to them.
"""

from enum import StrEnum


class For(StrEnum):
    HELLO = "users with a ticket"
    LINE = "all in the room, inspectors included"
    ALL = "trainees and instructors"
    STAFF = "instructors"


COMMANDS: dict[str, For] = {
    "hello": For.HELLO,
    **dict.fromkeys(("beat", "seen"), For.LINE),
    **dict.fromkeys(
        (
            "call.ask",
            "call.cancel",
            "chat.send",
            "check.answer",
            "group.say",
            "group.call",
            "hand.raise",
            "hand.lower",
            "poll.vote",
            "question.ask",
            "question.vote",
            "question.unvote",
            "reaction.send",
            "video.report",
        ),
        For.ALL,
    ),
    **dict.fromkeys(
        (
            "all.mute",
            "all.unmute",
            "board.clear",
            "board.draw",
            "board.show",
            "board.undo",
            "call.done",
            "caption.say",
            "group.announce",
            "group.close",
            "group.discard",
            "group.move",
            "group.open",
            "group.place",
            "group.prepare",
            "group.visit",
            "hand.call",
            "hand.dismiss",
            "host.add",
            "host.remove",
            "lobby.admit",
            "lobby.admit_all",
            "message.pin",
            "message.remove",
            "message.unpin",
            "notes.write",
            "person.kick",
            "person.mute",
            "person.readmit",
            "person.remove",
            "person.unmute",
            "poll.again",
            "poll.ask",
            "poll.close",
            "poll.discard",
            "poll.open",
            "poll.prepare",
            "poll.show",
            "question.answer",
            "question.dismiss",
            "room.end",
            "room.open",
            "rules.set",
            "slides.describe",
            "slides.point",
            "slides.show",
            "staff.say",
            "stage.clear",
            "timer.start",
            "timer.stop",
            "video.sending",
            "voice.end",
        ),
        For.STAFF,
    ),
}
