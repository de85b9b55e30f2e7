"""Cohorts and the seats in them."""

import datetime as dt

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.enums import Act
from accounts.models import Person, User
from courses.enums import CohortState, EnrollmentState, WithdrawalReason
from courses.models import Cohort, Enrollment, SeatHold, WaitingEntry
from courses.queries.closing import outcomes_of_closing
from courses.services.closing import close_cohort, reopen_cohort
from courses.services.cohorts import change_cohort, start_cohort
from courses.services.enrollments import enroll, give_seat_back, reinstate, withdraw
from courses.services.seats import ON_THE_LIST, hold_seat, join_waiting_list, leave_waiting_list, release_hold
from courses.services.transfers import transfer
from scripts.world.browser import open_page
from scripts.world.history import World
from scripts.world.people import Goal
from scripts.world.registry import NotNow, act
from scripts.world.stage import cohort_of, facts_on_the_page

WHY = "سبب من العالم"


def _at_the_page_of(world: World, person: int, name: str, key: object) -> User:
    """Who opens a page of this person: mostly themselves, sometimes somebody who has its address."""
    human = world.subject.get(person)
    if human is None:
        raise NotNow
    user = world.trainee(human if not world.strays(0.25) else world.pick(world.humans))
    open_page(user, name, key)
    return user


def _active() -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(state=EnrollmentState.ACTIVE)


def _on_record(world: World) -> int:
    """The key of a record that a page of people shows: one that was erased is not there."""
    person: Person = world.row(Person.objects.filter(pk__in=sorted(world.subject)))
    return person.pk


@act()
def open_another_cohort(world: World) -> None:
    user = world.staff(Act.MANAGE_COHORTS)
    center, program = world.pick(world.stage.centers), world.pick(world.stage.programs)
    if Cohort.objects.count() > 9:
        raise NotNow
    world.require(user, Act.MANAGE_COHORTS, on=center)
    code = f"N-{world.seed}-{Cohort.objects.count()}"
    cohort = cohort_of(program, center, code, by=user, today=timezone.localdate())
    world.said[cohort.pk] = facts_on_the_page(program)


@act()
def start_a_cohort(world: World) -> None:
    cohort: Cohort = world.row(Cohort.objects.exclude(state=CohortState.CLOSED))
    user = world.staff(Act.MANAGE_COHORTS, on=cohort)
    world.require(user, Act.MANAGE_COHORTS, on=cohort)
    start_cohort(cohort_id=cohort.pk, by=user)


@act(weight=1.5)
def change_the_seats(world: World) -> None:
    cohort: Cohort = world.row(Cohort.objects.all())
    user = world.staff(Act.MANAGE_COHORTS, on=cohort)
    world.require(user, Act.MANAGE_COHORTS, on=cohort)
    # Often so that it is full, and people wait.
    seats = cohort.seats_taken + cohort.seats_held if world.happens(0.4) else world.chance.randint(1, 8)
    change_cohort(cohort_id=cohort.pk, seats=seats, by=user)


@act(weight=0.8)
def close_a_cohort(world: World) -> None:
    waited_for = Cohort.objects.filter(waiting__state__in=ON_THE_LIST)
    cohort: Cohort = world.busy(Cohort.objects.all(), waited_for.distinct())
    user = world.staff(Act.MANAGE_COHORTS, on=cohort)
    world.require(user, Act.MANAGE_COHORTS, on=cohort)
    failing = {one.enrollment.pk for one in outcomes_of_closing(cohort) if not one.completes}
    before = _states_in(cohort)
    close_cohort(cohort_id=cohort.pk, reason=WHY, failing=failing, by=user)
    world.closed[cohort.pk] = before, _states_in(cohort)


def _states_in(cohort: Cohort) -> dict[int, str]:
    return dict(Enrollment.objects.filter(cohort=cohort).values_list("pk", "state"))


@act(weight=2)
def reopen_a_cohort(world: World) -> None:
    cohort: Cohort = world.apt(Cohort.objects.all(), Cohort.objects.filter(state=CohortState.CLOSED))
    user = world.staff(Act.MANAGE_COHORTS, on=cohort)
    world.require(user, Act.MANAGE_COHORTS, on=cohort)
    reopen_cohort(cohort_id=cohort.pk, reason=WHY, by=user)
    before, after = world.closed.pop(cohort.pk, ({}, {}))
    now = _states_in(cohort)
    # Who learns in another cohort of the program by then stays there.
    learning = Enrollment.objects.filter(state=EnrollmentState.ACTIVE, cohort__program=cohort.program_id)
    elsewhere = Enrollment.objects.filter(cohort=cohort, person__in=learning.values("person"))
    stayed = set(elsewhere.filter(state=EnrollmentState.FAILED).values_list("pk", flat=True))
    world.kept += [
        f"enrollment {key} was {state} before its cohort was closed, and is {now[key]} after it was reopened"
        for key, state in before.items()
        # A correction since the closing may have completed it.
        if now.get(key) == after.get(key) == EnrollmentState.FAILED != state and key not in stayed
    ]


