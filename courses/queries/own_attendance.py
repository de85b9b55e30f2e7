"""What a trainee reads of the own attendance: each session that was held, its mark, and until when to object to it."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy

from accounts.services.formatting import format_number
from courses.enums import AttendanceStatus, CohortState, EnrollmentState, SessionKind
from courses.models import AttendanceRecord, ClassSession, Enrollment, MarkObjection
from courses.queries.timetable import over, room_address_of
from courses.queries.transfers import stays_of

# As in live classes (`live.attendance.policy`).
OBJECTION_DAYS = dt.timedelta(days=7)
OBJECTING = frozenset({EnrollmentState.ACTIVE, EnrollmentState.COMPLETED, EnrollmentState.FAILED})


# Of one person: Arabic has nouns for them that are neither masculine nor feminine.
MARKS = {
    AttendanceStatus.PRESENT: pgettext_lazy("mark of attendance", "present"),
    AttendanceStatus.LATE: pgettext_lazy("mark of attendance", "late"),
    AttendanceStatus.EXCUSED: pgettext_lazy("mark of attendance", "excused"),
    AttendanceStatus.ABSENT: pgettext_lazy("mark of attendance", "absent"),
}


@dataclass(frozen=True)
class MarkLine:
    """`record` is None where no one has marked it; `before` is the mark before its corrections. `objection` is the newest one to a mark of this
    session; `object_until` is None where there is none to make. A live class has its own page, `room_url`, with its objection.
    """

    session: ClassSession
    record: AttendanceRecord | None
    before: AttendanceRecord | None
    objection: MarkObjection | None
    object_until: dt.datetime | None
    room_url: str

    @property
    def mark(self) -> str:
        return name_of_mark(self.record) if self.record else ""

    @property
    def mark_before(self) -> str:
        """Empty where it was not corrected, or back to what it was."""
        if self.record is None or self.before is None:
            return ""
        is_as_before = (self.before.status, self.before.minutes) == (self.record.status, self.record.minutes)
        return "" if is_as_before else mark_with_minutes(self.before)

    @property
    def objected_mark(self) -> str:
        """Of an objection to a mark that was replaced since."""
        if self.objection is None or self.objection.record == self.record:
            return ""
        return mark_with_minutes(self.objection.record)


def name_of_mark(record: AttendanceRecord) -> str:
    return str(MARKS[AttendanceStatus(record.status)])


def mark_with_minutes(record: AttendanceRecord) -> str:
    if not record.minutes:
        return name_of_mark(record)
    minutes = ngettext("%(count)s minute", "%(count)s minutes", record.minutes) % {
        "count": format_number(record.minutes)
    }
    return gettext("%(mark)s, %(minutes)s") % {"mark": name_of_mark(record), "minutes": minutes}


def worth_of_mark(session: ClassSession, status: str, minutes: int) -> tuple[int, int, bool]:
    """To compare two marks of a session: the greater one is better for its person. As evidence counts them: absent, then excused, then who
    was there by the minutes, where none count as the whole session; of the same minutes, late before present.
    """
    if status in {AttendanceStatus.ABSENT, AttendanceStatus.EXCUSED}:
        return (int(status == AttendanceStatus.EXCUSED), 0, False)
    length = session.length_in_minutes
    return (2, min(minutes, length) or length, status == AttendanceStatus.PRESENT)


def sessions_held_for(enrollment: Enrollment) -> QuerySet[ClassSession]:
    """The sessions of an enrollment that are over, also of cohorts that it was in before; the newest first. One query to ask for them."""
    during = Q(pk__in=())
    for stay in stays_of([enrollment])[enrollment.pk]:
        time = Q(cohort=stay.cohort_id)
        if stay.since is not None:
            time &= Q(starts_at__gte=stay.since)
        if stay.until is not None:
            time &= Q(starts_at__lt=stay.until)
        during |= time
    return over(ClassSession.objects.for_attendance().filter(during)).order_by("-starts_at", "-pk")


def lines_of_marks(enrollment: Enrollment, sessions: Collection[ClassSession]) -> list[MarkLine]:
    """Two queries, however many sessions."""
    records = AttendanceRecord.objects.filter(
        enrollment=enrollment, session__in=[session.pk for session in sessions]
    ).select_related("session")
    by_key = {record.pk: record for record in records}
    current = {record.session_id: record for record in by_key.values() if record.is_current}
    made = MarkObjection.objects.filter(record__in=records.order_by().values("pk"))
    # The newest one of a session is the last.
    objections = {one.record.session_id: one for one in made.select_related("record").order_by("made_at")}
    return [
        _line(
            enrollment,
            session,
            record := current.get(session.pk),
            _before_corrections(record, by_key) if record else None,
            objections.get(session.pk),
        )
        for session in sessions
    ]


def _before_corrections(
    record: AttendanceRecord, by_key: Mapping[int, AttendanceRecord]
) -> AttendanceRecord | None:
    """The mark that the first correction replaced: those between came and went. None where nothing was corrected."""
    first = record
    while first.amends_id is not None and first.is_corrected:
        first = by_key[first.amends_id]
    return None if first == record else first


def _line(
    enrollment: Enrollment,
    session: ClassSession,
    record: AttendanceRecord | None,
    before: AttendanceRecord | None,
    objection: MarkObjection | None,
) -> MarkLine:
    until = objection_term(record) if record else None
    # One that waits is answered first; of the mark that it was to, none is made again.
    is_asked = objection is not None and (objection.is_granted is None or objection.record == record)
    may_object = (
        enrollment.state in OBJECTING
        and session.kind != SessionKind.LIVE
        and until is not None
        and until > timezone.now()
        and not is_asked
    )
    return MarkLine(
        session, record, before, objection, until if may_object else None, room_address_of(session)
    )


def objection_term(record: AttendanceRecord) -> dt.datetime:
    """Until when its person may object: days from the end of the session, or from the mark where that came later."""
    return max(record.session.ends_at, record.recorded_at) + OBJECTION_DAYS


def is_final(session: ClassSession) -> bool:
    """Whether its marks change only by an amendment with a reason."""
    return session.locked_at is not None or session.cohort.state == CohortState.CLOSED


def objections_of(session: ClassSession) -> QuerySet[MarkObjection]:
    """To the marks of a session, the oldest first."""
    rows = MarkObjection.objects.filter(record__session=session)
    return rows.select_related("record__enrollment__person", "record__session")


def open_objections(session: ClassSession) -> QuerySet[MarkObjection]:
    """Those that have no answer yet."""
    return objections_of(session).filter(is_granted=None)
