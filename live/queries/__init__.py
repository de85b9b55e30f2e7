"""Reads of live classes: who may enter, what happened, who was there."""

from live.queries.admission import (
    ADMITTED,
    Reader,
    enrolled_in,
    is_removed,
    live_sessions_of,
    participant_key,
    person_name,
    plain_name,
    role_in,
    sessions_for,
    still_admitted,
)
from live.queries.board import (
    notes_of,
    timer_in,
)
from live.queries.calendar import (
    calendar,
    classes_of,
    feed_classes_of,
    room_address,
)
from live.queries.calls import (
    calls_open,
)
from live.queries.chat import (
    is_muted,
    messages_of,
    muted_in,
    pinned_in,
    seconds_to_wait,
)
from live.queries.feeds import (
    feed_owner,
    feed_token,
)
from live.queries.freezing import Finding, chain_of, digest_of, findings_in, head_of, meetings_of, parts_of
from live.queries.hands import (
    Hand,
    hands_up,
)
from live.queries.log import (
    event_body,
    events_of,
    logged_events_after,
)
from live.queries.people import (
    ROSTER_PAGE,
    has_entered,
    here_count,
    host_candidates,
    is_let_in,
    people_of,
    roster_of,
    user_of_key,
    waiting_in,
)
from live.queries.polls import (
    OptionResult,
    PollResult,
    earlier_polls,
    poll_facts,
    poll_results,
    results_by_poll,
    results_of,
    voter_mark,
)
from live.queries.presence import (
    Counter,
    Presence,
    counters_of,
    held_seconds,
    minutes_so_far,
    objection_term,
    presence_in,
)
from live.queries.questions import (
    questions_with_votes,
)
from live.queries.register import Register, RegisterRow, register_of
from live.queries.reminders import (
    change_time,
    is_quiet,
    reminder_time,
)
from live.queries.soon import (
    next_class_of,
    notices_for,
)
from live.queries.stage import (
    decks_of,
    on_stage,
    picture_facts,
    slide_facts,
    slides_base,
    stage_shown,
    strokes_on,
)
from live.queries.summaries import (
    summaries_of,
)
from live.queries.timetable import (
    MOST_CLASSES,
    Clash,
    Slot,
    clashes_of,
    joint_meetings_of,
    slots_of_series,
)
from live.queries.video import (
    is_video_on,
    recording_of,
    stream_path,
)
from live.queries.welcome import (
    SNAPSHOTS,
    Welcome,
    welcome_of,
)

__all__ = [
    "ADMITTED",
    "MOST_CLASSES",
    "ROSTER_PAGE",
    "SNAPSHOTS",
    "Clash",
    "Counter",
    "Finding",
    "Hand",
    "OptionResult",
    "PollResult",
    "Presence",
    "Reader",
    "Register",
    "RegisterRow",
    "Slot",
    "Welcome",
    "calendar",
    "calls_open",
    "chain_of",
    "change_time",
    "clashes_of",
    "classes_of",
    "counters_of",
    "decks_of",
    "digest_of",
    "earlier_polls",
    "enrolled_in",
    "event_body",
    "events_of",
    "feed_classes_of",
    "feed_owner",
    "feed_token",
    "findings_in",
    "hands_up",
    "has_entered",
    "head_of",
    "held_seconds",
    "here_count",
    "host_candidates",
    "is_let_in",
    "is_muted",
    "is_quiet",
    "is_removed",
    "is_video_on",
    "joint_meetings_of",
    "live_sessions_of",
    "logged_events_after",
    "meetings_of",
    "messages_of",
    "minutes_so_far",
    "muted_in",
    "next_class_of",
    "notes_of",
    "notices_for",
    "objection_term",
    "on_stage",
    "participant_key",
    "parts_of",
    "people_of",
    "person_name",
    "picture_facts",
    "pinned_in",
    "plain_name",
    "poll_facts",
    "poll_results",
    "presence_in",
    "questions_with_votes",
    "recording_of",
    "register_of",
    "reminder_time",
    "results_by_poll",
    "results_of",
    "role_in",
    "room_address",
    "roster_of",
    "seconds_to_wait",
    "sessions_for",
    "slide_facts",
    "slides_base",
    "slots_of_series",
    "stage_shown",
    "still_admitted",
    "stream_path",
    "strokes_on",
    "summaries_of",
    "timer_in",
    "user_of_key",
    "voter_mark",
    "waiting_in",
    "welcome_of",
]
