"""Summaries of one tick, one frame of each kind."""

import json
from collections.abc import Mapping
from typing import Any

from live.hub import Summary
from live.models import LiveSession, Poll
from live.queries.people import here_count
from live.queries.polls import results_of
from live.queries.questions import questions_with_votes


def _frame(kind: str, **facts: Any) -> str:
    return json.dumps({"type": "passing", "kind": kind, **facts}, ensure_ascii=False, separators=(",", ":"))


def _tally(session: LiveSession, poll_id: int) -> Summary | None:
    poll = Poll.objects.filter(session=session, pk=poll_id).first()
    # The event of closing already carried the results.
    if poll is None or poll.closed_seq is not None:
        return None
    results = results_of(poll)
    staff_text = _frame("poll.tally", poll=poll.pk, **results)
    if poll.shows_results_at(session.seq):
        return Summary(staff_text)
    return Summary(_frame("poll.tally", poll=poll.pk, voters=results["voters"]), staff_text)


# The last headcount this process sent to each room.
_last_headcount: dict[int, int] = {}


def _headcount(session_id: int) -> Summary | None:
    """The headcount, only if it changed: heartbeats are frequent, and every frame costs mobile data."""
    count = here_count(session_id)
    if _last_headcount.get(session_id) == count:
        return None
    if len(_last_headcount) > 1000:
        # Most entries are of ended classes.
        _last_headcount.clear()
    _last_headcount[session_id] = count
    return Summary(_frame("here", count=count))


def summaries_of(session_id: int, parts: Mapping[str, int]) -> list[Summary]:
    """Frames for the parts counted since the last tick: "poll:5", "question:12", "reaction:thanks", "here", each with its count."""
    by_kind: dict[str, dict[str, int]] = {}
    for part, count in parts.items():
        kind, _, name = part.partition(":")
        by_kind.setdefault(kind, {})[name] = count
    summaries = []
    if "here" in by_kind and (headcount := _headcount(session_id)):
        summaries.append(headcount)
    if reactions := by_kind.get("reaction"):
        summaries.append(Summary(_frame("reactions", counts=reactions)))
    if not by_kind.keys() & {"poll", "question"}:
        return summaries
    session = LiveSession.objects.get(pk=session_id)
    tallies = (_tally(session, int(poll_id)) for poll_id in by_kind.get("poll", ()))
    summaries.extend(tally for tally in tallies if tally)
    if wanted := by_kind.get("question"):
        votes = questions_with_votes(session).filter(seq__in=[int(seq) for seq in wanted])
        counts = {question.seq: question.vote_count for question in votes}
        summaries.append(Summary(_frame("question.votes", votes=counts)))
    return summaries
