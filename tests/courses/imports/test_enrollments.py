"""Importing seats, and giving many at once by the rules for one."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import RoleName
from accounts.errors import DomainError
from accounts.models import Center, Person, User
from accounts.services.audit_verifying import AuditVerification
from accounts.services.guardians import GuardianMissing
from courses.enums import EnrollmentState, Entry, HoldState, ImportKind, ImportStep, WaitingState
from courses.errors import AlreadyEnrolled, CohortFull, EnrollmentClosed
from courses.models import Cohort, Enrollment
from courses.services import imports
from courses.services.enrolling_many import check_many, enroll_many
from courses.services.enrollments import enroll, withdraw
from courses.services.seats import hold_seat, join_waiting_list
from tests.courses.imports.lists import (
    ALI,
    HEADINGS,
    MONA,
    checked,
    counts,
    csv_of,
    faults,
    imported,
    number,
    trainees,
)
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.courses import CohortFactory, taught_cohort

type Case = Callable[[Cohort, Person, User], object]

SEATS = ("الرقم القومي", "كود المجموعة")


@pytest.fixture
def by(center: Center) -> User:
    return MembershipFactory(role=RoleName.REGISTRAR, center=center).user


@pytest.fixture
def cohort(center: Center) -> Cohort:
    return taught_cohort(center=center, seats=3)


def people(count: int) -> list[Person]:
    return PersonFactory.create_batch(count)


def keys(people: list[Person]) -> list[int]:
    return [person.pk for person in people]


def test_many_get_seats_in_their_order_until_none_is_left(cohort: Cohort, by: User):
    asked = keys(people(5))

    seated = enroll_many(cohort_id=cohort.pk, person_ids=asked, by=by)

    cohort.refresh_from_db()
    assert list(seated.enrollments) == asked[:3]
    assert {pk: type(error) for pk, error in seated.refused.items()} == dict.fromkeys(asked[3:], CohortFull)
    assert cohort.seats_taken == 3
    assert set(Enrollment.objects.values_list("person", "state")) == {
        (pk, EnrollmentState.ACTIVE) for pk in asked[:3]
    }
    assert list(AuditVerification().findings()) == []


def refusal_of_one(cohort: Cohort, person: Person, by: User) -> type[DomainError] | None:
    try:
        enroll(person_id=person.pk, cohort_id=cohort.pk, by=by)
    except DomainError as error:
        return type(error)
    return None


def all_cohorts(**facts: object) -> Case:
    return lambda *_: Cohort.objects.update(**facts)


def enrolled(cohort: Cohort, person: Person, by: User) -> Enrollment:
    return enroll(person_id=person.pk, cohort_id=cohort.pk, by=by)


def enrolled_in_the_program(cohort: Cohort, person: Person, by: User) -> Enrollment:
    return enrolled(CohortFactory(center=cohort.center, program=cohort.program), person, by)


def completed(cohort: Cohort, person: Person, _by: User) -> Enrollment:
    now = timezone.now()
    return Enrollment.objects.create(
        person=person,
        cohort=cohort,
        enrolled_at=now,
        state=EnrollmentState.COMPLETED,
        completed_at=now,
    )


def withdrawn(cohort: Cohort, person: Person, by: User) -> Enrollment:
    return withdraw(enrollment_id=enrolled(cohort, person, by).pk, reason="a", by=by)


def a_minor(_cohort: Cohort, _person: Person, _by: User) -> None:
    Person.objects.update(birth_date=timezone.localdate() - dt.timedelta(days=3_000))


def kept_the_last(cohort: Cohort, person: Person, by: User) -> None:
    hold_seat(person_id=person.pk, cohort_id=cohort.pk, until=timezone.now() + dt.timedelta(hours=1), by=by)
    Cohort.objects.update(seats_taken=2)


def oneself(_cohort: Cohort, person: Person, by: User) -> None:
    by.person = person
    by.save()


def oneself_where_one_is_reserved(cohort: Cohort, person: Person, by: User) -> None:
    oneself(cohort, person, by)
    Cohort.objects.update(seats_taken=2, seats_reserved=1)


CASES: list[tuple[Case, type[DomainError] | None]] = [
    (all_cohorts(), None),
    (all_cohorts(seats_taken=3), CohortFull),
    (all_cohorts(starts_on=dt.date(2020, 1, 1), ends_on=dt.date(2020, 2, 1)), EnrollmentClosed),
    (all_cohorts(entry=Entry.STAFF), None),
    (all_cohorts(seats_taken=2, seats_reserved=1), None),
    (enrolled, AlreadyEnrolled),
    (enrolled_in_the_program, AlreadyEnrolled),
    (completed, AlreadyEnrolled),
    (withdrawn, None),
    (a_minor, GuardianMissing),
    (kept_the_last, None),
    (oneself, None),
    (oneself_where_one_is_reserved, CohortFull),
]


@pytest.mark.parametrize(("case", "expected"), CASES)
def test_what_is_decided_about_many_is_what_is_decided_about_one(
    cohort: Cohort, by: User, case: Case, expected: type[DomainError] | None
):
    [person] = people(1)
    case(cohort, person, by)

    checked_before, _seats = check_many(cohort_id=cohort.pk, person_ids=[person.pk], by=by)
    many = enroll_many(cohort_id=cohort.pk, person_ids=[person.pk], by=by)

    assert [type(error) for error in many.refused.values()] == ([expected] if expected else [])
    assert list(map(type, checked_before.values())) == list(map(type, many.refused.values()))
    after = Cohort.objects.get(pk=cohort.pk)
    assert refusal_of_one(cohort, person, by) == (expected or AlreadyEnrolled)
    if not expected:
        assert many.enrollments[person.pk].state == EnrollmentState.ACTIVE
        assert (after.seats_held, after.seats_reserved) == (0, 0)


def test_people_who_waited_or_had_a_kept_seat_wait_no_more(cohort: Cohort, by: User):
    kept, waiting = people(2)
    Cohort.objects.update(seats=1)
    hold = hold_seat(
        person_id=kept.pk, cohort_id=cohort.pk, until=timezone.now() + dt.timedelta(hours=1), by=by
    )
    entry = join_waiting_list(person_id=waiting.pk, cohort_id=cohort.pk, by=by)
    Cohort.objects.update(seats=2)

    seated = enroll_many(cohort_id=cohort.pk, person_ids=[waiting.pk, kept.pk], by=by)

    hold.refresh_from_db()
    entry.refresh_from_db()
    cohort.refresh_from_db()
    assert len(seated.enrollments) == 2
    assert (hold.state, entry.state) == (HoldState.USED, WaitingState.ENROLLED)
    assert (cohort.seats_taken, cohort.seats_held) == (2, 0)


def test_many_seats_cost_as_many_statements_as_three(center: Center, by: User):
    def statements(count: int) -> int:
        cohort = taught_cohort(center=center, seats=count)
        asked = keys(people(count))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            enroll_many(cohort_id=cohort.pk, person_ids=asked, by=by)
        return len(queries)

    # The first one reads the kinds of rows for the audit trail.
    statements(1)
    assert statements(3) == statements(30)


def seat_rows(cohort: Cohort, *numbers: str) -> bytes:
    return csv_of(SEATS, *[(one, cohort.code) for one in numbers])


def facts(center: Center, by: User) -> dict[str, object]:
    return {"center": center, "by": by, "kind": ImportKind.ENROLLMENTS}


def test_a_list_gives_seats_and_a_second_run_none(center: Center, by: User, cohort: Cohort):
    imported(csv_of(HEADINGS, MONA, ALI), center=center, by=by)
    data = csv_of(SEATS, (MONA[1], cohort.code.lower()), (ALI[1], f" {cohort.code} "), (MONA[1], cohort.code))

    run = imported(data, **facts(center, by))
    again = checked(data, **facts(center, by))

    assert (run.step, counts(run)) == (ImportStep.IMPORTED, (2, 0, 1, 0))
    assert faults(run) == [(4, "", "SameAsLine")]
    assert counts(again) == (0, 0, 3, 0)


def test_a_number_of_another_center_is_answered_as_one_that_no_one_has(
    center: Center, other_center: Center, by: User, cohort: Cohort
):
    stranger = MembershipFactory(role=RoleName.REGISTRAR, center=other_center).user
    imported(csv_of(HEADINGS, MONA), center=other_center, by=stranger)
    headings, rest = (*SEATS, "الاسم"), (cohort.code, MONA[0])

    run = checked(csv_of(headings, (MONA[1], *rest), (ALI[1], *rest)), **facts(center, by))

    assert faults(run) == [(2, "national_number", "PersonUnknown"), (3, "national_number", "PersonUnknown")]
    assert counts(run) == (0, 0, 0, 2)


def test_who_gives_seats_in_two_centers_seats_people_of_both(
    center: Center, other_center: Center, by: User, cohort: Cohort
):
    MembershipFactory(user=by, role=RoleName.REGISTRAR, center=other_center)
    imported(csv_of(HEADINGS, MONA), center=other_center, by=by)

    run = imported(seat_rows(cohort, MONA[1]), **facts(center, by))

    assert counts(run) == (1, 0, 0, 0)
    assert Enrollment.objects.get().person.registered_at == other_center


def test_faults_of_seats_name_their_line_and_column(
    center: Center, other_center: Center, by: User, cohort: Cohort
):
    foreign = CohortFactory(center=other_center)
    imported(csv_of(HEADINGS, MONA), center=center, by=by)
    rows = [
        (ALI[1], cohort.code, ""),
        (MONA[1], foreign.code, ""),
        (MONA[1], "", ""),
        (MONA[1], cohort.code, MONA[0].rsplit(maxsplit=1)[0]),
    ]

    run = checked(csv_of((*SEATS, "الاسم"), *rows), **facts(center, by))

    assert faults(run) == [
        (2, "national_number", "PersonUnknown"),
        (3, "cohort", "CohortUnknown"),
        (4, "cohort", "ValueMissing"),
        (5, "full_name_ar", "NameDiffers"),
    ]


def test_the_check_counts_seats_and_programs_across_units_as_the_import_does(
    center: Center, by: User, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(imports, "LINES_IN_A_UNIT", 2)
    imported(csv_of(HEADINGS, *trainees(range(6))), center=center, by=by)
    sister = CohortFactory(center=center, program=cohort.program, seats=9)
    rows = [(number(place), cohort.code) for place in range(5)]
    data = csv_of(SEATS, *rows, (number(0), sister.code), (number(5), sister.code))

    check = checked(data, **facts(center, by))
    run = imported(data, **facts(center, by))

    assert counts(check) == counts(run) == (4, 0, 0, 3)
    assert faults(check) == faults(run)
    assert faults(run) == [(5, "", "CohortFull"), (6, "", "CohortFull"), (7, "", "AlreadyEnrolled")]
