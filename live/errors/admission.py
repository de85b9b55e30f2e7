"""Who may come into a room, and when."""

from django.utils.translation import gettext_lazy as _

from live.errors.base import LiveError


class TicketRefused(LiveError):
    """An invalid ticket; the socket is closed with `close_code`."""

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
    message = _("The instructor removed you from this class. Talk to your center if this is a mistake.")


class RoomNotOpen(LiveError):
    code = "room_not_open"
    message = _("The class is not open yet. Wait for the instructor to start it.")


class RoomAlreadyOpen(LiveError):
    code = "room_already_open"
    message = _("The class is already open.")


class TooEarlyToOpen(LiveError):
    code = "too_early"
    message = _("A class can be opened at most half an hour before it starts.")


class RoomEnded(LiveError):
    code = "room_ended"
    message = _("The class has ended.")


class NotInTheRoom(LiveError):
    code = "not_in_room"
    message = _("Only who is in the room can watch the class. Reload the page.")


class StaffOnly(LiveError):
    code = "staff_only"
    message = _("Only the instructor can do this.")


class TraineesOnly(LiveError):
    code = "trainees_only"
    message = _("Voting and asking are for the trainees of the class.")


class InLobby(LiveError):
    """Waiting in the lobby; asking again creates no second request."""

    code = "in_lobby"
    message = _("The instructor lets people in one by one. Stay on this page; it opens by itself.")


class RoomLocked(LiveError):
    code = "room_locked"
    message = _("The instructor has locked this class. Those who were in may come back; no one new comes in.")


class TooEarlyToEnter(LiveError):
    """Too early for a trainee: the page counts down to the time in the message."""

    code = "doors_closed"
    message = _("The doors open at %(time)s. Come back then; the page shows how long that is.")


class RoomCanceled(LiveError):
    code = "room_canceled"
    message = _("This class was canceled. Look at your timetable for the next one.")


class RoomFull(LiveError):
    code = "room_full"
    message = _(
        "All %(places)s places of this room are taken. Reload the page in a moment: a place is free as soon as someone leaves."
    )


class WatchingOnly(LiveError):
    """A command from an inspector's socket, which is read-only."""

    code = "watching_only"
    message = _("You are here as an inspector: you see the class and take no part in it.")


class RoomNotEnded(LiveError):
    code = "room_not_ended"
    message = _("The class is not over yet. Its attendance is counted when it ends.")
