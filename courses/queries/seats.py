"""Queries of a reader's seat in a program, and of seats that trainees gave back."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import ModelLogEntry

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import acts_held, fenced
from accounts.scoping.seen import as_far_as_seen
from courses.enums import EnrollmentState, HoldState, WaitingState
from courses.models import Cohort, Enrollment, ProgramPage, SeatHold, Transfer, WaitingEntry
from courses.queries.cohorts import SEATS_FREE, giving_seats
from courses.queries.programs import titles_in_language

GIVEN_BACK_DAYS = 14


@dataclass(frozen=True)
class SeatGivenBack:
    enrollment: Enrollment
    at: dt.datetime
    reason: str
    words: str


def unproved_seats() -> QuerySet[Enrollment]:
    """Seats of people who signed up alone and of whom nothing is proved."""
    return Enrollment.objects.filter(state=EnrollmentState.ACTIVE, person__is_unproved=True)


def seat_in(user: User | AnonymousUser, program: ProgramPage) -> Enrollment | None:
    """The reader's enrollment in a program (the page in any language): the active one, else the newest."""
    if not isinstance(user, User) or user.person_id is None:
        return None
    return (
        as_far_as_seen(Enrollment.objects.all())
        .filter(person=user.person_id, cohort__program__translation_key=program.translation_key)
        .select_related("cohort__center__governorate", "cohort__content_version", "cohort__program")
        # In alphabetical order, "active" comes first, then "completed".
        .order_by("state", "-enrolled_at")
        .first()
    )


@dataclass(frozen=True)
class PlaceInLine:
    """A cohort in which a person waits, or in which a seat is kept for them.

    `number` is the place on the waiting list from 1, None where a seat is kept; then `until` says how long. `entry` is None
    where the center keeps the seat.
    """

    cohort: Cohort
    title: str
    number: int | None
    until: dt.datetime | None
    entry: UUID | None


def places_in_line(person_id: int) -> list[PlaceInLine]:
    """Where a person waits or has a seat kept, seats that are kept first. One query, two where titles are translated."""
    holds = SeatHold.objects.filter(person=person_id, state=HoldState.HELD, until__gt=timezone.now())
    entries = WaitingEntry.objects.filter(
        person=person_id, state__in=(WaitingState.WAITING, WaitingState.OFFERED)
    )
    own = entries.filter(cohort=OuterRef("pk"))
    ahead = (
        WaitingEntry.objects.filter(cohort=OuterRef("pk"), state=WaitingState.WAITING)
        .filter(
            Q(since__lt=OuterRef("own_since")) | Q(since=OuterRef("own_since"), pk__lt=OuterRef("own_entry"))
        )
        .order_by()
        .values("cohort")
        .annotate(count=Count("pk"))
        .values("count")
    )
    cohorts = (
        as_far_as_seen(Cohort.objects.all())
        .filter(Q(pk__in=holds.values("cohort")) | Q(pk__in=entries.values("cohort")))
        .select_related("program", "center__governorate")
        .annotate(
            kept_until=Subquery(holds.filter(cohort=OuterRef("pk")).values("until")[:1]),
            own_entry=Subquery(own.values("pk")[:1]),
            own_since=Subquery(own.values("since")[:1]),
            own_key=Subquery(own.values("public_id")[:1]),
        )
        .annotate(ahead=Coalesce(Subquery(ahead), 0))
        .order_by(F("kept_until").asc(nulls_last=True), "starts_on", "pk")
    )
    rows = list(cohorts)
    titles = titles_in_language([cohort.program for cohort in rows], get_language() or "")
    return [
        PlaceInLine(
            cohort=cohort,
            title=titles[cohort.program_id],
            number=None if cohort.kept_until else cohort.ahead + 1,
            until=cohort.kept_until,
            entry=cohort.own_key,
        )
        for cohort in rows
    ]


def place_in_program(user: User | AnonymousUser, program: ProgramPage) -> PlaceInLine | None:
    """Where the reader waits for a seat in a program (the page in any language), or has one kept."""
    if not isinstance(user, User) or user.person_id is None:
        return None
    key = program.translation_key
    return next(
        (place for place in places_in_line(user.person_id) if place.cohort.program.translation_key == key),
        None,
    )


