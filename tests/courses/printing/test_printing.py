"""Rosters, attendance sheets and labels on paper."""

import datetime as dt
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.enums import ContactKind, RoleName
from accounts.models import Center, Contact
from accounts.services.short_codes import short_code
from courses.enums import AttendanceStatus, EnrollmentState
from courses.models import Enrollment
from courses.services.attendance import lock_attendance
from tests.courses.printing.goldens import GOLDENS, path_of
from tests.factories.accounts import MembershipFactory, TraineeFactory, UserFactory
from tests.factories.courses import ClassSessionFactory, CohortFactory, EnrollmentFactory, attend, closed
from tests.typesetting.goldens import difference
from tests.typesetting.reading import pixels, text_by_mupdf
from typesetting.lint import lint

TOLERANCE = 0.01


@pytest.fixture
def staff(client: Client, center: Center) -> Client:
    client.force_login(MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user)
    return client


@pytest.mark.parametrize("golden", GOLDENS)
def test_a_sheet_looks_as_it_did_and_keeps_the_rules_of_archives(golden: Callable[[], bytes]):
    pdf = golden()
    drawn = pixels(pdf)

    assert lint(pdf) == []
    with Image.open(path_of(golden)) as expected:
        assert drawn.size == expected.size
        assert difference(expected, drawn) <= TOLERANCE


def test_a_sheet_has_the_names_and_the_code_of_its_session(staff: Client, center: Center):
    session = ClassSessionFactory(cohort=CohortFactory(center=center))
    person = EnrollmentFactory(cohort=session.cohort, person__full_name_ar="منى حسن").person

    answer = staff.get(reverse("classsession:print", args=[session.pk]))
    text = text_by_mupdf(answer.content)

    assert answer["Content-Type"] == "application/pdf"
    assert short_code(session.public_id) in text
    assert "منى" in text
    assert short_code(person.public_id) not in text


def test_a_sheet_for_several_days_has_the_code_of_each(staff: Client, center: Center):
    cohort = CohortFactory(center=center)
    days = [
        ClassSessionFactory(cohort=cohort, starts_at=timezone.now() + dt.timedelta(days=day))
        for day in (1, 2)
    ]
    past = ClassSessionFactory(cohort=cohort, starts_at=timezone.now() - dt.timedelta(days=2))

    text = text_by_mupdf(staff.get(reverse("cohort:print_days", args=[cohort.pk])).content)

    assert all(short_code(session.public_id) in text for session in days)
    assert short_code(past.public_id) not in text


def test_a_code_that_begins_with_digits_reads_as_it_is_typed(staff: Client, center: Center):
    """In a line from right to left, such a code would have its halves the other way round."""
    tomorrow = timezone.now() + dt.timedelta(days=1)
    session = ClassSessionFactory(
        cohort__center=center, starts_at=tomorrow, public_id=UUID("390c98f4-2300-4000-8000-000000000000")
    )
    enrollment = EnrollmentFactory(
        cohort=session.cohort, person__public_id=UUID("390c98f4-2400-4000-8000-000000000000")
    )

    days, roster, labels = (
        text_by_mupdf(staff.get(reverse(f"cohort:print_{name}", args=[session.cohort_id])).content)
        for name in ("days", "roster", "labels")
    )

    assert short_code(session.public_id)[:4].isdigit()
    assert short_code(session.public_id) in days
    assert short_code(enrollment.person.public_id) in roster
    assert short_code(enrollment.person.public_id) in labels


@pytest.mark.parametrize("name", ["roster", "labels"])
def test_roster_and_labels_have_the_codes_of_people(staff: Client, center: Center, name: str):
    enrollment = EnrollmentFactory(cohort__center=center)

    text = text_by_mupdf(staff.get(reverse(f"cohort:print_{name}", args=[enrollment.cohort_id])).content)

    assert short_code(enrollment.person.public_id) in text


@pytest.mark.parametrize("name", ["roster", "labels"])
def test_roster_and_labels_of_a_closed_cohort_have_who_did_not_complete(
    staff: Client, center: Center, name: str
):
    cohort = CohortFactory(center=center)
    failed, left = (EnrollmentFactory(cohort=cohort) for _ in range(2))
    Enrollment.objects.filter(pk=left.pk).update(state=EnrollmentState.WITHDRAWN)
    closed(cohort)

    text = text_by_mupdf(staff.get(reverse(f"cohort:print_{name}", args=[cohort.pk])).content)

    assert short_code(failed.person.public_id) in text
    assert short_code(left.person.public_id) not in text


