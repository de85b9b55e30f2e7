"""A printed sheet is typed by one person, blind by another one, and recorded where both agree or somebody decided."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.services.short_codes import is_short_code_of, short_code
from courses.enums import AttendanceSource, AttendanceStatus, PaperState
from courses.errors import (
    AttendanceLocked,
    DifferencesUndecided,
    ReasonMissing,
    SheetNotOpen,
    SheetOfAnotherSession,
    TypedByYourself,
)
from courses.models import AttendanceRecord, ClassSession, Enrollment, PaperSheet
from courses.queries.paper_sheets import Mark, typed_lines
from courses.services.attendance import lock_attendance, record_attendance
from courses.services.paper_sheets import Decision, discard_sheet, record_sheet, type_sheet
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import ClassSessionFactory, CohortFactory, EnrollmentFactory

PRESENT, ABSENT, LATE = Mark("present", 45), Mark("absent"), Mark("late", 30)


@pytest.fixture
def session(center: Center) -> ClassSession:
    return ClassSessionFactory(cohort=CohortFactory(center=center))


@pytest.fixture
def trainees(session: ClassSession) -> list[Enrollment]:
    return [EnrollmentFactory(cohort=session.cohort) for _ in range(4)]


@pytest.fixture
def first(center: Center) -> User:
    user: User = MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user
    return user


@pytest.fixture
def second(center: Center) -> User:
    user: User = MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user
    return user


def typed(session: ClassSession, trainees: list[Enrollment], *marks: Mark, by: User) -> PaperSheet:
    keys = [row.pk for row in trainees]
    return type_sheet(
        session_id=session.pk,
        code=short_code(session.public_id),
        marks=dict(zip(keys, marks, strict=True)),
        by=by,
    )


def recorded(session: ClassSession) -> list[tuple[str, int, str]]:
    rows = AttendanceRecord.objects.filter(session=session, is_current=True).order_by("enrollment_id")
    return list(rows.values_list("status", "minutes", "source"))


@given(st.uuids(), st.booleans())
def test_a_short_code_is_read_in_small_letters_and_without_its_stroke(public_id, is_small):
    code = short_code(public_id)
    written = code.lower().replace("-", " ").replace("1", "l") if is_small else code

    assert is_short_code_of(written, public_id)
    assert not is_short_code_of(written[:-1], public_id)


def test_two_equal_typings_are_recorded_with_both_names(
    session: ClassSession, trainees: list[Enrollment], first: User, second: User
):
    marks = (PRESENT, LATE, ABSENT, Mark())

    typed(session, trainees, *marks, by=first)
    after_one = recorded(session)
    sheet = typed(session, trainees, *marks, by=second)

    assert after_one == []
    assert sheet.state == PaperState.RECORDED
    assert recorded(session) == [("present", 45, "paper"), ("late", 30, "paper"), ("absent", 0, "paper")]
    entry = ModelLogEntry.objects.get(action="courses.attendance.record_paper")
    assert (entry.data["first"], entry.data["second"]) == (str(first), str(second))


def test_planted_differences_are_all_listed_and_nothing_is_recorded_before_each_is_decided(
    session: ClassSession, trainees: list[Enrollment], first: User, second: User
):
    typed(session, trainees, PRESENT, LATE, ABSENT, Mark(), by=first)
    sheet = typed(session, trainees, PRESENT, Mark("late", 31), PRESENT, ABSENT, by=second)
    differing = [line.enrollment for line in typed_lines(sheet) if not line.is_agreed]
    decided = {row.pk: Decision(ABSENT, "الورقة واضحة") for row in trainees[1:]}

    with pytest.raises(DifferencesUndecided):
        record_sheet(sheet_id=sheet.pk, decisions={}, by=first)
    with pytest.raises(ReasonMissing):
        record_sheet(sheet_id=sheet.pk, decisions=decided | {trainees[1].pk: Decision(LATE, " ")}, by=first)
    before = recorded(session)
    record_sheet(sheet_id=sheet.pk, decisions=decided, by=first)

    assert (set(differing), before) == (set(trainees[1:]), [])
    assert recorded(session) == [("present", 45, "paper"), *[("absent", 0, "paper")] * 3]
    reasons = AttendanceRecord.objects.order_by("enrollment_id").values_list("reason", flat=True)
    assert list(reasons) == ["", *["الورقة واضحة"] * 3]


def test_what_is_on_record_otherwise_is_a_difference_too(
    session: ClassSession, trainees: list[Enrollment], first: User, second: User
):
    record_attendance(
        session_id=session.pk,
        enrollment_id=trainees[0].pk,
        status=AttendanceStatus.LATE,
        minutes=20,
        source=AttendanceSource.QR,
    )

    typed(session, trainees, *[PRESENT] * 4, by=first)
    sheet = typed(session, trainees, *[PRESENT] * 4, by=second)
    by_code = Decision(Mark("late", 20), "سجّله الرمز")
    record_sheet(sheet_id=sheet.pk, decisions={trainees[0].pk: by_code}, by=second)

    assert recorded(session) == [("late", 20, "qr"), *[("present", 45, "paper")] * 3]


def test_one_person_does_not_type_a_sheet_twice(
    session: ClassSession, trainees: list[Enrollment], first: User, second: User
):
    sheet = typed(session, trainees, *[PRESENT] * 4, by=first)

    with pytest.raises(TypedByYourself):
        typed(session, trainees, *[PRESENT] * 4, by=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperSheet.objects.filter(pk=sheet.pk).update(second_by=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperSheet.objects.filter(pk=sheet.pk).update(state=PaperState.RECORDED)

    assert recorded(session) == []


def test_a_sheet_of_another_session_or_a_locked_one_is_refused(
    session: ClassSession, trainees: list[Enrollment], first: User
):
    other = ClassSessionFactory(cohort=session.cohort, starts_at=session.starts_at - dt.timedelta(days=7))

    with pytest.raises(SheetOfAnotherSession):
        type_sheet(session_id=session.pk, code=short_code(other.public_id), marks={}, by=first)
    lock_attendance(session_id=session.pk, by=first)
    with pytest.raises(AttendanceLocked):
        typed(session, trainees, *[PRESENT] * 4, by=first)

    assert not PaperSheet.objects.exists()


def test_a_discarded_typing_makes_room_for_the_right_paper(
    session: ClassSession, trainees: list[Enrollment], first: User, second: User
):
    sheet = typed(session, trainees, *[ABSENT] * 4, by=first)
    discard_sheet(sheet_id=sheet.pk, reason="ورقة الأسبوع الماضي", by=second)

    with pytest.raises(SheetNotOpen):
        discard_sheet(sheet_id=sheet.pk, reason="ثانية", by=second)
    again = typed(session, trainees, *[PRESENT] * 4, by=second)

    assert (again.state, recorded(session)) == (PaperState.TYPED, [])


def test_the_second_person_types_blind_and_decides_on_the_page(
    client: Client, session: ClassSession, trainees: list[Enrollment], first: User, second: User
):
    address = reverse("classsession:paper", args=[session.pk])
    code = {"code": short_code(session.public_id).lower(), "type": "1"}
    lines = {f"status-{row.pk}": "present" for row in trainees}
    last = trainees[-1].pk
    client.force_login(first)
    client.post(address, code | lines | {f"status-{last}": "absent"})
    own = client.get(address).content.decode()
    client.force_login(second)
    blind = client.get(address).content.decode()
    client.post(address, code | lines)
    differing = client.get(address).context["deciding"].lines()
    client.post(address, {"decide": "1", f"choice-{last}": "second", f"reason-{last}": "وقّع في الخانة"})

    assert f"status-{last}" not in own
    assert "checked" not in blind
    assert [line.line.enrollment.pk for line in differing] == [last]
    assert recorded(session) == [("present", 45, "paper")] * 4


def test_the_page_says_why_a_sheet_is_refused(client: Client, session: ClassSession, first: User):
    EnrollmentFactory(cohort=session.cohort)
    client.force_login(first)

    answer = client.post(reverse("classsession:paper", args=[session.pk]), {"code": "0000-0000", "type": "1"})

    assert answer.context["typing"].non_field_errors()
