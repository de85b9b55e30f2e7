"""The welcome frame of a client that joins."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from live.enums import LiveRole
from live.models import LiveSession
from live.queries.admission import Reader, participant_key, person_name
from live.queries.board import notes_shown, timer_shown
from live.queries.calls import calls_shown
from live.queries.chat import (
    is_muted,
    messages_of,
    muted_shown,
    pinned_shown,
    rules_shown,
    staff_talk_shown,
)
from live.queries.groups import groups_shown
from live.queries.hands import hands_shown
from live.queries.people import here_shown, lobby_shown
from live.queries.polls import polls_shown
from live.queries.presence import check_shown, minutes_so_far
from live.queries.questions import questions_shown
from live.queries.stage import stage_shown
from live.queries.video import video_shown
from live.queries.voice import voice_shown

# A client further behind than this gets a full welcome instead of a replay.
REPLAY_EVENTS = 500
# Functions that give the state of each tool as of the welcome's event, by field of the frame.
SNAPSHOTS: dict[str, Callable[[Reader], Any]] = {
    "hands": hands_shown,
    "muted": muted_shown,
    "pinned": pinned_shown,
    "rules": rules_shown,
    "staff_talk": staff_talk_shown,
    "polls": polls_shown,
    "questions": questions_shown,
    "lobby": lobby_shown,
    "here": here_shown,
    "calls": calls_shown,
    "timer": timer_shown,
    "notes": notes_shown,
    "video": video_shown,
    "voice": voice_shown,
    "stage": stage_shown,
    "check": check_shown,
    "groups": groups_shown,
}


@dataclass(frozen=True, slots=True)
class Welcome:
    """A consistent view of a room at event `seq`; `facts` are the other fields of the frame."""

    seq: int
    has_messages: bool
    facts: dict[str, Any]


def welcome_of(session_id: int, user: User, role: LiveRole, *, since: int | None) -> Welcome:
    """The room as of its last event; with messages unless the client can catch up by replay."""
    # The number is read first: events up to it are committed, later ones are filtered out below.
    session = LiveSession.objects.get(pk=session_id)
    can_replay = since is not None and session.seq - REPLAY_EVENTS <= since <= session.seq
    reader = Reader(session, user, role)
    me = {
        "key": participant_key(session_id, user.pk),
        "name": person_name(user),
        "role": role,
        "muted": role == LiveRole.TRAINEE and is_muted(session_id, user.pk),
    }
    facts = {
        "seq": session.seq,
        "state": session.state,
        "resync": since is not None and not can_replay,
        "me": me,
        "messages": None if can_replay else messages_of(session_id, up_to=session.seq),
        "presence": minutes_so_far(session, user.person_id).shown(),
        **{field: snapshot(reader) for field, snapshot in SNAPSHOTS.items()},
    }
    return Welcome(seq=session.seq, has_messages=not can_replay, facts=facts)
