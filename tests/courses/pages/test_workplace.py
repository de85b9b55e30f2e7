"""Teaching in the staff workplace: every write is a service's, every row inside the fence."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import MembershipScope, RoleName
from accounts.models import Center, User
from courses.clauses import Clauses, Score
from courses.enums import AttendanceSource, AttendanceStatus, CohortState, EnrollmentState
from courses.models import AttendanceRecord, ClassSession, Cohort, CompletionRule, Enrollment, Venue
from courses.services.attendance import amend_attendance, lock_attendance, record_attendance
from courses.services.enrollments import enroll, withdraw
from tests.courses.pages.conftest import School
from tests.factories.accounts import CenterFactory, MembershipFactory, PersonFactory, UserFactory
from tests.factories.courses import ClassSessionFactory, CohortFactory, EnrollmentFactory, ProgramPageFactory


@pytest.fixture
def session(center: Center) -> ClassSession:
    cohort = CohortFactory(center=center)
    for _ in range(2):
        EnrollmentFactory(cohort=cohort, person__registered_at=center)
    return ClassSessionFactory(cohort=cohort)


def sheet_of(session: ClassSession) -> str:
    return reverse("classsession:attendance", args=[session.pk])


def marks(session: ClassSession, *statuses: str, **more: Any) -> dict[str, Any]:
    """A posted sheet: one status a trainee, in the order of the sheet."""
    trainees = list(session.cohort.enrollments.all())
    return {
        **{f"status-{row.pk}": status for row, status in zip(trainees, statuses, strict=False)},
        **more,
    }


def current(session: ClassSession) -> list[tuple[str, int]]:
    rows = AttendanceRecord.objects.filter(session=session, is_current=True)
    return list(rows.order_by("enrollment__person__folded_name").values_list("status", "minutes"))


def timetable(cohort: Cohort, **facts: Any) -> dict[str, Any]:
    return {
        "cohort": cohort.pk,
        "kind": "class",
        "title": "حصة",
        "starts_at": f"{cohort.ends_on}T10:00",
        "ends_at": f"{cohort.ends_on}T12:00",
        **facts,
    }


def test_a_manager_opens_a_cohort_pinned_to_todays_lessons(
    manager_client: Client, center: Center, school: School
):
    answer = manager_client.post(
        reverse("cohort:add"),
        {
            "program": school.program.pk,
            "center": center.pk,
            "code": "NEW-1",
            "starts_on": "2026-12-01",
            "ends_on": "2026-12-31",
            "shift": "morning",
            "seats": "15",
            "entry": "open",
            "seats_reserved": "0",
            "late_entry_days": "0",
        },
    )

    cohort = Cohort.objects.get(code="NEW-1")
    assert answer.url == reverse("cohort:index")
    assert (cohort.state, len(cohort.content_version.units)) == (CohortState.OPEN, 2)


def test_a_cohort_that_the_service_refuses_is_refused_in_the_form(
    manager_client: Client, center: Center, school: School
):
    CompletionRule.objects.filter(cohorts__isnull=True).delete()
    program = ProgramPageFactory(parent=school.program.get_parent())

    answer = manager_client.post(
        reverse("cohort:add"),
        {
            "program": program.pk,
            "center": center.pk,
            "code": "NEW-1",
            "starts_on": "2026-12-01",
            "ends_on": "2026-12-31",
            "shift": "morning",
            "seats": "15",
            "entry": "open",
            "seats_reserved": "0",
            "late_entry_days": "0",
        },
    )

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert not Cohort.objects.filter(code="NEW-1").exists()


def test_a_clerk_enrolls_only_people_of_the_center(client: Client, center: Center, other_center: Center):
    client.force_login(MembershipFactory(role=RoleName.REGISTRAR, center=center).user)
    cohort = CohortFactory(center=center)
    own, foreign = PersonFactory(registered_at=center), PersonFactory(registered_at=other_center)

    client.post(reverse("enrollment:add"), {"person": own.pk, "cohort": cohort.pk})
    refused = client.post(reverse("enrollment:add"), {"person": foreign.pk, "cohort": cohort.pk})

    assert [row.person for row in Enrollment.objects.all()] == [own]
    assert refused.context["form"].errors["person"]


def test_who_was_withdrawn_by_mistake_is_enrolled_again(client: Client, center: Center):
    clerk = MembershipFactory(role=RoleName.REGISTRAR, center=center).user
    client.force_login(clerk)
    cohort, person = CohortFactory(center=center), PersonFactory(registered_at=center)
    seat = enroll(person_id=person.pk, cohort_id=cohort.pk, by=clerk)
    withdraw(enrollment_id=seat.pk, reason="خطأ في الاسم", by=clerk)

    client.post(reverse("enrollment:add"), {"person": person.pk, "cohort": cohort.pk})

    seat.refresh_from_db()
    assert seat.state == EnrollmentState.ACTIVE


def test_a_full_cohort_is_refused_in_the_form(manager_client: Client, center: Center):
    cohort = CohortFactory(center=center, seats=1)
    enroll(person_id=PersonFactory(registered_at=center).pk, cohort_id=cohort.pk, by=UserFactory())

    answer = manager_client.post(
        reverse("enrollment:add"), {"person": PersonFactory(registered_at=center).pk, "cohort": cohort.pk}
    )

    assert answer.context["form"].non_field_errors()
    assert Enrollment.objects.count() == 1


def test_people_are_found_in_any_spelling_when_enrolling(manager_client: Client, center: Center):
    PersonFactory(registered_at=center, full_name_ar="أحمد", folded_name="احمد")
    PersonFactory(registered_at=center, full_name_ar="منى", folded_name="مني")

    page = manager_client.get(reverse("person_chooser:choose_results"), {"q": "أحمد"}).content.decode()

    assert "أحمد" in page
    assert "منى" not in page


def test_namesakes_are_distinguished_by_year_of_birth_and_center(manager_client: Client, center: Center):
    for year in (1990, 2004):
        PersonFactory(registered_at=center, full_name_ar="منى", birth_date=dt.date(year, 5, 17))

    page = manager_client.get(reverse("person_chooser:choose_results")).text

    assert all(told in page for told in ("1990", "2004", str(center)))
    assert "مايو" not in page


def test_a_withdrawal_gives_its_reason_and_the_seat_back(manager_client: Client, center: Center):
    cohort = CohortFactory(center=center)
    enrollment = enroll(
        person_id=PersonFactory(registered_at=center).pk, cohort_id=cohort.pk, by=UserFactory()
    )

    manager_client.post(
        reverse("enrollment:edit", args=[enrollment.pk]), {"withdrawn_for": "distance", "reason": "سفر"}
    )

    enrollment.refresh_from_db()
    cohort.refresh_from_db()
    assert (enrollment.state, cohort.seats_taken) == (EnrollmentState.WITHDRAWN, 0)


@pytest.mark.parametrize("taken", ["venue", "instructor"])
def test_a_double_booking_is_refused_with_its_reason(manager_client: Client, center: Center, taken: str):
    cohort = CohortFactory(center=center)
    booked = {
        "venue": Venue.objects.create(center=center, name="ورشة"),
        "instructor": MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user,
    }[taken]
    manager_client.post(reverse("classsession:add"), timetable(cohort, **{taken: booked.pk}))

    answer = manager_client.post(
        reverse("classsession:add"),
        timetable(
            cohort,
            starts_at=f"{cohort.ends_on}T11:00",
            ends_at=f"{cohort.ends_on}T13:00",
            **{taken: booked.pk},
        ),
    )

    assert answer.context["form"].non_field_errors()
    assert ClassSession.objects.count() == 1


def test_a_session_is_moved_until_its_attendance_is_locked(
    manager_client: Client, manager: User, session: ClassSession
):
    url = reverse("classsession:edit", args=[session.pk])
    manager_client.post(url, timetable(session.cohort, title="نُقلت"))
    session.refresh_from_db()
    moved = session.title
    ClassSession.objects.filter(pk=session.pk).update(
        starts_at=timezone.now() - dt.timedelta(hours=2), ends_at=timezone.now() - dt.timedelta(hours=1)
    )
    lock_attendance(session_id=session.pk, by=manager)

    refused = manager_client.post(url, timetable(session.cohort, title="متأخر"))

    session.refresh_from_db()
    assert (moved, session.title) == ("نُقلت", "نُقلت")
    assert refused.context["form"].non_field_errors()


def test_a_sheet_records_each_trainee(manager_client: Client, session: ClassSession):
    first = session.cohort.enrollments.first()

    manager_client.post(sheet_of(session), marks(session, "late", "absent", **{f"minutes-{first.pk}": "30"}))

    assert current(session) == [("late", 30), ("absent", 0)]


def test_a_full_class_is_marked_in_one_go(manager_client: Client, session: ClassSession):
    manager_client.post(sheet_of(session), marks(session, "absent", rest_present="1"))

    assert current(session) == [("absent", 0), ("present", 45)]


def test_a_sheet_is_saved_whole_or_not_at_all(manager_client: Client, session: ClassSession):
    ClassSession.objects.filter(pk=session.pk).update(
        starts_at=timezone.now() + dt.timedelta(hours=1), ends_at=timezone.now() + dt.timedelta(hours=2)
    )

    answer = manager_client.post(sheet_of(session), marks(session, "present", "present"))

    assert answer.context["sheet"].non_field_errors()
    assert current(session) == []


@pytest.mark.parametrize("minutes", ["46", "-1", "x", "²", "1e309"])
def test_minutes_that_cannot_be_are_refused(manager_client: Client, session: ClassSession, minutes: str):
    first = session.cohort.enrollments.first()

    answer = manager_client.post(
        sheet_of(session), marks(session, "late", **{f"minutes-{first.pk}": minutes})
    )

    assert answer.status_code == 200
    assert current(session) == []


def test_a_locked_sheet_takes_changes_with_a_reason_only(
    manager_client: Client, manager: User, session: ClassSession
):
    manager_client.post(sheet_of(session), marks(session, "absent", "present", lock="1"))
    without = manager_client.post(sheet_of(session), marks(session, "present", "present"))
    before = current(session)

    manager_client.post(sheet_of(session), marks(session, "present", "present", reason="خطأ في النقل"))

    assert without.context["sheet"].errors["reason"]
    assert before == [("absent", 0), ("present", 45)]
    assert current(session) == [("present", 45), ("present", 45)]
    assert AttendanceRecord.objects.filter(is_current=False).count() == 1


def test_the_sheet_of_another_center_is_missing(manager_client: Client):
    foreign = ClassSessionFactory(cohort__center=CenterFactory())

    assert manager_client.get(sheet_of(foreign)).status_code == 404
    assert manager_client.post(sheet_of(foreign), {}).status_code == 404


def test_the_ministry_writes_the_next_rule_and_a_center_cannot(
    client: Client, manager_client: Client, school: School
):
    officer = MembershipFactory(role=RoleName.MINISTRY_OFFICER, scope="ministry", center=None).user
    client.force_login(officer)
    address = f"{reverse('completionrule:add')}?program={school.program.pk}"
    rule = {"attendance": "80", "hours": "0", "score": "50", "attempts": "best", "practice": "0"}

    refused = manager_client.post(address, rule)
    client.post(address, rule)

    newest = school.program.completion_rules.first()
    assert refused.status_code == 404
    assert (newest.version, newest.asks) == (2, Clauses(attendance=80, score=Score(50)))


def test_the_dashboard_opens_with_the_centers_own_day(
    manager_client: Client, center: Center, session: ClassSession
):
    # It begins now: an hour ago may have been yesterday.
    now = timezone.now()
    ClassSession.objects.filter(pk=session.pk).update(
        title="حصة اليوم", starts_at=now, ends_at=now + dt.timedelta(hours=1)
    )
    ClassSessionFactory(cohort__center=CenterFactory(), title="حصة غيرنا")

    page = manager_client.get(reverse("wagtailadmin_home")).content.decode()

    assert "حصة اليوم" in page
    assert session.cohort.code in page
    assert "حصة غيرنا" not in page


def test_a_sheet_names_its_session_and_offers_its_lock_once_it_is_over(
    manager_client: Client, session: ClassSession
):
    over = manager_client.get(sheet_of(session)).text
    session.ends_at = timezone.now() + dt.timedelta(minutes=5)
    session.save()
    running = manager_client.get(sheet_of(session)).text

    assert session.title in over
    assert ['name="lock"' in page for page in (over, running)] == [True, False]


def test_a_sheet_is_not_locked_over_a_trainee_without_a_mark(manager_client: Client, session: ClassSession):
    someone = session.cohort.enrollments.first()

    refused = manager_client.post(sheet_of(session), {"lock": "1"})
    left = ClassSession.objects.get(pk=session.pk).locked_at
    manager_client.post(sheet_of(session), {"lock": "rest_absent"})

    assert str(someone.person) in refused.context["sheet"].non_field_errors()[0]
    assert left is None
    assert ClassSession.objects.get(pk=session.pk).locked_at
    assert set(session.attendance.values_list("status", flat=True)) == {AttendanceStatus.ABSENT}


def test_absence_of_a_status_is_no_record(manager_client: Client, session: ClassSession):
    manager_client.post(sheet_of(session), marks(session, AttendanceStatus.EXCUSED))

    assert current(session) == [("excused", 0)]


def test_an_auditor_reads_every_sheet_and_writes_into_none(client: Client, session: ClassSession):
    auditor = MembershipFactory(role=RoleName.AUDITOR, scope=MembershipScope.MINISTRY, center=None).user
    client.force_login(auditor)

    page = client.get(sheet_of(session)).content.decode()
    answer = client.post(sheet_of(session), marks(session, "present", "present"))

    assert 'fieldset class="sheet__read" disabled' in page
    assert 'name="rest_present"' not in page
    assert "هذا الكشف للاطلاع" in page
    assert answer.status_code == 404
    assert current(session) == []


def test_a_sheet_of_another_center_is_missing_for_its_reader(
    client: Client, session: ClassSession, other_center: Center
):
    client.force_login(MembershipFactory(role=RoleName.ASSESSOR, center=other_center).user)

    assert client.get(sheet_of(session)).status_code == 404


def test_an_amended_mark_and_its_reason_are_in_the_trail_of_the_sheet_and_of_the_cohort(
    client: Client, manager: User, session: ClassSession
):
    enrollment = session.cohort.enrollments.first()
    facts = {"status": AttendanceStatus.PRESENT, "minutes": 45, "by": manager}
    record = record_attendance(
        session_id=session.pk, enrollment_id=enrollment.pk, source=AttendanceSource.INSTRUCTOR, **facts
    )
    amend_attendance(
        record_id=record.pk, status=AttendanceStatus.ABSENT, minutes=0, by=manager, reason="left at once"
    )
    client.force_login(
        MembershipFactory(role=RoleName.AUDITOR, scope=MembershipScope.MINISTRY, center=None).user
    )

    pages = [
        client.get(address).content.decode()
        for address in (
            sheet_of(session),
            reverse("cohort:inspect", args=[session.cohort.pk]),
            reverse("person:inspect", args=[enrollment.person.pk]),
        )
    ]

    assert ["left at once" in page.partition("trail-heading")[2] for page in pages] == [True] * 3


def test_a_row_of_attendance_leads_to_its_sheet_and_person(
    client: Client, manager: User, session: ClassSession
):
    enrollment = session.cohort.enrollments.first()
    record_attendance(
        session_id=session.pk,
        enrollment_id=enrollment.pk,
        status=AttendanceStatus.PRESENT,
        minutes=45,
        source=AttendanceSource.INSTRUCTOR,
        by=manager,
    )
    client.force_login(
        MembershipFactory(role=RoleName.AUDITOR, scope=MembershipScope.MINISTRY, center=None).user
    )

    entries = client.get(reverse("audit:index"), {"what": "courses.attendance.record"}).context["object_list"]

    assert [(entry.trail_item.row_url, entry.trail_item.person) for entry in entries] == [
        (reverse("classsession:inspect", args=[session.pk]), str(enrollment.person))
    ]


def test_the_page_of_a_session_shows_the_hours_of_the_ministry(client: Client, superuser: User):
    begins = dt.datetime(2026, 11, 28, 16, 47, tzinfo=dt.UTC)
    session = ClassSessionFactory(starts_at=begins, ends_at=begins + dt.timedelta(hours=1))
    client.force_login(superuser)

    page = client.get(reverse("classsession:inspect", args=[session.pk])).content.decode()

    assert "6:47 م" in page
    assert "4:47 م" not in page
