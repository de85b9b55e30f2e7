"""The closed lists of live classes."""

from typing import Any

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
    CHAT_PINNED = "chat.pinned", _("message pinned")
    CHAT_UNPINNED = "chat.unpinned", _("message unpinned")
    STAFF_SAID = "staff.said", _("message among the staff")
    HAND_RAISED = "hand.raised", _("hand raised")
    HAND_LOWERED = "hand.lowered", _("hand lowered")
    HAND_CALLED = "hand.called", _("called to speak")
    PERSON_MUTED = "person.muted", _("muted")
    PERSON_UNMUTED = "person.unmuted", _("unmuted")
    PERSON_REMOVED = "person.removed", _("removed from the room")
    RULES_CHANGED = "rules.changed", _("rules of the room changed")


def event_kinds() -> list[tuple[str, Any]]:
    """The choices of `Event.kind`, by name: a new kind is no change of the table."""
    return list(EventKind.choices)
