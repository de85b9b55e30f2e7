"""Gives seats of one cohort to many people at once, by the rules of `courses.services.enrollments.enroll`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import AuditedModelLogEntry, Person, User
from accounts.scoping.hands import people_of
from accounts.services.guardians import age_obstacles
from courses.enums import EnrollmentState, HoldState
from courses.errors import AlreadyEnrolled, CohortFull, StaffGivesSeats
from courses.models import Cohort, Enrollment, SeatHold
from courses.services.seats import check_entry, cohort_with_seats_counted, take_seats

# How many people wait for one lock of the cohort at most.
PEOPLE_AT_ONCE = 500


@dataclass(frozen=True)
class Seated:
    """Who got a seat, and why each of the others got none, by the keys of the people."""

    enrollments: dict[int, Enrollment] = field(default_factory=dict)
    refused: dict[int, DomainError] = field(default_factory=dict)


@dataclass(frozen=True)
class _Ruling:
    """What the rules say about people in their order; `holds` and `earlier` are of those who get a seat."""

    seated: list[int]
    refused: dict[int, DomainError]
    # How many of the seats are given by staff, not taken by the person.
    given: int
    holds: list[SeatHold]
    earlier: dict[int, Enrollment]


@transaction.atomic
def enroll_many(*, cohort_id: int, person_ids: Sequence[int], by: User) -> Seated:
    """Give each person a seat as `enroll` does for one, in the order given, until none is left.

    The cohort is locked once. A person who may not have a seat hinders no other. Raises `Person.DoesNotExist`, and
    `ValueError` for more than `PEOPLE_AT_ONCE` people.
    """
    if len(person_ids) > PEOPLE_AT_ONCE:
        raise ValueError(f"more than {PEOPLE_AT_ONCE} people at once")
    people = locked_people(person_ids)
    cohort = cohort_with_seats_counted(cohort_id)
    ruling = _ruling(cohort, person_ids, people, by=by)
    if ruling.seated:
        take_seats(ruling.seated, cohort, holds=ruling.holds, given=ruling.given)
    return Seated(_write(cohort, ruling, people, by=by), ruling.refused)


def locked_people(person_ids: Iterable[int]) -> dict[int, Person]:
    """People by their keys, locked in that order: two of these never wait for each other."""
    rows = Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=set(person_ids))
    return {person.pk: person for person in rows.order_by("pk")}


def check_many(
    *, cohort_id: int, person_ids: Sequence[int], by: User, promised: int = 0
) -> tuple[dict[int, DomainError], int]:
    """Why `enroll_many` would refuse people now, and how many free seats the others would take, where `promised` are taken before.

    Only `enroll_many` itself decides.
    """
    people = Person.objects.in_bulk(person_ids)
    ruling = _ruling(Cohort.objects.get(pk=cohort_id), person_ids, people, by=by, promised=promised)
    return ruling.refused, len(ruling.seated) - len(ruling.holds)


def _ruling(
    cohort: Cohort, person_ids: Sequence[int], people: dict[int, Person], *, by: User, promised: int = 0
) -> _Ruling:
    now = timezone.now()
    of_people = Enrollment.objects.filter(person__in=people)
    active = of_people.filter(cohort__program=cohort.program_id, state=EnrollmentState.ACTIVE)
    in_program = set(active.values_list("person", flat=True))
    here = {one.person_id: one for one in of_people.filter(cohort=cohort)}
    open_holds = cohort.holds.filter(person__in=people, state=HoldState.HELD, until__gt=now)
    holds = {hold.person_id: hold for hold in open_holds}
    too_young = age_obstacles(people.values(), timezone.localdate())
    free, reserved = cohort.seats_free - promised, max(0, cohort.seats_reserved - promised)
    closed = _entry_error(cohort)
    own = people_of(by)
    seated: list[int] = []
    given = 0
    refused: dict[int, DomainError] = {}
    for pk in dict.fromkeys(person_ids):
        if pk not in people:
            raise Person.DoesNotExist(pk)
        is_staff = pk not in own
        is_over = pk in here and here[pk].state != EnrollmentState.WITHDRAWN
        if pk in in_program or is_over:
            refused[pk] = AlreadyEnrolled()
        elif closed:
            refused[pk] = closed
        elif pk in too_young:
            refused[pk] = too_young[pk]
        elif pk not in holds and not is_staff and not cohort.is_self_service:
            refused[pk] = StaffGivesSeats()
        elif pk not in holds and (free if is_staff else free - reserved) <= 0:
            refused[pk] = CohortFull()
        else:
            seated.append(pk)
            if pk not in holds:
                free -= 1
                given += is_staff
                reserved = max(0, reserved - is_staff)
    return _Ruling(
        seated,
        refused,
        given,
        [holds[pk] for pk in seated if pk in holds],
        {pk: here[pk] for pk in seated if pk in here},
    )


def _entry_error(cohort: Cohort) -> DomainError | None:
    try:
        check_entry(cohort)
    except DomainError as error:
        return error
    return None


def _write(cohort: Cohort, ruling: _Ruling, people: dict[int, Person], *, by: User) -> dict[int, Enrollment]:
    now = timezone.now()
    # As in `enroll`: a person who signed up alone belongs to no center until here.
    alone = [pk for pk in ruling.seated if people[pk].registered_at_id is None]
    Person.objects.filter(pk__in=alone).update(registered_at=cohort.center_id)
    Enrollment.objects.filter(pk__in=[one.pk for one in ruling.earlier.values()]).update(
        state=EnrollmentState.ACTIVE, enrolled_at=now, withdrawn_for=""
    )
    rows = {
        pk: ruling.earlier.get(pk) or Enrollment(person=people[pk], cohort=cohort, enrolled_at=now)
        for pk in ruling.seated
    }
    Enrollment.objects.bulk_create(row for pk, row in rows.items() if pk not in ruling.earlier)
    AuditedModelLogEntry.objects.log_many(
        [(row, {"cohort": cohort.code}, (cohort.center_id, pk)) for pk, row in rows.items()],
        "courses.enrollment.enroll",
        user=by,
    )
    for row in ruling.earlier.values():
        row.refresh_from_db()
    return rows
