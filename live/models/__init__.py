"""Rooms, what happened in them and who was there."""

from live.models.log import Event
from live.models.people import Host, RoomEntry
from live.models.polls import Poll, PollMark, PollVote
from live.models.presence import PresenceMinute
from live.models.questions import Question, QuestionVote
from live.models.rooms import LiveSession
from live.models.tickets import TicketUse

__all__ = [
    "Event",
    "Host",
    "LiveSession",
    "Poll",
    "PollMark",
    "PollVote",
    "PresenceMinute",
    "Question",
    "QuestionVote",
    "RoomEntry",
    "TicketUse",
]
