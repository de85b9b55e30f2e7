"""Queries of transfers: when an enrollment was in which cohort, where it may go on, and what is against it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import fenced
from accounts.scoping.seen import as_far_as_seen
from courses.enums import CohortState, EnrollmentState
from courses.models import ClassSession, Cohort, Enrollment, Transfer
from courses.queries.cohorts import SEATS_FREE, giving_seats

RECORDED = frozenset({EnrollmentState.ACTIVE, EnrollmentState.COMPLETED})

type Obstacle = Callable[[Enrollment], DomainError | None]

_OBSTACLES: list[Obstacle] = []


def register_obstacle_to_transfer(obstacle: Obstacle) -> Obstacle:
    """Ask this query, too, whether an enrollment may go on in another cohort: None, or the refusal. A decorator.

    For apps that depend on the cohort; the service calls it with the enrollment locked.
    """
    _OBSTACLES.append(obstacle)
    return obstacle


def obstacle_to_transfer(enrollment: Enrollment) -> DomainError | None:
    found = (obstacle(enrollment) for obstacle in _OBSTACLES)
    return next((refusal for refusal in found if refusal), None)


def cohorts_to_transfer_to(enrollment: Enrollment, user: User) -> QuerySet[Cohort]:
    """Cohorts of the same program where `user` may enroll and seats are still given, and the one from which the enrollment
    came last; soonest first.
    """
    left = enrollment.transfers.order_by("-at", "-pk").values("from_cohort")[:1]
    back = Q(pk__in=left) & ~Q(pk=enrollment.cohort_id) & ~Q(state=CohortState.CLOSED)
    within = (
        fenced(Cohort.objects.filter(back), user=user, act=Act.ENROLL)
        .alias(free=SEATS_FREE)
        .filter(free__gt=0)
    )
    either = Q(pk__in=within.values("pk")) | Q(
        pk__in=cohorts_open_to(enrollment.cohort, user).order_by().values("pk")
    )
    return Cohort.objects.filter(either).select_related("center").order_by("starts_on", "code")


def cohorts_open_to(cohort: Cohort, user: User) -> QuerySet[Cohort]:
    """As `cohorts_to_transfer_to`, for anybody of a cohort."""
    return cohorts_after(cohort, user).filter(program=cohort.program_id)


def cohorts_after(cohort: Cohort, user: User) -> QuerySet[Cohort]:
    """Other cohorts, of any program, where `user` may enroll and seats are free, soonest first."""
    taking = giving_seats().alias(free=SEATS_FREE).filter(free__gt=0).exclude(pk=cohort.pk)
    return fenced(taking, user=user, act=Act.ENROLL).select_related("center").order_by("starts_on", "code")


@dataclass(frozen=True, slots=True)
class Stay:
    """A time that an enrollment was in a cohort. `since` and `until` are None where it has no transfer there."""

    cohort_id: int
    since: dt.datetime | None
    until: dt.datetime | None

    def covers(self, starts_at: dt.datetime) -> bool:
        """Whether a session that begins then is one of this enrollment."""
        return (self.since is None or starts_at >= self.since) and (
            self.until is None or starts_at < self.until
        )


def stays_of(enrollments: Collection[Enrollment]) -> dict[int, list[Stay]]:
    """The stays of many enrollments by their pk, in order of time. One query, none where no one was transferred."""
    transfers: dict[int, list[Transfer]] = defaultdict(list)
    moved = [enrollment.pk for enrollment in enrollments if enrollment.transferred_at]
    if moved:
        for transfer in Transfer.objects.filter(enrollment__in=moved).order_by("at", "pk"):
            transfers[transfer.enrollment_id].append(transfer)
    return {row.pk: _stays(row, transfers[row.pk]) for row in enrollments}


def was_in(enrollment: Enrollment, session: ClassSession) -> bool:
    """Whether a session is one of this enrollment: it began while the enrollment was in its cohort."""
    return any(
        stay.cohort_id == session.cohort_id and stay.covers(session.starts_at)
        for stay in stays_of([enrollment])[enrollment.pk]
    )


def taking_part(session: ClassSession) -> list[Enrollment]:
    """The enrollments whose attendance of a session is recorded: of its cohort when it began, by name. Two queries at most."""
    return _taking_part(session, Enrollment.objects.order_by("person__folded_name", "pk"))


def on_the_sheet(session: ClassSession) -> list[Enrollment]:
    """As `taking_part`, with those who ended as not completed: their marks stay to be read. Two queries at most."""
    return _taking_part(
        session,
        Enrollment.objects.order_by("person__folded_name", "pk"),
        states=RECORDED | {EnrollmentState.FAILED},
    )


def own_part(session: ClassSession, person_id: int | None) -> Enrollment | None:
    """The enrollment by which one person takes part in a session. Two queries at most."""
    if person_id is None:
        return None
    return next(iter(_taking_part(session, Enrollment.objects.filter(person=person_id).order_by("pk"))), None)


def seat_elsewhere(session: ClassSession, person_id: int | None) -> Enrollment | None:
    """The seat of a person who does not take part in a session: the one that was moved out of its cohort (`was_moved`), else one
    in another cohort of its program, else one at its center. None for people who learn elsewhere. One query.
    """
    if person_id is None:
        return None
    cohort = session.cohort
    moved = Transfer.objects.filter(enrollment=OuterRef("pk"), from_cohort=cohort)
    seats = as_far_as_seen(Enrollment.objects.filter(person=person_id, state=EnrollmentState.ACTIVE))
    near = Q(cohort__program=cohort.program_id) | Q(cohort__center=cohort.center_id)
    return (
        seats.annotate(was_moved=Exists(moved), is_of_program=Q(cohort__program=cohort.program_id))
        .filter(near)
        .select_related("cohort__center")
        .order_by("-was_moved", "-is_of_program", "pk")
        .first()
    )


def _taking_part(
    session: ClassSession,
    enrollments: QuerySet[Enrollment],
    states: Collection[EnrollmentState] = RECORDED,
) -> list[Enrollment]:
    cohort = session.cohort_id
    moved = Transfer.objects.filter(from_cohort=cohort).values("enrollment")
    rows = list(
        enrollments.filter(Q(cohort=cohort) | Q(pk__in=moved), state__in=states).select_related("person")
    )
    stays = stays_of(rows)
    return [
        row
        for row in rows
        if any(stay.cohort_id == cohort and stay.covers(session.starts_at) for stay in stays[row.pk])
    ]


def _stays(enrollment: Enrollment, transfers: list[Transfer]) -> list[Stay]:
    since: dt.datetime | None = None
    stays = []
    for transfer in transfers:
        stays.append(Stay(transfer.from_cohort_id, since, transfer.at))
        since = transfer.at
    return [*stays, Stay(enrollment.cohort_id, since, None)]
