"""Errors of messages, hands, calls and notes."""

from django.utils.translation import gettext_lazy as _

from live.errors.base import LiveError


class MessageRefused(LiveError):
    code = "message_empty"
    message = _("Write something before you send.")


class Muted(LiveError):
    code = "muted"
    message = _("The instructor has muted you for now. You can still raise your hand.")


class NoSuchEvent(LiveError):
    code = "no_such_event"
    message = _("That message or hand is no longer there.")


class ClientIdTaken(LiveError):
    code = "client_id_taken"
    message = _("This message could not be told apart from another one. Send it again.")


class SlowMode(LiveError):
    """The person may write again in `seconds`."""

    code = "slow_mode"
    message = _("Slow mode is on: you can write again in %(seconds)s s.")


class ChatOff(LiveError):
    code = "chat_off"
    message = _("The instructor has closed the messages for now. You can still raise your hand.")


class NoSuchPerson(LiveError):
    code = "no_such_person"
    message = _("That person is not of this class, or may not be changed this way.")


class NoPhone(LiveError):
    code = "no_phone"
    message = _("There is no mobile number in this login. Ask the center to add one.")


class PhoneHidden(LiveError):
    code = "phone_hidden"
    message = _("Only staff who may see people of this center can see the number.")


class NotesConflict(LiveError):
    """Someone else saved a newer version; the page shows both texts."""

    code = "notes_conflict"
    message = _(
        "Someone else changed the notes meanwhile. Your text is still here: look at theirs, then save again."
    )
