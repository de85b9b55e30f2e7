"""What a live room refuses, with a sentence a person can act on.

`code` is what travels over the socket beside the sentence; `docs/live-protocol.md` lists every one.
"""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class LiveError(DomainError):
    code: ClassVar[str]


class TicketRefused(LiveError):
    """A ticket that opens nothing; the socket is closed with `close_code`."""

    code = "ticket_invalid"
    message = _("This entry ticket is not valid. Reload the page to get a new one.")


class TicketExpired(TicketRefused):
    code = "ticket_expired"
    message = _("The entry ticket has expired. Reload the page to get a new one.")


class TicketUsed(TicketRefused):
    code = "ticket_used"
    message = _("This entry ticket was already used. Reload the page to get a new one.")


class NotAdmitted(LiveError):
    """Not (or no longer) of this cohort."""

    code = "not_admitted"
    message = _("You are not enrolled in the cohort of this class.")


class RemovedFromRoom(LiveError):
    code = "removed"
    message = _("The trainer removed you from this class. Talk to your center if this is a mistake.")


class RoomNotOpen(LiveError):
    code = "room_not_open"
    message = _("The class is not open yet. Wait for the trainer to start it.")


class RoomAlreadyOpen(LiveError):
    code = "room_already_open"
    message = _("The class is already open.")


class TooEarlyToOpen(LiveError):
    code = "too_early"
    message = _("A class can be opened at most half an hour before it starts.")


class RoomEnded(LiveError):
    code = "room_ended"
    message = _("The class has ended.")


class MessageRefused(LiveError):
    code = "message_empty"
    message = _("Write something before you send.")


class Muted(LiveError):
    code = "muted"
    message = _("The trainer has muted you for now. You can still raise your hand.")


class NoSuchEvent(LiveError):
    code = "no_such_event"
    message = _("That message or hand is no longer there.")


class ClientIdTaken(LiveError):
    code = "client_id_taken"
    message = _("This message could not be told apart from another one. Send it again.")


class StaffOnly(LiveError):
    code = "staff_only"
    message = _("Only the trainer can do this.")


class SlowMode(LiveError):
    """`seconds` are left until the person may write again."""

    code = "slow_mode"
    message = _("Slow mode is on: you can write again in %(seconds)s s.")


class ChatOff(LiveError):
    code = "chat_off"
    message = _("The trainer has closed the messages for now. You can still raise your hand.")
