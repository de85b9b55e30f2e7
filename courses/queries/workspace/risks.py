"""Who is at risk not to complete, by rules, with the reasons in words."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.services.formatting import format_list, format_number, format_percent
from courses.clauses import Clauses
from courses.enums import CohortState, Risk
from courses.models import Cohort
from courses.queries.evidence import AttendanceEvidence, Evidence
from courses.queries.releases import releases_in, required_in, titles_in
from courses.queries.workspace.work import WorkByUnit

# Cohorts meet every week: who did nothing in a whole one has missed a round of everything, and can still catch up.
IDLE_DAYS = 7
# The same for a unit with an opening date. Where no one set a date, no one set a pace: such units are overdue when the cohort is over.
OVERDUE_DAYS = 7
# So many titles are written out in one reason.
MOST_NAMED = 3


@dataclass(frozen=True)
class Reason:
    kind: Risk
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class Calendar:
    """What a cohort expects by now: whether it has begun, and `due`, the keys of required units that should be done."""

    today: dt.date
    starts_on: dt.date
    has_begun: bool
    due: frozenset[str]
    titles: Mapping[str, str]


def begun_by(at: dt.datetime) -> QuerySet[Cohort]:
    """The cohorts in which the rules can find anybody at a moment."""
    return Cohort.objects.filter(starts_on__lte=timezone.localdate(at)).exclude(state=CohortState.CLOSED)


def calendar_of(cohort: Cohort, at: dt.datetime) -> Calendar:
    """Of a moment. One query where units of the cohort have dates, else none."""
    today = timezone.localdate(at)
    required = required_in(cohort)
    due = set(required) if cohort.ends_on < today else set()
    if cohort.has_releases:
        late = at - dt.timedelta(days=OVERDUE_DAYS)
        releases = releases_in([cohort])[cohort.pk]
        due |= {
            key
            for key in required
            if key in releases and (opens_at := releases[key].opens_at) and opens_at <= late
        }
    return Calendar(
        today=today,
        starts_on=cohort.starts_on,
        has_begun=cohort.starts_on <= today and cohort.state != CohortState.CLOSED,
        due=frozenset(due),
        titles=titles_in(cohort),
    )


def reasons_of(
    evidence: Evidence,
    attendance: AttendanceEvidence,
    asks: Clauses,
    work: WorkByUnit,
    *,
    since: dt.datetime,
    calendar: Calendar,
) -> tuple[Reason, ...]:
    """Of somebody who learns in the cohort now. `attendance`: what is known of it (`attendance_so_far`); `since`: when they last did
    something, or else when they could have begun.
    """
    if not calendar.has_begun:
        return ()
    return tuple(
        reason
        for found in (
            _idle(evidence, since, calendar),
            _attendance(attendance, asks),
            _failed(work, calendar),
            _overdue(work, calendar),
        )
        for reason in found
    )


def _idle(evidence: Evidence, since: dt.datetime, calendar: Calendar) -> Iterator[Reason]:
    begun = max(timezone.localdate(since), calendar.starts_on)
    days = (calendar.today - begun).days
    # Who did every unit has nothing to do between two sessions.
    if days >= IDLE_DAYS and not evidence.units.is_met():
        sentence = ngettext("nothing for %(days)s day", "nothing for %(days)s days", days)
        yield Reason(Risk.IDLE, sentence % {"days": format_number(days)})


def _attendance(attendance: AttendanceEvidence, asks: Clauses) -> Iterator[Reason]:
    if not asks.attendance:
        return
    counted = attendance.held + attendance.upcoming
    best = attendance.attended + attendance.upcoming
    if best * 100 < asks.attendance * counted:
        facts = {"best": format_percent(best * 100 // counted), "needed": format_percent(asks.attendance)}
        yield Reason(
            Risk.UNREACHABLE,
            gettext("attendance can only reach %(best)s, at least %(needed)s needed") % facts,
        )
    elif attendance.held and attendance.attended * 100 < asks.attendance * attendance.held:
        facts = {
            "reached": format_percent(attendance.percent or 0),
            "needed": format_percent(asks.attendance),
        }
        yield Reason(
            Risk.ATTENDANCE,
            gettext("attendance %(reached)s in the sessions written down, at least %(needed)s needed")
            % facts,
        )


def _failed(work: WorkByUnit, calendar: Calendar) -> Iterator[Reason]:
    failed = [title for key, title in calendar.titles.items() if key in work and work[key].is_failed_twice]
    if failed:
        yield Reason(Risk.FAILED, gettext("failed twice: %(tests)s") % {"tests": _named(failed)})


def _overdue(work: WorkByUnit, calendar: Calendar) -> Iterator[Reason]:
    overdue = [
        title
        for key, title in calendar.titles.items()
        if key in calendar.due and (key not in work or work[key].completed_at is None)
    ]
    if overdue:
        yield Reason(Risk.OVERDUE, gettext("overdue: %(units)s") % {"units": _named(overdue)})


def _named(titles: Collection[str]) -> str:
    named, more = list(titles)[:MOST_NAMED], len(titles) - MOST_NAMED
    if more <= 0:
        return format_list(named)
    facts = {"units": format_list(named), "more": format_number(more)}
    return ngettext("%(units)s and %(more)s more unit", "%(units)s and %(more)s more units", more) % facts