@act(weight=2, serves=Goal.KEY)
def take_a_seat(world: World) -> None:
    user = world.trainee(world.somebody(world.humans))
    cohort: Cohort = world.row(Cohort.objects.all())
    enroll(person_id=user.person_id or 0, cohort_id=cohort.pk, by=user)


@act()
def give_a_seat(world: World) -> None:
    """To somebody on record whom the page of people shows."""
    free = Cohort.objects.filter(state=CohortState.OPEN, seats__gt=F("seats_taken") + F("seats_held"))
    cohort: Cohort = world.apt(Cohort.objects.all(), free)
    user = world.staff(Act.ENROLL, on=cohort)
    world.require(user, Act.ENROLL, on=cohort)
    enroll(person_id=_on_record(world), cohort_id=cohort.pk, by=user)


@act()
def withdraw_somebody(world: World) -> None:
    enrollment: Enrollment = world.apt(Enrollment.objects.all(), _active())
    user = world.staff(Act.ENROLL, on=enrollment)
    world.require(user, Act.ENROLL, on=enrollment)
    withdraw(enrollment_id=enrollment.pk, reason=WHY, by=user)


@act()
def reinstate_somebody(world: World) -> None:
    enrollment: Enrollment = world.row(Enrollment.objects.filter(state=EnrollmentState.WITHDRAWN))
    user = world.staff(Act.ENROLL, on=enrollment)
    world.require(user, Act.ENROLL, on=enrollment)
    reinstate(enrollment_id=enrollment.pk, reason=WHY, by=user)


@act(serves=Goal.KEY)
def give_the_seat_back(world: World) -> None:
    enrollment: Enrollment = world.apt(Enrollment.objects.all(), _active())
    user = _at_the_page_of(world, enrollment.person_id, "courses:give_back", enrollment.public_id)
    give_seat_back(enrollment_id=enrollment.pk, withdrawn_for=WithdrawalReason.OTHER, by=user)


@act(weight=1.5)
def transfer_somebody(world: World) -> None:
    enrollment: Enrollment = world.apt(Enrollment.objects.all(), _active())
    others = Cohort.objects.exclude(pk=enrollment.cohort_id)
    theirs = others.filter(program=enrollment.cohort.program_id).exclude(state=CohortState.CLOSED)
    cohort: Cohort = world.apt(others, theirs)
    # Who may give seats in both.
    user = world.staff(Act.ENROLL, on=cohort)
    world.require(user, Act.ENROLL, on=enrollment)
    world.require(user, Act.ENROLL, on=cohort)
    transfer(enrollment_id=enrollment.pk, to_cohort_id=cohort.pk, reason=WHY, by=user)


@act()
def keep_a_seat(world: World) -> None:
    cohort: Cohort = world.row(Cohort.objects.all())
    user = world.staff(Act.ENROLL, on=cohort)
    world.require(user, Act.ENROLL, on=cohort)
    until = timezone.now() + dt.timedelta(days=world.chance.randint(1, 4))
    hold_seat(person_id=_on_record(world), cohort_id=cohort.pk, until=until, by=user)


@act(weight=1.5)
def release_a_kept_seat(world: World) -> None:
    hold: SeatHold = world.apt(SeatHold.objects.all(), SeatHold.objects.filter(ended_at=None))
    user = world.staff(Act.ENROLL, on=hold)
    world.require(user, Act.ENROLL, on=hold)
    release_hold(hold_id=hold.pk, reason=WHY, by=user)


@act(weight=5)
def wait_for_a_seat(world: World) -> None:
    user = world.trainee(world.pick(world.humans))
    full = Cohort.objects.filter(state=CohortState.OPEN, seats__lte=F("seats_taken") + F("seats_held"))
    cohort: Cohort = world.apt(Cohort.objects.all(), full.exclude(enrollments__person=user.person_id))
    join_waiting_list(person_id=user.person_id or 0, cohort_id=cohort.pk, by=user)


@act(weight=4)
def wait_no_more(world: World) -> None:
    entry: WaitingEntry = world.apt(
        WaitingEntry.objects.all(), WaitingEntry.objects.filter(state__in=ON_THE_LIST)
    )
    user = _at_the_page_of(world, entry.person_id, "courses:leave_list", entry.public_id)
    leave_waiting_list(entry_id=entry.pk, by=user)
