"""The closed lists of live classes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LiveState(models.TextChoices):
    SCHEDULED = "scheduled", _("scheduled")
    OPEN = "open", _("open")
    ENDED = "ended", _("ended")


class LiveRole(models.TextChoices):
    TRAINEE = "trainee", _("trainee")
    TRAINER = "trainer", _("trainer")


class EventKind(models.TextChoices):
    """What can happen in a room and is remembered. Past tense: the log states facts."""

    ROOM_OPENED = "room.opened", _("room opened")
    ROOM_ENDED = "room.ended", _("room ended")
    CHAT = "chat", _("message")
    CHAT_REMOVED = "chat.removed", _("message removed")
    HAND_RAISED = "hand.raised", _("hand raised")
    HAND_LOWERED = "hand.lowered", _("hand lowered")
    HAND_CALLED = "hand.called", _("called to speak")
    PERSON_MUTED = "person.muted", _("muted")
    PERSON_UNMUTED = "person.unmuted", _("unmuted")
    PERSON_REMOVED = "person.removed", _("removed from the room")
