"""Presence, computed from heartbeats and answers."""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Person
from courses.enums import AttendanceStatus
from courses.models import Enrollment
from live.attendance.policy import AttendancePolicy, Return, policy_of
from live.models import LiveSession, PresenceAnswer, PresenceCheck, PresenceMinute, PresenceReturn
from live.queries.admission import Reader, enrolled_in


def _held_span(session: LiveSession, policy: AttendancePolicy) -> tuple[float, float]:
    """From when until when what happens in the room counts, in seconds since it was opened; until now if it is still open."""
    assert session.opened_at is not None  # noqa: S101 - checked by the callers
    begins, until = session.opened_at, session.ended_at or timezone.now()
    if policy.is_of_plan:
        meeting = session.class_session
        begins = max(begins, meeting.starts_at)
        until = max(begins, min(until, meeting.ends_at))
    return (begins - session.opened_at).total_seconds(), (until - session.opened_at).total_seconds()


def is_held(session: LiveSession) -> bool:
    """Whether enough of the class was held, so far, to say who attended it."""
    if session.opened_at is None:
        return False
    policy = policy_of(session.attendance_policy)
    lead, seconds = _held_span(session, policy)
    return policy.is_held(policy.held_minutes(seconds, lead=lead), planned=_planned_minutes(session))


def _planned_minutes(session: LiveSession) -> int:
    meeting = session.class_session
    return math.ceil((meeting.ends_at - meeting.starts_at).total_seconds() / 60)


@dataclass(frozen=True, slots=True)
class Counter:
    """The counts of one person so far."""

    minutes: int = 0
    held: int = 0
    answered: int = 0
    asked: int = 0
    # The last heartbeat of any device, and what it was playing (a letter of `PlaybackState`).
    last_at: dt.datetime | None = None
    last_state: str = ""

    def shown(self) -> dict[str, int]:
        """As sent to the trainee's page."""
        return {"minutes": self.minutes, "held": self.held, "checks": self.answered, "asked": self.asked}


@dataclass(slots=True)
class _RawPresence:
    """The raw presence data of one person."""

    beats: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    returns: dict[str, list[Return]] = field(default_factory=lambda: defaultdict(list))
    answered: set[int] = field(default_factory=set)
    last_at: dt.datetime | None = None
    last_state: str = ""


def checks_that_count(session: LiveSession, policy: AttendancePolicy) -> set[int]:
    """Keys of the checks that were open for their whole time; one that the end of the class cut short is not counted."""
    assert session.opened_at is not None  # noqa: S101 - checked by the only caller
    lead, seconds = _held_span(session, policy)
    first = session.opened_at + dt.timedelta(seconds=lead)
    last = session.opened_at + dt.timedelta(seconds=seconds - policy.check_seconds)
    checks = PresenceCheck.objects.filter(session=session, asked_at__gte=first, asked_at__lte=last)
    return set(checks.values_list("pk", flat=True))


# The record that is kept of the person of a row.
KEPT = Coalesce("person__merged_into", "person")


def counters_of(session: LiveSession, *, person_id: int | None = None) -> dict[int, Counter]:
    """Count everyone with any presence data (or one person), by person; four queries whatever their number."""
    if session.opened_at is None:
        return {}
    policy, is_over = policy_of(session.attendance_policy), session.ended_at is not None
    lead, seconds = _held_span(session, policy)
    held = policy.held_minutes(seconds, lead=lead)
    heard = _heard_in(session, person_id)
    counting = checks_that_count(session, policy)
    counted: dict[int, Counter] = {}
    for person, facts in heard.items():
        rows: list[tuple[int, int]] = []
        for device, beats in facts.beats.items():
            rows += beats
            rows += policy.bridges(beats, facts.returns[device], seconds=seconds, is_over=is_over)
        # While the class goes on, one's own answer shows at once.
        asked = counting if is_over else counting | facts.answered
        counted[person] = Counter(
            minutes=policy.minutes_counted(rows, seconds=seconds, lead=lead),
            held=held,
            answered=len(facts.answered & asked),
            asked=len(asked),
            last_at=facts.last_at,
            last_state=facts.last_state,
        )
    nothing = Counter(held=held, asked=len(counting))
    return defaultdict(lambda: nothing, counted)