def waiting_in(cohort: Cohort) -> int:
    """How many people wait for a seat of a cohort."""
    return cohort.waiting.filter(state=WaitingState.WAITING).count()


def overlapping_seat(person_id: int, cohort: Cohort) -> Enrollment | None:
    """A seat the person has in another cohort that is given on the same days, the one that ends last."""
    return (
        Enrollment.objects.filter(
            person=person_id,
            state=EnrollmentState.ACTIVE,
            cohort__starts_on__lte=cohort.ends_on,
            cohort__ends_on__gte=cohort.starts_on,
        )
        .exclude(cohort=cohort.pk)
        .select_related("cohort__center", "cohort__program")
        .order_by("-cohort__ends_on", "pk")
        .first()
    )


def seats_given_back(user: User, *, at_most: int) -> list[SeatGivenBack]:
    """What trainees gave back in the last days and is free to be given, where `user` may see the cohorts; the newest first.

    Over when the seat is taken, the cohort gives no more seats, or staff noted that nothing is to do.
    """
    if Act.VIEW_COHORTS not in acts_held(user):
        return []
    to_fill = giving_seats().alias(free=SEATS_FREE).filter(free__gt=0)
    rows = fenced(
        # Without those who came back since.
        Enrollment.objects.filter(state=EnrollmentState.WITHDRAWN, cohort__in=to_fill),
        user=user,
        act=Act.VIEW_COHORTS,
    )
    # The log keeps keys of all models, as text.
    keys = rows.order_by().values(key=Cast("pk", CharField()))
    entries = list(_unsettled().filter(object_id__in=keys).order_by("-timestamp")[:at_most])
    rows = rows.filter(pk__in=[int(entry.object_id) for entry in entries])
    enrollments = {
        str(row.pk): row for row in rows.select_related("person", "cohort__program", "cohort__center")
    }
    return [
        SeatGivenBack(
            enrollments[entry.object_id],
            entry.timestamp,
            enrollments[entry.object_id].get_withdrawn_for_display(),
            entry.data.get("reason", ""),
        )
        for entry in entries
        if entry.object_id in enrollments
    ]


def last_left(cohort: Cohort, *, besides: Collection[int] = ()) -> dt.datetime | None:
    """When the last of those who are no longer in a cohort completed it, withdrew, or went on in another one. `besides`: the keys of
    enrollments that are left out.
    """
    here = Enrollment.objects.filter(cohort=cohort).exclude(pk__in=besides)
    gone = here.filter(state=EnrollmentState.WITHDRAWN)
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Enrollment),
        object_id__in=gone.annotate(key=Cast("pk", CharField())).values("key"),
        action__in=("courses.enrollment.withdraw", "courses.enrollment.give_back"),
    )
    moments = (
        entries.aggregate(last=Max("timestamp"))["last"],
        here.aggregate(last=Max("completed_at"))["last"],
        Transfer.objects.filter(from_cohort=cohort)
        .exclude(enrollment__in=besides)
        .aggregate(last=Max("at"))["last"],
    )
    return max((moment for moment in moments if moment), default=None)


def is_to_settle(enrollment: Enrollment) -> bool:
    """Whether its seat was given back in the last days, and no one noted since that nothing is to do."""
    if enrollment.state != EnrollmentState.WITHDRAWN:
        return False
    return _unsettled().filter(object_id=str(enrollment.pk)).exists()


def _unsettled() -> QuerySet[ModelLogEntry]:
    """The entries of seats that were given back in the last days, without those after which nothing is to do."""
    entries = ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Enrollment))
    settled = entries.filter(
        action="courses.enrollment.settle_given_back",
        object_id=OuterRef("object_id"),
        timestamp__gte=OuterRef("timestamp"),
    )
    return entries.filter(
        ~Exists(settled),
        action="courses.enrollment.give_back",
        timestamp__gte=timezone.now() - dt.timedelta(days=GIVEN_BACK_DAYS),
    )
