"""Importing cohorts: what is opened, what stays, what is a fault."""

import datetime as dt

import pytest

from accounts.enums import RoleName
from accounts.models import Center, User
from courses.enums import ImportKind, ImportStep, Shift
from courses.errors import CohortCodeTaken, ImportNotAllowed
from courses.models import Cohort, ProgramPage
from courses.services import imports
from courses.services.cohorts import check_opening, open_cohort
from tests.courses.imports.lists import checked, counts, csv_of, faults, imported, uploaded, xlsx_of
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import CohortFactory, ProgramPageFactory, taught_cohort

HEADINGS = (
    "كود المجموعة",
    "البرنامج",
    "تاريخ البدء",
    "تاريخ الانتهاء",
    "الفترة",
    "عدد المقاعد",
    "seats reserved",
)


@pytest.fixture
def by(center: Center) -> User:
    return MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user


@pytest.fixture
def program(center: Center) -> ProgramPage:
    """A program that cohorts can be opened of."""
    return taught_cohort(center=center).program


@pytest.fixture
def facts(center: Center, by: User) -> dict[str, object]:
    return {"center": center, "by": by, "kind": ImportKind.COHORTS}


def row(code: str, program: ProgramPage, *rest: object) -> tuple[object, ...]:
    usual = ("1/2/2027", "٣٠/٤/٢٠٢٧", "مسائي", "٢٠", "5")
    return (code, program.code, *rest, *usual[len(rest) :])


def test_a_list_opens_cohorts_and_a_second_run_none(
    center: Center, program: ProgramPage, facts: dict[str, object]
):
    data = csv_of(HEADINGS, row("A-1", program), row("A-2", program), row("A-1", program))

    run = imported(data, **facts)
    again = checked(data, **facts)

    assert (run.step, counts(run), counts(again)) == (ImportStep.IMPORTED, (2, 0, 1, 0), (0, 0, 3, 0))
    assert faults(run) == [(4, "", "SameCohortAsLine")]
    cohort = Cohort.objects.get(code="A-1")
    assert (cohort.center, cohort.program, cohort.shift) == (center, program, Shift.EVENING)
    assert (cohort.starts_on, cohort.ends_on) == (dt.date(2027, 2, 1), dt.date(2027, 4, 30))
    assert (cohort.seats, cohort.seats_reserved, cohort.late_entry_days) == (20, 5, 0)
    assert cohort.content_version
    assert cohort.completion_rule


def test_a_workbook_opens_cohorts_by_its_dates_and_numbers(program: ProgramPage, facts: dict[str, object]):
    values = ("A-1", program.code, dt.date(2027, 2, 1), dt.date(2027, 4, 30), "morning", 20, None)

    assert counts(imported(xlsx_of(HEADINGS, values), **facts)) == (1, 0, 0, 0)


def test_a_cohort_that_is_there_stays_as_it_is(
    other_center: Center, program: ProgramPage, facts: dict[str, object]
):
    imported(csv_of(HEADINGS, row("A-1", program)), **facts)
    CohortFactory(code="B-1", center=other_center, program=program)

    run = checked(
        csv_of(HEADINGS, row("A-1", program, "2/2/2027", "30/4/2027", "مسائي", "30"), row("B-1", program)),
        **facts,
    )

    assert counts(run) == (0, 0, 0, 2)
    assert faults(run) == [
        (2, "starts_on", "RegisterDiffers"),
        (2, "seats", "RegisterDiffers"),
        (3, "code", "CohortCodeTaken"),
    ]


def test_faults_of_cohorts_name_their_line_and_column(program: ProgramPage, facts: dict[str, object]):
    rows = [
        row("", program),
        ("A-2", "none", *row("", program)[2:]),
        row("A-3", program, "31/2/2027"),
        row("A-4", program, "1/2/2027", "1/3/2027", "ليلي"),
        row("A-5", program, "1/2/2027", "1/3/2027", "صباحي", "-3"),
        row("A-6", program, "1/2/2027", "1/3/2027", "صباحي", ""),
        row("A-7", program),
        row("A-7", program, "1/1/2027"),
    ]

    run = checked(csv_of(HEADINGS, *rows), **facts)

    assert counts(run) == (1, 0, 0, 7)
    assert faults(run) == [
        (2, "code", "ValueMissing"),
        (3, "program", "ProgramUnknown"),
        (4, "starts_on", "NotADate"),
        (5, "shift", "ShiftUnknown"),
        (6, "seats", "NotACount"),
        (7, "seats", "ValueMissing"),
        (9, "", "LineDiffers"),
    ]


def test_what_the_check_refuses_is_what_opening_refuses(
    center: Center, by: User, program: ProgramPage, facts: dict[str, object], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(imports, "LINES_IN_A_UNIT", 2)
    bare = ProgramPageFactory(code="BARE")
    rows = [
        row("A-1", program),
        row("A-2", program, "1/2/2027", "1/1/2027"),
        row("A-3", program, "1/2/2027", "1/3/2027", "صباحي", "4", "5"),
        row("A-4", bare),
    ]
    data = csv_of(HEADINGS, *rows)

    check = checked(data, **facts)
    run = imported(data, **facts)

    assert counts(check) == counts(run) == (1, 0, 0, 3)
    assert faults(check) == faults(run)
    assert [code for _line, _column, code in faults(run)] == [
        "CohortDatesReversed",
        "ReservedAboveSeats",
        "ProgramHasNoUnits",
    ]
    with pytest.raises(CohortCodeTaken):
        check_opening(
            program_id=program.pk,
            code="A-1",
            starts_on=dt.date(2027, 1, 1),
            ends_on=dt.date(2027, 2, 1),
            seats=1,
        )
    with pytest.raises(CohortCodeTaken):
        open_cohort(program_id=program.pk, center_id=center.pk, code="A-1", starts_on=dt.date(2027, 1, 1),
                    ends_on=dt.date(2027, 2, 1), shift=Shift.MORNING, seats=1, by=by)  # fmt: skip


def test_a_registrar_opens_no_cohorts_by_a_list(center: Center, program: ProgramPage):
    registrar = MembershipFactory(role=RoleName.REGISTRAR, center=center).user

    with pytest.raises(ImportNotAllowed):
        uploaded(csv_of(HEADINGS, row("A-1", program)), center=center, by=registrar, kind=ImportKind.COHORTS)