def _heard_in(session: LiveSession, person_id: int | None) -> dict[int, _RawPresence]:
    """The raw data by person. Those of a record that was merged count for the record that is kept."""
    of_one: dict[str, Any] = {}
    if person_id is not None:
        of_one = {"person__in": Person.everyone.records_of(person_id).order_by().values("pk")}
    heard: dict[int, _RawPresence] = defaultdict(_RawPresence)
    minutes = PresenceMinute.objects.filter(session=session, **of_one).order_by("minute")
    for row in minutes.annotate(kept=KEPT):
        facts = heard[row.kept]
        facts.beats[row.device].append((row.minute, row.beats))
        if row.last_at and (facts.last_at is None or row.last_at >= facts.last_at):
            facts.last_at, facts.last_state = row.last_at, row.states.rstrip(".")[-1:]
    assert session.opened_at is not None  # noqa: S101 - checked by the only caller
    for back in PresenceReturn.objects.filter(session=session, **of_one).annotate(kept=KEPT):
        came = (back.came_at - session.opened_at).total_seconds()
        heard[back.kept].returns[back.device].append(Return(came=came, silent=back.silent_seconds))
    answers = PresenceAnswer.objects.filter(check_asked__session=session, **of_one)
    for person, check in answers.values_list(KEPT, "check_asked_id"):
        heard[person].answered.add(check)
    return heard


def minutes_so_far(session: LiveSession, person_id: int | None) -> Counter:
    """What is counted for one person; nothing for a login without one."""
    if session.opened_at is None or person_id is None:
        return Counter()
    return counters_of(session, person_id=person_id)[person_id]


@dataclass(frozen=True, slots=True)
class Presence:
    """The counts of one enrollment. `status` is None while too little of the class was held to say who attended it."""

    enrollment: Enrollment
    minutes: int
    held: int
    status: AttendanceStatus | None
    answered: int = 0
    asked: int = 0
    last_at: dt.datetime | None = None
    last_state: str = ""

    @property
    def status_shown(self) -> str:
        return str(self.status.label) if self.status else "–"


def presence_in(session: LiveSession) -> list[Presence]:
    """Everyone enrolled, present or not, by name; a fixed number of queries whatever the number of people."""
    policy, has_status = policy_of(session.attendance_policy), is_held(session)
    counters = counters_of(session)
    enrollments: Iterable[Enrollment] = (
        enrolled_in(session).select_related("person").order_by("person__folded_name", "pk")
    )
    rows = []
    for enrollment in enrollments:
        one = counters[enrollment.person_id] if counters or session.opened_at else Counter()
        status = None
        if has_status:
            status = policy.status(minutes=one.minutes, held=one.held, answered=one.answered, asked=one.asked)
        rows.append(
            Presence(
                enrollment,
                one.minutes,
                one.held,
                status,
                one.answered,
                one.asked,
                one.last_at,
                one.last_state,
            )
        )
    return rows


def open_check(session: LiveSession, *, up_to: int | None = None) -> PresenceCheck | None:
    """The check that is open now, as of event `up_to`."""
    policy = policy_of(session.attendance_policy)
    since = timezone.now() - dt.timedelta(seconds=policy.check_seconds)
    checks = PresenceCheck.objects.filter(session=session, asked_at__gt=since)
    if up_to is not None:
        checks = checks.filter(seq__lte=up_to)
    return checks.order_by("-asked_at").first()


def check_shown(reader: Reader) -> dict[str, Any] | None:
    """The open check, for a trainee who has not answered it; sent again after every reconnect."""
    person_id = reader.user.person_id
    if not reader.is_counted or person_id is None or reader.session.ended_at is not None:
        return None
    check = open_check(reader.session, up_to=reader.session.seq)
    if check is None or check.asked_at is None or check.seq is None:
        return None
    if PresenceAnswer.objects.filter(check_asked=check, person_id=person_id).exists():
        return None
    open_for = policy_of(reader.session.attendance_policy).check_seconds
    # Seconds left, not a time: the clock of a phone may be wrong by hours.
    left = open_for - (timezone.now() - check.asked_at).total_seconds()
    return {"seq": check.seq, "left": max(0, round(left))}


def objection_term(session: LiveSession) -> dt.datetime:
    """Until when a trainee may object to the count of an ended session."""
    assert session.ended_at is not None  # noqa: S101 - held by the table's check constraint
    return session.ended_at + dt.timedelta(days=policy_of(session.attendance_policy).objection_days)
