"""The verbs of live classes."""

from live.services.chat import (
    MESSAGE_CHARACTERS,
    clean_text,
    pin_message,
    remove_message,
    say_to_staff,
    send_message,
    unpin_message,
)
from live.services.events import append_event
from live.services.hands import call_hand, lower_hand, raise_hand
from live.services.moderation import mute_person, remove_person, unmute_person
from live.services.presence import record_beat
from live.services.rules import change_rules
from live.services.sessions import (
    end_forgotten_rooms,
    end_room,
    open_room,
    schedule_live_session,
    set_up_room,
)
from live.services.tickets import TICKET_SECONDS, Seat, forget_used_tickets, issue_ticket, redeem_ticket

__all__ = [
    "MESSAGE_CHARACTERS",
    "TICKET_SECONDS",
    "Seat",
    "append_event",
    "call_hand",
    "change_rules",
    "clean_text",
    "end_forgotten_rooms",
    "end_room",
    "forget_used_tickets",
    "issue_ticket",
    "lower_hand",
    "mute_person",
    "open_room",
    "pin_message",
    "raise_hand",
    "record_beat",
    "redeem_ticket",
    "remove_message",
    "remove_person",
    "say_to_staff",
    "schedule_live_session",
    "send_message",
    "set_up_room",
    "unmute_person",
    "unpin_message",
]
