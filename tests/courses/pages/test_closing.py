"""The pages that close and reopen a cohort."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import SiteNotice
from courses.enums import (
    AttendanceSource,
    AttendanceStatus,
    CohortState,
    EnrollmentState,
    SeatNoticeKind,
)
from courses.errors import AttendanceCorrected, AttendanceOfClosedCohort
from courses.models import Cohort, Eligibility, Enrollment, SeatNotice
from courses.services.attendance import record_attendance
from courses.services.closing import reopen_cohort
from courses.services.notices import send_seat_notices
from tests.factories.accounts import MembershipFactory, TraineeFactory, UserFactory
from tests.factories.courses import (
    ClassSessionFactory,
    EnrollmentFactory,
    closed,
    finish_units,
    taught_cohort,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort() -> Cohort:
    return taught_cohort(lessons=1)


@pytest.fixture
def manager(cohort: Cohort) -> Client:
    client = Client()
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user)
    return client


def states_in(cohort: Cohort) -> set[str]:
    cohort.refresh_from_db()
    return {cohort.state, *cohort.enrollments.values_list("state", flat=True)}


def address(verb: str, cohort: Cohort) -> str:
    return reverse(f"cohort:{verb}", args=[cohort.pk])


def test_the_form_of_the_cohort_closes_nothing(cohort: Cohort, manager: Client):
    EnrollmentFactory(cohort=cohort)
    facts = {"starts_on": cohort.starts_on, "ends_on": cohort.ends_on, "shift": cohort.shift, "seats": 15}
    facts |= {"entry": "open", "seats_reserved": 0, "late_entry_days": 0}

    manager.post(address("edit", cohort), facts | {"step": "close"})

    assert states_in(cohort) == {CohortState.OPEN, EnrollmentState.ACTIVE}


def test_the_page_lists_who_would_not_complete_and_why_before_it_asks(cohort: Cohort, manager: Client):
    idle, diligent = (EnrollmentFactory(cohort=cohort) for _ in range(2))
    finish_units(diligent)

    page = manager.get(address("close", cohort))

    text = page.content.decode()
    assert str(idle.person) in text
    assert "بقي درس مطلوب واحد" in text
    assert [row.enrollment for row in page.context["failing"]] == [idle]
    assert page.context["completed"] == 1


@pytest.mark.parametrize("left_out", ["reason", "is_confirmed"])
def test_without_a_reason_and_a_confirmation_nothing_is_closed(
    cohort: Cohort, manager: Client, left_out: str
):
    idle = EnrollmentFactory(cohort=cohort)
    facts = {"reason": "انتهى التدريب", "is_confirmed": "on", "failing": f"{idle.pk}"}

    answer = manager.post(address("close", cohort), {k: v for k, v in facts.items() if k != left_out})

    assert left_out in answer.context["form"].errors
    assert states_in(cohort) == {CohortState.OPEN, EnrollmentState.ACTIVE}


def test_a_confirmed_closing_closes_and_can_be_undone_from_the_page_of_the_cohort(
    cohort: Cohort, manager: Client
):
    idle = EnrollmentFactory(cohort=cohort)
    facts = {"reason": "انتهى التدريب", "is_confirmed": "on", "failing": f"{idle.pk}"}

    manager.post(address("close", cohort), facts)
    after_closing = states_in(cohort)
    page = manager.get(address("inspect", cohort)).content.decode()
    manager.post(address("reopen", cohort), {"reason": "أُغلقت خطأ"})

    assert after_closing == {CohortState.CLOSED, EnrollmentState.FAILED}
    assert address("reopen", cohort) in page
    assert states_in(cohort) == {CohortState.OPEN, EnrollmentState.ACTIVE}


def test_the_list_that_was_confirmed_is_the_list_that_ends(cohort: Cohort, manager: Client):
    shown = EnrollmentFactory(cohort=cohort)
    EnrollmentFactory(cohort=cohort)

    answer = manager.post(
        address("close", cohort), {"reason": "انتهى", "is_confirmed": "on", "failing": f"{shown.pk}"}
    )

    assert states_in(cohort) == {CohortState.OPEN, EnrollmentState.ACTIVE}
    # The page that comes back names both.
    assert len(answer.context["failing"]) == 2
    assert answer.context["form"]["failing"].value().count(",") == 1


@pytest.mark.parametrize("role", [RoleName.INSTRUCTOR, RoleName.REGISTRAR])
def test_staff_who_do_not_manage_cohorts_find_no_such_page(cohort: Cohort, role: RoleName):
    client = Client()
    client.force_login(MembershipFactory(role=role, center=cohort.center).user)

    assert client.get(address("close", cohort)).status_code == 404
    assert address("close", cohort) not in client.get(address("inspect", cohort)).content.decode()


def test_a_trainee_sees_the_program_end_and_go_on_again(cohort: Cohort, manager: Client):
    enrollment: Enrollment = EnrollmentFactory(cohort=cohort)
    trainee = Client()
    trainee.force_login(TraineeFactory(person=enrollment.person))
    learning = reverse("courses:my_learning")
    closed(cohort)

    after_closing = trainee.get(learning)
    manager.post(address("reopen", cohort), {"reason": "أُغلقت خطأ"})
    after_reopening = trainee.get(learning)

    assert (len(after_closing.context["cards"]), len(after_closing.context["past"])) == (0, 1)
    assert (len(after_reopening.context["cards"]), len(after_reopening.context["past"])) == (1, 0)


def test_sessions_that_were_not_held_are_named_and_led_to(cohort: Cohort, manager: Client):
    ClassSessionFactory(cohort=cohort, starts_at=timezone.now() + dt.timedelta(days=1))

    page = manager.get(address("close", cohort)).text

    assert f'href="{reverse("classsession:index")}?cohort={cohort.pk}"' in page


def test_sheets_that_are_not_locked_and_completions_in_doubt_are_named_before_the_closing(
    cohort: Cohort, manager: Client
):
    doubtful = EnrollmentFactory(cohort=cohort, state=EnrollmentState.COMPLETED, completed_at=timezone.now())
    Eligibility.objects.create(
        enrollment=doubtful, rule=cohort.completion_rule, met=False, evidence={}, evaluated_at=timezone.now()
    )
    ended = timezone.now() - dt.timedelta(hours=1)
    session = ClassSessionFactory(cohort=cohort, starts_at=ended - dt.timedelta(hours=2), ends_at=ended)

    page = manager.get(address("close", cohort)).content.decode()
    of_person = reverse("enrollment:inspect", args=[doubtful.pk])

    assert reverse("classsession:attendance", args=[session.pk]) in page
    assert of_person in page
    assert "هذا الإتمام موضع شك" in manager.get(of_person).content.decode()


def test_after_the_closing_a_sheet_that_was_not_locked_changes_with_a_reason_only(cohort: Cohort):
    ended = timezone.now() - dt.timedelta(hours=1)
    session = ClassSessionFactory(cohort=cohort, starts_at=ended - dt.timedelta(hours=2), ends_at=ended)
    enrollment = EnrollmentFactory(cohort=cohort)
    teacher = MembershipFactory(role=RoleName.INSTRUCTOR, center=cohort.center).user
    marks = {"session_id": session.pk, "enrollment_id": enrollment.pk, "source": AttendanceSource.INSTRUCTOR}
    record_attendance(**marks, status=AttendanceStatus.ABSENT, minutes=0, by=teacher)
    Enrollment.objects.filter(pk=enrollment.pk).update(
        state=EnrollmentState.COMPLETED, completed_at=timezone.now()
    )
    closed(cohort)
    client = Client()
    client.force_login(teacher)
    sheet = reverse("classsession:attendance", args=[session.pk])
    typed = {f"status-{enrollment.pk}": "present", f"minutes-{enrollment.pk}": "120"}

    client.post(sheet, typed)
    without_reason = enrollment.attendance.get(is_current=True).status
    client.post(sheet, typed | {"reason": "كان حاضرًا"})

    assert without_reason == AttendanceStatus.ABSENT
    amended = enrollment.attendance.get(is_current=True)
    assert (amended.status, amended.reason) == (AttendanceStatus.PRESENT, "كان حاضرًا")
    with pytest.raises(AttendanceOfClosedCohort):
        record_attendance(**marks, status=AttendanceStatus.ABSENT, minutes=0, by=teacher)


def test_a_mark_corrected_after_the_closing_keeps_asking_for_a_reason_when_the_cohort_is_reopened(
    cohort: Cohort,
):
    ended = timezone.now() - dt.timedelta(hours=1)
    session = ClassSessionFactory(cohort=cohort, starts_at=ended - dt.timedelta(hours=2), ends_at=ended)
    corrected, other = (EnrollmentFactory(cohort=cohort) for _ in range(2))
    teacher = MembershipFactory(role=RoleName.INSTRUCTOR, center=cohort.center).user
    marks = {"session_id": session.pk, "source": AttendanceSource.INSTRUCTOR, "by": teacher}
    absent = {"status": AttendanceStatus.ABSENT, "minutes": 0}
    for one in (corrected, other):
        record_attendance(enrollment_id=one.pk, **marks, **absent)
    Enrollment.objects.update(state=EnrollmentState.COMPLETED, completed_at=timezone.now())
    closed(cohort)
    client = Client()
    client.force_login(teacher)
    sheet = reverse("classsession:attendance", args=[session.pk])
    client.post(sheet, {f"status-{corrected.pk}": "present", "reason": "كان حاضرًا"})
    reopen_cohort(cohort_id=cohort.pk, reason="بقيت حصة", by=teacher)
    typed = {f"status-{corrected.pk}": "absent", f"status-{other.pk}": "present"}

    refused = client.post(sheet, typed)
    kept = [one.attendance.get(is_current=True).status for one in (corrected, other)]
    client.post(sheet, typed | {"reason": "غادر قبل البداية"})

    assert refused.context["sheet"].errors["reason"]
    assert "كان حاضرًا" in refused.text
    assert kept == [AttendanceStatus.PRESENT, AttendanceStatus.ABSENT]
    reasons = [one.attendance.get(is_current=True).reason for one in (corrected, other)]
    assert reasons == ["غادر قبل البداية", ""]
    with pytest.raises(AttendanceCorrected):
        record_attendance(enrollment_id=corrected.pk, **marks, status=AttendanceStatus.PRESENT, minutes=9)


def test_the_form_of_the_cohort_links_to_its_closing_and_explains_it(cohort: Cohort, manager: Client):
    page = manager.get(address("edit", cohort)).text

    assert address("close", cohort) in page
    assert f"{cohort.code} · {cohort.program.title} · {cohort.get_state_display()}" in page


def test_trainees_who_did_not_complete_are_told_of_the_closing_and_of_the_reopening(cohort: Cohort):
    idle, diligent = (EnrollmentFactory(cohort=cohort) for _ in range(2))
    finish_units(diligent)

    closed(cohort)
    send_seat_notices()
    reopen_cohort(cohort_id=cohort.pk, reason="أُغلقت بالخطأ", by=UserFactory())
    send_seat_notices()

    assert list(SeatNotice.objects.values_list("person", "kind")) == [
        (idle.person_id, SeatNoticeKind.CLOSED),
        (idle.person_id, SeatNoticeKind.REOPENED),
    ]
    read = [str(row) for row in SiteNotice.objects.filter(person=idle.person).order_by("pk").values()]
    assert "أُغلقت المجموعة" in read[0]
    assert "مستمرة وأنت معها" in read[1]
