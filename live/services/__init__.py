"""The verbs of live classes."""

from live.services.audience import (
    audience,
)
from live.services.board import (
    LABEL_CHARACTERS,
    NOTES_CHARACTERS,
    start_timer,
    stop_timer,
    write_notes,
)
from live.services.calls import (
    ask_for_call,
    close_call,
    number_to_call,
)
from live.services.chat import (
    MESSAGE_CHARACTERS,
    clean_text,
    pin_message,
    remove_message,
    say_to_staff,
    send_message,
    unpin_message,
)
from live.services.checks import answer_check, ask_due_checks, has_checks, switch_checks
from live.services.decks import (
    PAGES_AT_ONCE,
    UPLOAD_BYTES,
    render_deck,
    sweep_decks,
    upload_slides,
)
from live.services.events import (
    append_event,
)
from live.services.feeds import (
    end_feed,
    renew_feed,
)
from live.services.gates import (
    keep_place,
    require_a_place,
    require_doors_open,
    take_place,
)
from live.services.hands import (
    call_hand,
    lower_hand,
    raise_hand,
)
from live.services.ink import (
    BOARD_POINTS,
    INKS,
    STROKE_POINTS,
    draw_stroke,
    show_board,
    undo_stroke,
    wipe_board,
)
from live.services.moderation import (
    kick_person,
    mute_all,
    mute_person,
    readmit_person,
    remove_person,
    unmute_all,
    unmute_person,
)
from live.services.notices import (
    deliver_notices,
    notice_text,
    plan_reminders,
    tell_of_change,
)
from live.services.order import (
    add_host,
    admit,
    admit_all,
    note_entry,
    remove_host,
    wait_in_lobby,
)
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
from live.services.presence import (
    Absence,
    notice_return,
    record_beat,
    record_return,
)
from live.services.questions import (
    QUESTION_CHARACTERS,
    ask_question,
    settle_question,
    vote_for_question,
    withdraw_question_vote,
)
from live.services.reactions import (
    react,
)
from live.services.record import (
    answer_objection,
    freeze_attendance,
    freeze_due_attendance,
    object_to_attendance,
)
from live.services.rules import (
    change_rules,
)
from live.services.scheduling import (
    cancel_live_session,
    change_live_session,
    schedule_live_session,
    schedule_series,
    substitute_trainer,
)
from live.services.sessions import (
    end_forgotten_rooms,
    end_room,
    open_room,
    set_up_room,
)
from live.services.stage import (
    DESCRIPTION_CHARACTERS,
    SURFACE,
    clear_stage,
    describe_slide,
    point_at,
    show_slide,
)
from live.services.tickets import (
    TICKET_SECONDS,
    Seat,
    forget_used_tickets,
    issue_ticket,
    redeem_ticket,
)
from live.services.video import (
    finish_left_broadcasts,
    issue_sender_ticket,
    redeem_sender_ticket,
    start_video,
    stop_video,
)
from live.services.votes import (
    cast_vote,
)

__all__ = [
    "BOARD_POINTS",
    "DESCRIPTION_CHARACTERS",
    "INKS",
    "LABEL_CHARACTERS",
    "MESSAGE_CHARACTERS",
    "NOTES_CHARACTERS",
    "OPTION_CHARACTERS",
    "PAGES_AT_ONCE",
    "POLL_OPTIONS",
    "POLL_QUESTION_CHARACTERS",
    "QUESTION_CHARACTERS",
    "STROKE_POINTS",
    "SURFACE",
    "TICKET_SECONDS",
    "UPLOAD_BYTES",
    "Absence",
    "PollDraft",
    "Seat",
    "add_host",
    "admit",
    "admit_all",
    "answer_check",
    "answer_objection",
    "append_event",
    "ask_due_checks",
    "ask_for_call",
    "ask_poll",
    "ask_question",
    "audience",
    "call_hand",
    "cancel_live_session",
    "cast_vote",
    "change_live_session",
    "change_rules",
    "clean_text",
    "clear_stage",
    "close_call",
    "close_poll",
    "deliver_notices",
    "describe_slide",
    "discard_poll",
    "draw_stroke",
    "end_feed",
    "end_forgotten_rooms",
    "end_room",
    "finish_left_broadcasts",
    "forget_used_tickets",
    "freeze_attendance",
    "freeze_due_attendance",
    "has_checks",
    "issue_sender_ticket",
    "issue_ticket",
    "keep_place",
    "kick_person",
    "lower_hand",
    "mute_all",
    "mute_person",
    "note_entry",
    "notice_return",
    "notice_text",
    "number_to_call",
    "object_to_attendance",
    "open_poll",
    "open_room",
    "pin_message",
    "plan_reminders",
    "point_at",
    "prepare_poll",
    "raise_hand",
    "react",
    "readmit_person",
    "record_beat",
    "record_return",
    "redeem_sender_ticket",
    "redeem_ticket",
    "remove_host",
    "remove_message",
    "remove_person",
    "render_deck",
    "renew_feed",
    "repeat_poll",
    "require_a_place",
    "require_doors_open",
    "say_to_staff",
    "schedule_live_session",
    "schedule_series",
    "send_message",
    "set_up_room",
    "settle_question",
    "show_board",
    "show_poll",
    "show_slide",
    "start_timer",
    "start_video",
    "stop_timer",
    "stop_video",
    "substitute_trainer",
    "sweep_decks",
    "switch_checks",
    "take_place",
    "tell_of_change",
    "undo_stroke",
    "unmute_all",
    "unmute_person",
    "unpin_message",
    "upload_slides",
    "vote_for_question",
    "wait_in_lobby",
    "wipe_board",
    "withdraw_question_vote",
    "write_notes",
]
