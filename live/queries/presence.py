"""Who was there, by their heartbeats."""

from dataclasses import dataclass

from django.utils import timezone

from courses.enums import AttendanceStatus
from courses.models import Enrollment
from live.models import LiveSession, PresenceMinute
from live.policy import policy_of
from live.queries.admission import enrolled_in


def held_seconds(session: LiveSession) -> float:
    """How long the room was open, until now if it still is."""
    if session.opened_at is None:
        return 0.0
    return ((session.ended_at or timezone.now()) - session.opened_at).total_seconds()


def minutes_so_far(session: LiveSession, person_id: int | None) -> tuple[int, int]:
    """(minutes counted for the person, minutes held)."""
    if session.opened_at is None or person_id is None:
        return 0, 0
    policy, seconds = policy_of(session.attendance_policy), held_seconds(session)
    beats = PresenceMinute.objects.filter(session=session, person_id=person_id).values_list("minute", "beats")
    return policy.minutes_counted(beats, seconds=seconds), policy.held_minutes(seconds)


@dataclass(frozen=True, slots=True)
class Presence:
    """What the heartbeats of one enrollment add up to."""

    enrollment: Enrollment
    minutes: int
    held: int
    status: AttendanceStatus


def presence_in(session: LiveSession) -> list[Presence]:
    """Everyone enrolled, present or not, by name; two queries whatever the number of people."""
    policy, seconds = policy_of(session.attendance_policy), held_seconds(session)
    held = policy.held_minutes(seconds)
    beats: dict[int, list[tuple[int, int]]] = {}
    for person_id, minute, bits in PresenceMinute.objects.filter(session=session).values_list(
        "person_id", "minute", "beats"
    ):
        beats.setdefault(person_id, []).append((minute, bits))
    enrollments = enrolled_in(session).select_related("person").order_by("person__folded_name", "pk")
    rows = []
    for enrollment in enrollments:
        minutes = policy.minutes_counted(beats.get(enrollment.person_id, ()), seconds=seconds)
        rows.append(Presence(enrollment, minutes, held, policy.status(minutes=minutes, held=held)))
    return rows
