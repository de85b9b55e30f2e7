"""Views of live classes."""

from live.views.attendance import objection, register
from live.views.calendars import calendar_address, class_calendar, feed
from live.views.decks import slide_picture, slides
from live.views.groups import groups
from live.views.lessons import lesson, lesson_replay, recorded, replay
from live.views.people import candidates, number_to_call, roster
from live.views.rooms import index, room
from live.views.tickets import sender_ticket, ticket, voice_ticket

__all__ = [
    "calendar_address",
    "candidates",
    "class_calendar",
    "feed",
    "groups",
    "index",
    "lesson",
    "lesson_replay",
    "number_to_call",
    "objection",
    "recorded",
    "register",
    "replay",
    "room",
    "roster",
    "sender_ticket",
    "slide_picture",
    "slides",
    "ticket",
    "voice_ticket",
]