def test_an_empty_cohort_prints_a_page_and_one_without_days_says_so(staff: Client, center: Center):
    cohort = CohortFactory(center=center)

    roster = staff.get(reverse("cohort:print_roster", args=[cohort.pk]))
    days = staff.get(reverse("cohort:print_days", args=[cohort.pk]))

    assert roster.content.startswith(b"%PDF")
    assert days.url == reverse("cohort:inspect", args=[cohort.pk])


def test_no_number_follows_the_code_of_the_cohort(staff: Client, center: Center):
    """Set from right to left, it would be drawn to the left of the Latin letters, away from its month (UAX #9, W7)."""
    cohort = CohortFactory(center=center, code="ELE-H2")
    EnrollmentFactory(cohort=cohort)

    text = text_by_mupdf(staff.get(reverse("cohort:print_roster", args=[cohort.pk])).content)

    # As it is drawn, from left to right.
    assert "ELE-H2 · " in text
    assert re.search(r"ELE-H2 · \d", text) is None


def test_a_locked_sheet_is_printed_with_its_marks(staff: Client, center: Center):
    cohort = CohortFactory(center=center)
    record = attend(EnrollmentFactory(cohort=cohort), AttendanceStatus.LATE)
    EnrollmentFactory(cohort=cohort)
    address = reverse("classsession:print", args=[record.session_id])

    before = text_by_mupdf(staff.get(address).content)
    lock_attendance(session_id=record.session_id, by=UserFactory())
    after = text_by_mupdf(staff.get(address).content)

    assert short_code(record.session.public_id) in before
    assert short_code(record.session.public_id) not in after
    assert ("التوقيع" in before, "التوقيع" in after) == (True, False)
    assert after.count("متأخر") == 1
    assert "بلا تسجيل" in after


def test_a_closed_cohort_offers_no_sheet_for_days_to_come(staff: Client, center: Center):
    session = ClassSessionFactory(cohort=CohortFactory(center=center))
    sheet, days = (
        reverse("classsession:attendance", args=[session.pk]),
        reverse("cohort:print_days", args=[session.cohort_id]),
    )

    before = staff.get(sheet).text
    closed(session.cohort)
    after = staff.get(sheet).text

    assert (days in before, days in after) == (True, False)


@pytest.fixture
def roster(center: Center, other_center: Center) -> str:
    """The address of a roster with three people: two of the center, by a contact and by a login, one of another center."""
    cohort = CohortFactory(center=center)
    one, other = EnrollmentFactory.create_batch(2, cohort=cohort, person__registered_at=center)
    Contact.objects.create(person=one.person, kind=ContactKind.PHONE, value="+201012345678")
    TraineeFactory(person=other.person, phone="+201112345678")
    guest = EnrollmentFactory(cohort=cohort, person__registered_at=other_center)
    Contact.objects.create(person=guest.person, kind=ContactKind.PHONE, value="+201212345678")
    return reverse("cohort:print_roster", args=[cohort.pk])


def test_a_roster_without_a_number_has_no_empty_column(staff: Client, center: Center):
    cohort = EnrollmentFactory(cohort=CohortFactory(center=center)).cohort

    assert "الهاتف" not in text_by_mupdf(staff.get(reverse("cohort:print_roster", args=[cohort.pk])).content)


@pytest.mark.parametrize(
    ("role", "whole", "masked"),
    [
        (RoleName.REGISTRAR, 2, 0),
        (RoleName.CENTER_MANAGER, 2, 0),
        (RoleName.INSTRUCTOR, 0, 2),
        (RoleName.AUDITOR, 0, 2),
        (RoleName.INSPECTOR, 0, 0),
    ],
)
def test_a_roster_has_numbers_as_the_pages_have_them_for_its_reader(
    client: Client, center: Center, roster: str, role: RoleName, whole: int, masked: int
):
    client.force_login(MembershipFactory(role=role, center=center).user)

    text = text_by_mupdf(client.get(roster).content)

    assert sum(number in text for number in ("+201012345678", "+201112345678")) == whole
    assert text.count("•678") == masked
    assert "+201212345678" not in text
