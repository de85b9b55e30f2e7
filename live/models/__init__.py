"""Rooms, what happened in them and who was there."""

from live.models.log import Event
from live.models.presence import PresenceMinute
from live.models.rooms import LiveSession
from live.models.tickets import TicketUse

__all__ = ["Event", "LiveSession", "PresenceMinute", "TicketUse"]
