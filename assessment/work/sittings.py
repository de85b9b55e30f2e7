"""Exams of today, on the home page of who supervises them."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_datetime
from assessment.models import Sitting
from assessment.queries.readiness import sittings_not_ready, sittings_to_come
from courses.enums import SessionKind
from courses.models import ClassSession
from courses.queries.timetable import given_by, on_day

# Before an exam questions can still be written and published.
AHEAD = dt.timedelta(days=14)


class ExamsNotReady(Work):
    """Within two weeks: of an instructor those that name them, or of their cohorts."""

    name = "exams-not-ready"
    title = gettext_lazy("Planned exams that no one can begin")
    help = gettext_lazy("The question bank has too few questions for them. Publish more, or cancel the exam.")
    roles = frozenset({RoleName.INSTRUCTOR, RoleName.CENTER_MANAGER})
    act = Act.SCHEDULE_CLASSES
    order = 10

    def rows(self, user: User) -> list[Sitting]:
        soon = timezone.now() + AHEAD
        own = Q(class_session__in=ClassSession.objects.filter(given_by(user)))
        ahead = sittings_to_come().filter(class_session__starts_at__lt=soon)
        return sittings_not_ready(self.reach_or_own(ahead, user, own=own))

    def line(self, row: Sitting) -> WorkItem:
        session = row.class_session
        return WorkItem(
            row.title,
            reverse("cohort:tests", args=[session.cohort_id]),
            f"{session.cohort} · {session.venue or session.cohort.center}",
            format_datetime(session.starts_at),
        )


class ExamsToday(Work):
    """Of an instructor those that name them, or of their cohorts; of those who run the center all. Each until it is over."""

    name = "exams-today"
    title = gettext_lazy("Exams today")
    help = gettext_lazy("Tell the code in the room, and see on the board how far everybody is.")
    roles = frozenset({RoleName.INSTRUCTOR, RoleName.REGISTRAR, RoleName.CENTER_MANAGER})
    act = Act.RECORD_ATTENDANCE
    order = 11

    def rows(self, user: User) -> QuerySet[ClassSession]:
        now = timezone.now()
        exams = ClassSession.objects.filter(kind=SessionKind.EXAM, ends_at__gt=now)
        today = on_day(exams, timezone.localdate(now))
        rows = self.reach_or_own(today, user, own=given_by(user)).select_related("cohort__center", "venue")
        return rows.prefetch_related(Prefetch("sittings", Sitting.objects.order_by("pk"))).order_by(
            "starts_at", "pk"
        )

    def lines(self, rows: Sequence[ClassSession], user: User) -> list[WorkItem]:
        return [self.line(row) for row in rows]

    def line(self, row: ClassSession) -> WorkItem:
        begins, ends = (format_datetime(at, "TIME_FORMAT") for at in (row.starts_at, row.ends_at))
        boards = [(sitting.title, reverse("sitting", args=[sitting.pk])) for sitting in row.sittings.all()]
        tests = reverse("cohort:tests", args=[row.cohort_id])
        place = row.venue or row.cohort.center
        return WorkItem(
            boards[0][0] if boards else row.title,
            boards[0][1] if boards else tests,
            f"{row.cohort} · {place}" if boards else f"{row.cohort} · {place} · {_('no sitting is planned')}",
            _("%(begins)s to %(ends)s") % {"begins": begins, "ends": ends},
            also=boards[1:],
        )
