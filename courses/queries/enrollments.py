"""Enrollments, cohorts and sessions."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Center, Person, User
from accounts.scoping.reach import register_study
from accounts.scoping.seen import as_far_as_seen
from courses.enums import EnrollmentState
from courses.models import ClassSession, CodeCheckIn, Cohort, Enrollment, ProgramPage, UnitProgress
from courses.queries.cohorts import giving_seats


@register_study
def centers_of_study(person: Person, *, is_active: bool, is_used: bool = False) -> QuerySet[Center]:
    """Where a person is or was enrolled; with `is_active`, where they learn now; with `is_used`, where they opened a unit or typed a
    code of attendance. Marks and sheets do not count: staff write them.
    """
    enrollments = Enrollment.objects.filter(person=person)
    if is_active:
        enrollments = enrollments.filter(state=EnrollmentState.ACTIVE)
    if is_used:
        opened = UnitProgress.objects.filter(enrollment=OuterRef("pk"), score=None)
        typed = CodeCheckIn.objects.filter(enrollment=OuterRef("pk"), marked_at__isnull=False)
        enrollments = enrollments.filter(Exists(opened) | Exists(typed))
    return Center.objects.filter(pk__in=enrollments.values("cohort__center"))


# What is read of an enrollment wherever its person studies.
_READ = (
    "public_id",
    "state",
    "enrolled_at",
    "completed_at",
    "transferred_at",
    "person_id",
    "cohort_id",
)


def _for_unit(
    user: User | AnonymousUser, unit_key: UUID, states: Iterable[EnrollmentState]
) -> Enrollment | None:
    if not isinstance(user, User) or user.person_id is None:
        return None
    return (
        as_far_as_seen(Enrollment.objects.all())
        .select_related("cohort__content_version", "cohort__program", "cohort__completion_rule")
        .only(
            *_READ,
            "cohort__code",
            "cohort__has_releases",
            "cohort__content_version__units",
            "cohort__completion_rule__clauses",
            *(f"cohort__program__{field}" for field in ("path", "title", "url_path")),
        )
        .filter(
            person=user.person_id,
            state__in=states,
            cohort__content_version__units__contains=[{"unit": str(unit_key)}],
        )
        .order_by("state", "-enrolled_at")
        .first()
    )


def active_enrollment(user: User | AnonymousUser, unit_key: UUID) -> Enrollment | None:
    """The enrollment under which `user` works on a unit now: progress is recorded on it."""
    return _for_unit(user, unit_key, [EnrollmentState.ACTIVE])


def readable_enrollment(user: User | AnonymousUser, unit_key: UUID) -> Enrollment | None:
    """The enrollment under which `user` may read a unit: active, else completed (what was learned stays open)."""
    # In alphabetical order, "active" comes before "completed".
    return _for_unit(user, unit_key, [EnrollmentState.ACTIVE, EnrollmentState.COMPLETED])


def own_enrollment(user: User | AnonymousUser, public_id: UUID) -> Enrollment | None:
    """The enrollment of `user` whose units may be read: active or completed."""
    person_id = getattr(user, "person_id", None)
    if person_id is None:
        return None
    return (
        as_far_as_seen(Enrollment.objects.all())
        .select_related("cohort__content_version", "cohort__program")
        .filter(
            public_id=public_id,
            person=person_id,
            state__in=[EnrollmentState.ACTIVE, EnrollmentState.COMPLETED],
        )
        .first()
    )


def enrollments_of(person: Person | int) -> QuerySet[Enrollment]:
    """The own enrollments of a person (or the key of one), newest first, with what a list shows of them."""
    return (
        as_far_as_seen(Enrollment.objects.all())
        .select_related(
            "cohort__program", "cohort__center", "cohort__content_version", "cohort__completion_rule"
        )
        # Of the program, the hundred columns of a page are not shown.
        .only(
            *_READ,
            *(
                f"cohort__{field}"
                for field in ("code", "starts_on", "ends_on", "shift", "state", "has_releases")
            ),
            *(f"cohort__program__{field}" for field in ("title", "translation_key")),
            *(f"cohort__center__{field}" for field in ("name_ar", "name_en")),
            "cohort__content_version__units",
            "cohort__completion_rule__clauses",
        )
        .filter(person=person)
        .order_by("-enrolled_at", "-pk")
    )


def open_cohorts(program: ProgramPage) -> QuerySet[Cohort]:
    """The cohorts of a program (the page in any language) that take enrollments today, soonest first."""
    return (
        giving_seats()
        .filter(program__translation_key=program.translation_key)
        .select_related("center__governorate", "completion_rule")
        .order_by("starts_on", "code")
    )


def sessions_of(cohort: Cohort) -> QuerySet[ClassSession]:
    """The timetable of a cohort, in order of time."""
    return cohort.sessions.select_related("cohort", "venue", "instructor").order_by("starts_at")
