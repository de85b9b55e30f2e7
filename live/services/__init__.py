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
from live.services.polls import (
    OPTION_CHARACTERS,
    POLL_OPTIONS,
    POLL_QUESTION_CHARACTERS,
    PollDraft,
    ask_poll,
    close_poll,
    discard_poll,
    open_poll,
    prepare_poll,
    repeat_poll,
    show_poll,
)
from live.services.presence import record_beat
from live.services.questions import (
    QUESTION_CHARACTERS,
    ask_question,
    settle_question,
    vote_for_question,
    withdraw_question_vote,
)
from live.services.reactions import react
from live.services.rules import change_rules
from live.services.sessions import (
    end_forgotten_rooms,
    end_room,
    open_room,
    schedule_live_session,
    set_up_room,
)
from live.services.tickets import TICKET_SECONDS, Seat, forget_used_tickets, issue_ticket, redeem_ticket
from live.services.votes import cast_vote

__all__ = [
    "MESSAGE_CHARACTERS",
    "OPTION_CHARACTERS",
    "POLL_OPTIONS",
    "POLL_QUESTION_CHARACTERS",
    "QUESTION_CHARACTERS",
    "TICKET_SECONDS",
    "PollDraft",
    "Seat",
    "append_event",
    "ask_poll",
    "ask_question",
    "call_hand",
    "cast_vote",
    "change_rules",
    "clean_text",
    "close_poll",
    "discard_poll",
    "end_forgotten_rooms",
    "end_room",
    "forget_used_tickets",
    "issue_ticket",
    "lower_hand",
    "mute_person",
    "open_poll",
    "open_room",
    "pin_message",
    "prepare_poll",
    "raise_hand",
    "react",
    "record_beat",
    "redeem_ticket",
    "remove_message",
    "remove_person",
    "repeat_poll",
    "say_to_staff",
    "schedule_live_session",
    "send_message",
    "set_up_room",
    "settle_question",
    "show_poll",
    "unmute_person",
    "unpin_message",
    "vote_for_question",
    "withdraw_question_vote",
]
