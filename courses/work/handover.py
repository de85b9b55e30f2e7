"""Work of instructors that names them (`accounts.scoping.handover`)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Act, RoleName
from accounts.models import Center, User
from accounts.scoping.handover import NamedWork
from accounts.services.formatting import format_datetime
from accounts.services.handing_over import NoLongerTheirs
from courses.enums import CohortState, SessionKind
from courses.models import ClassSession, Cohort
from courses.services.cohorts import change_cohort
from courses.services.sessions import reschedule_session


class CohortsTaught(NamedWork):
    name = "cohort"
    title = _("Cohorts they teach")
    role = RoleName.INSTRUCTOR
    act = Act.MANAGE_COHORTS

    def rows(self, holder: User, center: Center) -> QuerySet[Cohort]:
        open_ = Cohort.objects.filter(instructors=holder, center=center).exclude(state=CohortState.CLOSED)
        return open_.select_related("program").order_by("starts_on", "pk")

    def text(self, row: Any) -> str:
        return f"{row} · {row.program.title}"

    def belongs_to(self, row: Cohort) -> str:
        return str(row)

    def give(self, row: Cohort, *, holder: User, to: User, by: User) -> None:
        # Locked first: who was put on the list or taken off it meanwhile stays so.
        locked = Cohort.objects.select_for_update(of=("self",)).get(pk=row.pk)
        listed = list(locked.instructors.all())
        if holder not in listed:
            raise NoLongerTheirs
        others = [user for user in listed if user not in {holder, to}]
        change_cohort(cohort_id=row.pk, instructors=[*others, to], by=by)


class SessionsToCome(NamedWork):
    """In a place; a live class is handed over with its room (`live.handover`)."""

    name = "session"
    title = _("Sessions to come")
    role = RoleName.INSTRUCTOR
    act = Act.MANAGE_COHORTS

    def rows(self, holder: User, center: Center) -> QuerySet[ClassSession]:
        coming = ClassSession.objects.filter(
            instructor=holder, cohort__center=center, canceled_at=None, starts_at__gt=timezone.now()
        )
        return coming.exclude(kind=SessionKind.LIVE).select_related("cohort").order_by("starts_at", "pk")

    def text(self, row: Any) -> str:
        return f"{format_datetime(row.starts_at, 'DAY_TIME_FORMAT')} · {row.title} · {row.cohort}"

    def belongs_to(self, row: ClassSession) -> str:
        return str(row.cohort)

    def give(self, row: ClassSession, *, holder: User, to: User, by: User) -> None:
        now = ClassSession.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if (
            now.instructor_id != holder.pk
            or now.starts_at != row.starts_at
            or now.starts_at <= timezone.now()
        ):
            raise NoLongerTheirs
        reschedule_session(
            session_id=now.pk,
            kind=SessionKind(now.kind),
            title=now.title,
            starts_at=now.starts_at,
            ends_at=now.ends_at,
            venue_id=now.venue_id,
            instructor_id=to.pk,
            by=by,
        )


NAMED_WORK = (CohortsTaught, SessionsToCome)
