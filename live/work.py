"""Work of this app on the home page of the workplace (`accounts.scoping.work`)."""

import datetime as dt
from typing import Any

from django.db.models import OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.models import Center, User
from accounts.scoping.handover import NamedWork
from accounts.scoping.hands import hands_shown
from accounts.scoping.work import Shortcut, Work, WorkItem
from accounts.services.formatting import format_datetime, format_since, localize_digits
from accounts.services.handing_over import NoLongerTheirs
from courses.enums import AttendanceStatus
from courses.models import AttendanceRecord, ClassSession, Enrollment
from courses.queries.timetable import given_by
from courses.queries.waiting import number_of
from live.enums import LiveState
from live.models import AttendanceObjection, LiveSession
from live.queries.admission import ADMITTED
from live.queries.calendar import room_path
from live.services.scheduling import change_live_session

ENDED_FOR = dt.timedelta(days=2)
_READ = ("class_session__cohort__center", "class_session__instructor")
INSPECTOR = frozenset({RoleName.INSPECTOR})


class Objections(Work):
    """An instructor answers those to the own classes."""

    name = "objections"
    title = gettext_lazy("Objections to attendance")
    help = gettext_lazy("Grant them or refuse them, with an answer that the trainee reads.")
    roles = frozenset({RoleName.INSTRUCTOR, RoleName.REGISTRAR, RoleName.CENTER_MANAGER})
    act = Act.RECORD_ATTENDANCE
    order = 22

    def rows(self, user: User) -> QuerySet[AttendanceObjection]:
        waiting = AttendanceObjection.objects.filter(is_granted=None).exclude(made_by__in=hands_shown(user))
        own = Q(
            session__class_session__in=ClassSession.objects.filter(given_by(user)).order_by().values("pk")
        )
        rows = self.reach_or_own(waiting, user, own=own)
        return rows.select_related("session__class_session__cohort", "enrollment__person").order_by(
            "made_at", "pk"
        )

    def line(self, row: AttendanceObjection) -> WorkItem:
        meeting = row.session.class_session
        return WorkItem(
            str(row.enrollment.person),
            reverse("livesession:attendance", args=[row.session_id]),
            f"{meeting.title} · {meeting.cohort}",
            format_since(row.made_at),
        )


class OfInspection(Work):
    """Live classes, for who watches them without taking part."""

    roles = INSPECTOR
    act = Act.INSPECT_CLASSES

    def classes(self, user: User) -> QuerySet[LiveSession]:
        return self.reach(LiveSession.objects.all(), user).select_related(*_READ)

    def note_of(self, session: LiveSession) -> str:
        meeting = session.class_session
        parts = (meeting.cohort, meeting.cohort.center, meeting.instructor)
        return " · ".join(str(part) for part in parts if part)


class LiveNow(OfInspection):
    name = "live-now"
    title = gettext_lazy("Live now")
    help = gettext_lazy("Enter to watch. The class does not see you; the audit trail says that you watched.")
    order = 10

    def rows(self, user: User) -> QuerySet[LiveSession]:
        return self.classes(user).filter(state=LiveState.OPEN).order_by("opened_at", "pk")

    def line(self, row: LiveSession) -> WorkItem:
        begun = format_datetime(row.opened_at, "TIME_FORMAT") if row.opened_at else ""
        return WorkItem(row.class_session.title, room_path(row), self.note_of(row), begun)


class LiveNext(OfInspection):
    name = "live-next"
    title = gettext_lazy("Live classes today")
    order = 20

    def rows(self, user: User) -> QuerySet[LiveSession]:
        today = Q(class_session__starts_at__date=timezone.localdate(), state=LiveState.SCHEDULED)
        coming = self.classes(user).filter(today, class_session__ends_at__gt=timezone.now())
        return coming.order_by("class_session__starts_at", "pk")

    def line(self, row: LiveSession) -> WorkItem:
        begins = format_datetime(row.class_session.starts_at, "TIME_FORMAT")
        return WorkItem(row.class_session.title, room_path(row), self.note_of(row), begins)


class LiveEnded(OfInspection):
    """With how many of the enrolled were counted as present, in every cohort that shared the room."""

    name = "live-ended"
    title = gettext_lazy("Live classes that ended in the last two days")
    order = 30

    def rows(self, user: User) -> QuerySet[LiveSession]:
        ended = self.classes(user).filter(
            state=LiveState.ENDED, ended_at__gt=timezone.now() - ENDED_FOR, opened_at__isnull=False
        )
        of_room = Q(session__live=OuterRef("pk")) | Q(session__joint_meeting__session=OuterRef("pk"))
        present = AttendanceRecord.objects.filter(
            of_room, is_current=True, status__in=(AttendanceStatus.PRESENT, AttendanceStatus.LATE)
        )
        enrolled = Enrollment.objects.filter(
            Q(cohort__sessions__live=OuterRef("pk"))
            | Q(cohort__sessions__joint_meeting__session=OuterRef("pk")),
            state__in=ADMITTED,
        )
        return ended.annotate(present=number_of(present), enrolled=number_of(enrolled)).order_by(
            "ended_at", "pk"
        )

    def line(self, row: Any) -> WorkItem:
        counted = _("%(present)s of %(enrolled)s attended") % {
            "present": localize_digits(row.present),
            "enrolled": localize_digits(row.enrolled),
        }
        return WorkItem(
            row.class_session.title,
            reverse("livesession:attendance", args=[row.pk]),
            f"{counted} · {self.note_of(row)}",
            format_datetime(row.ended_at, "DAY_TIME_FORMAT"),
        )


WORK = (Objections, LiveNow, LiveNext, LiveEnded)

SHORTCUTS = (
    Shortcut(
        gettext_lazy("Live classes"),
        "livesession:index",
        "media",
        INSPECTOR | {RoleName.INSTRUCTOR},
        Act.VIEW_COHORTS,
    ),
    Shortcut(
        gettext_lazy("Schedule a live class"),
        "livesession:add",
        "media",
        frozenset({RoleName.INSTRUCTOR, RoleName.CENTER_MANAGER}),
        Act.SCHEDULE_CLASSES,
    ),
)


class LiveClassesToCome(NamedWork):
    name = "live"
    title = gettext_lazy("Live classes to come")
    role = RoleName.INSTRUCTOR
    act = Act.SCHEDULE_CLASSES

    def rows(self, holder: User, center: Center) -> QuerySet[LiveSession]:
        coming = LiveSession.objects.filter(
            class_session__instructor=holder,
            class_session__cohort__center=center,
            class_session__starts_at__gt=timezone.now(),
            state=LiveState.SCHEDULED,
        )
        return coming.select_related("class_session__cohort").order_by("class_session__starts_at", "pk")

    def text(self, row: Any) -> str:
        meeting = row.class_session
        return f"{format_datetime(meeting.starts_at, 'DAY_TIME_FORMAT')} · {meeting.title} · {meeting.cohort}"

    def belongs_to(self, row: LiveSession) -> str:
        return str(row.class_session.cohort)

    def give(self, row: LiveSession, *, holder: User, to: User, by: User) -> None:
        locked = LiveSession.objects.select_for_update(of=("self",)).select_related("class_session")
        now: LiveSession = locked.get(pk=row.pk)
        meeting = now.class_session
        if meeting.instructor_id != holder.pk or meeting.starts_at != row.class_session.starts_at:
            raise NoLongerTheirs
        change_live_session(
            session_id=now.pk,
            title=meeting.title,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            instructor=to,
            joins_before=now.joins_before,
            capacity=now.capacity,
            by=by,
        )


NAMED_WORK = (LiveClassesToCome,)
