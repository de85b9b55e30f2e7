"""The register of one class: counts, records, and amendments with their reasons."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from accounts.services.formatting import format_date, format_list
from courses.models import AttendanceRecord
from live.attendance.policy import AttendancePolicy, policy_of
from live.enums import PlaybackState
from live.models import AttendanceObjection, AttendanceSnapshot, LiveSession
from live.queries.attendance_snapshots import meetings_of
from live.queries.presence import Presence, presence_in

# A little more than two heartbeats: a person without one for longer is away.
HERE_SECONDS = 40


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One person. `record` is the current one, None before the class has ended; `amendments` led to it, oldest first."""

    presence: Presence
    record: AttendanceRecord | None
    amendments: tuple[AttendanceRecord, ...]
    objection: AttendanceObjection | None

    @property
    def name(self) -> str:
        return self.presence.enrollment.person.full_name_ar

    @property
    def status(self) -> str:
        return str(self.record.get_status_display() if self.record else self.presence.status_shown)

    @property
    def minutes(self) -> int:
        return self.record.minutes if self.record else self.presence.minutes

    @property
    def is_here(self) -> bool:
        last = self.presence.last_at
        return last is not None and timezone.now() - last < dt.timedelta(seconds=HERE_SECONDS)

    @property
    def plays(self) -> str:
        return next(
            (str(state.label) for state in PlaybackState if state.letter == self.presence.last_state), ""
        )

    @property
    def reasons(self) -> str:
        """Who amended, when and why, in a sentence each."""
        return " · ".join(
            f"{record.reason} ({format_list([record.recorded_by, format_date(record.recorded_at)])})"
            for record in self.amendments
        )


@dataclass(frozen=True, slots=True)
class Register:
    session: LiveSession
    policy: AttendancePolicy
    rows: list[RegisterRow]
    snapshot: AttendanceSnapshot | None


def register_of(session: LiveSession) -> Register:
    """Everyone enrolled, by name; a fixed number of queries."""
    records: dict[int, list[AttendanceRecord]] = defaultdict(list)
    for record in (
        AttendanceRecord.objects.filter(session__in=meetings_of(session))
        .select_related("recorded_by__person")
        .order_by("pk")
    ):
        records[record.enrollment_id].append(record)
    objections = {
        objection.enrollment_id: objection
        for objection in AttendanceObjection.objects.filter(session=session).select_related("answered_by")
    }
    rows = []
    for presence in presence_in(session):
        own = records[presence.enrollment.pk]
        rows.append(
            RegisterRow(
                presence=presence,
                record=next((record for record in own if record.is_current), None),
                amendments=tuple(record for record in own if record.amends_id),
                objection=objections.get(presence.enrollment.pk),
            )
        )
    return Register(
        session=session,
        policy=policy_of(session.attendance_policy),
        rows=rows,
        snapshot=AttendanceSnapshot.objects.filter(session=session).first(),
    )
