"""How far centers are on the way to their first cohort: facts of the database, none of them a box that somebody ticked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from accounts.enums import CenterKind, MembershipScope, RoleName
from accounts.models import Center, Membership
from courses.enums import CohortState, EnrollmentState, SessionKind
from courses.models import (
    AttendanceRecord,
    ClassSession,
    Cohort,
    CompletionRule,
    CoursePage,
    Enrollment,
    ProgramPage,
    Venue,
)
from courses.queries.timetable import over

# Who has to be able to log in before a center teaches, in the order in which the roles are given.
ROLES_NEEDED = (RoleName.CENTER_MANAGER, RoleName.REGISTRAR, RoleName.INSTRUCTOR, RoleName.ASSESSOR)


@dataclass(frozen=True)
class Holder:
    """Who has a role: the key and the name of the login, whether it was ever used, and whether the role is of the center alone."""

    login: int
    name: str
    has_logged_in: bool
    is_local: bool


@dataclass(frozen=True)
class Way:
    """What is there of a center. `cohort` is the first that is not closed, with what `_first_cohorts` counts; None where there is none."""

    center: Center
    has_taught: bool
    has_venue: bool
    holders: Mapping[RoleName, Sequence[Holder]]
    is_program_ready: bool
    cohort: Any


def _taught() -> Exists:
    """A sheet with attendance was locked, or a cohort was closed."""
    recorded = Exists(AttendanceRecord.objects.filter(session=OuterRef("pk")))
    sheets = ClassSession.objects.filter(recorded, cohort__center=OuterRef("pk"), locked_at__isnull=False)
    return Exists(sheets)


def _closed() -> Exists:
    return Exists(Cohort.objects.filter(center=OuterRef("pk"), state=CohortState.CLOSED))


def new_centers() -> QuerySet[Center]:
    """Active centers that have not taught yet. Labor offices teach only where they have a cohort."""
    cohorts = Exists(Cohort.objects.filter(center=OuterRef("pk")))
    teaching = ~Q(kind=CenterKind.OFFICE) | Q(cohorts)
    return Center.objects.filter(~_taught(), ~_closed(), teaching, is_active=True).order_by("code")


def without_what_the_ministry_enters() -> QuerySet[Center]:
    """New centers that lack what only the ministry enters, or a manager."""
    managers = _roles().filter(
        Q(center=OuterRef("pk")) | Q(governorate=OuterRef("governorate")), role=RoleName.CENTER_MANAGER
    )
    lacking = (
        Q(phone="")
        | Q(address="")
        | Q(license="")
        | Q(license_expires_on=None)
        | Q(license_expires_on__lt=timezone.localdate())
    )
    return new_centers().annotate(has_manager=Exists(managers)).filter(lacking | Q(has_manager=False))


def is_placed(center: Center) -> bool:
    return bool(center.phone and center.address)


def missing_facts(center: Center) -> list[str]:
    """What the ministry has not entered, in words."""
    facts = (
        (center.phone, _("telephone")),
        (center.address, _("address")),
        (is_licensed(center), _("license")),
    )
    return [word for is_there, word in facts if not is_there]


def is_licensed(center: Center) -> bool:
    expires_on = center.license_expires_on
    return bool(center.license and expires_on and expires_on >= timezone.localdate())


def ways_of(centers: Collection[Center]) -> list[Way]:
    """How far each of `centers` is. Four queries, however many."""
    keys = [center.pk for center in centers]
    if not keys:
        return []
    venues = Exists(Venue.objects.filter(center=OuterRef("pk")))
    facts = Center.objects.filter(pk__in=keys).values_list("pk", _taught(), _closed(), venues)
    found = {key: (taught or closed, venue) for key, taught, closed, venue in facts}
    cohorts = {cohort.center_id: cohort for cohort in _first_cohorts(keys)}
    holders = _holders(centers)
    is_ready = teachable_programs().exists()
    return [
        Way(center, *found[center.pk], holders[center.pk], is_ready, cohorts.get(center.pk))
        for center in centers
    ]


def teachable_programs() -> QuerySet[ProgramPage]:
    """Published programs with a unit and a completion rule: what `open_cohort` asks for. They are open to every center."""
    below = Q(path__startswith=OuterRef("path"), depth=OuterRef("depth") + 1)
    # Under a course there are units only.
    courses = CoursePage.objects.live().filter(below, Exists(Page.objects.live().filter(below)))
    rules = CompletionRule.objects.filter(program=OuterRef("pk"))
    programs = ProgramPage.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE)
    return programs.filter(Exists(rules), Exists(courses))


def _first_cohorts(centers: Collection[int]) -> QuerySet[Any]:
    """Of each center the first cohort that is not closed, with what is planned and recorded in it."""
    sessions = ClassSession.objects.filter(cohort=OuterRef("pk"), canceled_at=None)
    people = Enrollment.objects.filter(cohort=OuterRef("pk")).exclude(state=EnrollmentState.WITHDRAWN)
    teachers = Cohort.instructors.through.objects.filter(cohort=OuterRef("pk"))

    def number(rows: QuerySet[Any]) -> Subquery:
        counted = rows.order_by().values("cohort").annotate(all=Count("pk"))
        return Subquery(counted.values("all"))

    def first(rows: QuerySet[Any], field: str) -> Subquery:
        return Subquery(rows.order_by("starts_at", "pk").values(field)[:1])

    # A live class locks its sheet by itself.
    to_lock = over(sessions.for_attendance()).filter(locked_at=None).exclude(kind=SessionKind.LIVE)
    ahead = sessions.filter(ends_at__gt=timezone.now())
    return (
        Cohort.objects.filter(center__in=centers)
        .exclude(state=CohortState.CLOSED)
        .annotate(
            sessions_planned=number(sessions),
            people=number(people),
            has_teacher=Exists(teachers) | Exists(sessions.filter(instructor__isnull=False)),
            sheet_to_lock=first(to_lock, "pk"),
            next_end=first(ahead, "ends_at"),
        )
        .order_by("center_id", "starts_on", "pk")
        .distinct("center_id")
    )


def _roles() -> QuerySet[Membership]:
    """Roles that open logins hold themselves in a center or in its governorate."""
    held = Membership.objects.current().own().exclude(scope=MembershipScope.MINISTRY)
    return held.filter(role__in=ROLES_NEEDED, user__is_active=True)


def _holders(centers: Collection[Center]) -> dict[int, dict[RoleName, list[Holder]]]:
    """By center and role, who has logged in first."""
    found: dict[int, dict[RoleName, list[Holder]]] = {
        center.pk: {role: [] for role in ROLES_NEEDED} for center in centers
    }
    places = {center.governorate_id for center in centers}
    rows = _roles().filter(Q(center__in=found) | Q(governorate__in=places)).select_related("user__person")
    for row in rows.order_by(F("user__last_login").asc(nulls_last=True), "pk"):
        holder = Holder(
            row.user_id,
            str(row.user),
            has_logged_in=row.user.last_login is not None,
            is_local=row.scope == MembershipScope.CENTER,
        )
        for center in centers:
            if center.pk == row.center_id or center.governorate_id == row.governorate_id:
                found[center.pk][RoleName(row.role)].append(holder)
    return found
