"""Classes and workshop days: today's, and those whose sheet is open."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.hands import people_shown
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_date, format_datetime, format_since
from courses.enums import SessionKind
from courses.models import ClassSession, MarkObjection
from courses.queries.timetable import given_by, on_day, over, room_address_of
from courses.queries.waiting import OLD_SHEET, open_sheets

_READ = ("cohort__center", "cohort__program", "venue", "instructor")


def own_sessions(user: User) -> Q:
    """Those that a user gives, and those of cohorts that they teach."""
    return given_by(user)


def _sheet_of(session: ClassSession) -> str:
    return reverse("classsession:attendance", args=[session.pk])


class SessionsToday(Work):
    """Of an instructor the own ones; of those who run the center all, with the room and who teaches."""

    name = "today"
    title = gettext_lazy("Teaching today")
    roles = frozenset({RoleName.INSTRUCTOR, RoleName.REGISTRAR, RoleName.CENTER_MANAGER})
    act = Act.RECORD_ATTENDANCE
    order = 10

    def rows(self, user: User) -> QuerySet[ClassSession]:
        unlocked = on_day(ClassSession.objects.for_attendance().filter(locked_at=None), timezone.localdate())
        # A live class that is over is done: it counts the attendance, and locks it, by itself.
        is_over = Q(kind=SessionKind.LIVE, pk__in=over(unlocked).order_by().values("pk"))
        sessions = self.reach_or_own(unlocked.exclude(is_over), user, own=own_sessions(user))
        # Only who teaches there enters the room; the others have the sheet.
        sessions = sessions.annotate(is_own=own_sessions(user))
        return sessions.select_related(*_READ).order_by("starts_at", "pk")

    def lines(self, rows: Sequence[ClassSession], user: User) -> list[WorkItem]:
        return [self._line(row, user) for row in rows]

    def _line(self, session: Any, user: User) -> WorkItem:
        sheet, room = _sheet_of(session), room_address_of(session) if session.is_own else ""
        begins, ends = (format_datetime(at, "TIME_FORMAT") for at in (session.starts_at, session.ends_at))
        taught_by = session.instructor if session.instructor_id != user.pk else None
        place = session.venue or session.get_kind_display()
        return WorkItem(
            session.title,
            room or sheet,
            " · ".join(str(part) for part in (session.cohort, place, taught_by) if part),
            _("%(begins)s to %(ends)s") % {"begins": begins, "ends": ends},
            also=[(gettext_lazy("Attendance sheet"), sheet)] if room else (),
        )


class OpenSheets(Work):
    name = "open-sheets"
    title = gettext_lazy("Sheets that are not locked")
    help = gettext_lazy("Lock a sheet once it is right: afterwards it changes only with a reason.")
    roles = frozenset({RoleName.INSTRUCTOR, RoleName.REGISTRAR, RoleName.CENTER_MANAGER})
    act = Act.RECORD_ATTENDANCE
    order = 20

    def rows(self, user: User) -> QuerySet[ClassSession]:
        # Today's are above.
        before = open_sheets().filter(starts_at__date__lt=timezone.localdate())
        return self.reach_or_own(before, user, own=own_sessions(user)).select_related(*_READ)

    def line(self, row: ClassSession) -> WorkItem:
        return _sheet_line(row)


class MarkObjections(Work):
    """An instructor answers those to the own classes."""

    name = "mark-objections"
    title = gettext_lazy("Objections to marks of attendance")
    help = gettext_lazy("Grant them or refuse them, with an answer that the trainee reads.")
    roles = frozenset({RoleName.INSTRUCTOR, RoleName.REGISTRAR, RoleName.CENTER_MANAGER})
    act = Act.RECORD_ATTENDANCE
    order = 21

    def rows(self, user: User) -> QuerySet[MarkObjection]:
        waiting = MarkObjection.objects.filter(is_granted=None)
        others = waiting.exclude(record__enrollment__person__in=people_shown(user))
        own = Q(record__session__in=ClassSession.objects.filter(own_sessions(user)).order_by().values("pk"))
        rows = self.reach_or_own(others, user, own=own)
        return rows.select_related("record__session__cohort", "record__enrollment__person")

    def line(self, row: MarkObjection) -> WorkItem:
        session = row.record.session
        return WorkItem(
            str(row.record.enrollment.person),
            reverse("classsession:objections", args=[session.pk]),
            f"{session.title} · {session.cohort}",
            format_since(row.made_at),
        )


class OldSheets(Work):
    name = "old-sheets"
    title = gettext_lazy("Sheets not locked a week after the class")
    roles = frozenset({RoleName.AUDITOR})
    act = Act.VIEW_COHORTS
    order = 40

    def rows(self, user: User) -> QuerySet[ClassSession]:
        old = open_sheets().filter(ends_at__lt=timezone.now() - OLD_SHEET)
        return self.reach(old, user).select_related(*_READ)

    def line(self, row: ClassSession) -> WorkItem:
        return _sheet_line(row)


def _sheet_line(session: ClassSession) -> WorkItem:
    where = f"{session.cohort} · {session.cohort.center}"
    return WorkItem(session.title, _sheet_of(session), where, format_date(session.starts_at))
