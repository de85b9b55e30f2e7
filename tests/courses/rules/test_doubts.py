"""Completions that the records no longer support: what was changed, and who decides about it."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from courses.enums import AttendanceStatus, EnrollmentState
from courses.errors import DoubtOfOwnDoing, NotInDoubt, ReasonMissing
from courses.models import ConfirmedCompletion, Enrollment
from courses.queries.doubts import completions_in_doubt
from courses.services.attendance import amend_attendance
from courses.services.completion import complete_if_eligible, confirm_completion
from courses.services.marks import correct_score
from courses.services.progress import record_score
from tests.factories.accounts import UserFactory, staff_member
from tests.factories.courses import EnrollmentFactory, attend, finish_units, taught_cohort

HOME = "wagtailadmin_home"


@pytest.fixture
def assessor(center: Center) -> User:
    return staff_member(RoleName.ASSESSOR, center)


@pytest.fixture
def officer(center: Center) -> User:
    return staff_member(RoleName.CERTIFYING_OFFICER, center)


def completed(center: Center) -> Enrollment:
    """By a score of 90 and by one class."""
    cohort = taught_cohort(lessons=1, score=60, attendance=50, center=center)
    enrollment = EnrollmentFactory(cohort=cohort)
    attend(enrollment, AttendanceStatus.PRESENT)
    (unit,) = cohort.content_version.units
    record_score(enrollment_id=enrollment.pk, unit_key=UUID(unit["unit"]), score=Decimal(90), passed=True)
    return enrollment


def correct(enrollment: Enrollment, score: int, by: User) -> None:
    correct_score(
        enrollment_id=enrollment.pk,
        unit_key=enrollment.progress.get().unit_key,
        score=Decimal(score),
        passed=score >= 60,
        reason="ورقة شخص آخر",
        by=by,
    )


@pytest.fixture
def doubtful(center: Center, assessor: User) -> Enrollment:
    enrollment = completed(center)
    correct(enrollment, 30, assessor)
    return enrollment


def confirm(enrollment: Enrollment, by: User, reason: str = "الورقة الأصلية عُرضت عليّ") -> ConfirmedCompletion:
    return confirm_completion(enrollment_id=enrollment.pk, reason=reason, by=by)


def test_the_list_says_what_was_changed_by_whom_and_why_and_leads_to_the_decision(
    client: Client, doubtful: Enrollment, assessor: User, officer: User
):
    record = doubtful.attendance.get()
    amend_attendance(
        record_id=record.pk, status=AttendanceStatus.ABSENT, minutes=0, by=assessor, reason="لم يكن في القاعة"
    )
    client.force_login(officer)

    decide = reverse("enrollment:confirm", args=[doubtful.pk])

    home = client.get(reverse(HOME)).text
    page = client.get(decide).text
    shown = (
        "90%",
        "30%",
        "ورقة شخص آخر",
        str(assessor),
        record.session.title,
        "لم يكن في القاعة",
        reverse("outlook", args=[doubtful.pk]),
    )
    assert f'href="{decide}"' in home
    assert [text for text in shown if text not in page] == []


def test_the_pages_say_who_corrects_the_record_that_was_changed_and_where(
    client: Client, center: Center, officer: User
):
    enrollment = completed(center)
    record = enrollment.attendance.get()
    amend_attendance(
        record_id=record.pk,
        status=AttendanceStatus.ABSENT,
        minutes=0,
        by=UserFactory(),
        reason="لم يكن في القاعة",
    )
    client.force_login(officer)

    pages = [
        client.get(reverse(f"enrollment:{name}", args=[enrollment.pk])).text
        for name in ("confirm", "inspect")
    ]

    sheet = reverse("classsession:attendance", args=[record.session_id])
    remedy = f'<a href="{sheet}">الحضور: {record.session.title}</a>: '
    assert [remedy in page for page in pages] == [True, True]
    assert not any("المقيّم" in page.split(remedy)[1][:200] for page in pages)


def test_the_page_lists_every_change_since_the_completion_and_the_figures_that_are_not_met(
    client: Client, center: Center, officer: User
):
    enrollment = EnrollmentFactory(cohort=taught_cohort(attendance=75, center=center))
    finish_units(enrollment)
    over = timezone.now() - dt.timedelta(days=1)
    records = [
        attend(enrollment, AttendanceStatus.PRESENT, starts_at=over - dt.timedelta(days=day))
        for day in range(8)
    ]
    complete_if_eligible(enrollment_id=enrollment.pk)
    for number, record in enumerate(records[:3]):
        amend_attendance(
            record_id=record.pk,
            status=AttendanceStatus.ABSENT,
            minutes=0,
            by=UserFactory(),
            reason=f"سبب {number}",
        )
    client.force_login(officer)

    page = client.get(reverse("enrollment:confirm", args=[enrollment.pk]))

    assert [change.reason for change in page.context["doubt"].changes] == ["سبب 2", "سبب 1", "سبب 0"]
    assert [sentence for sentence in page.context["not_met"] if "62%" in sentence and "75%" in sentence]


def test_a_completion_that_stays_leaves_the_list_until_something_is_changed_again(
    client: Client, doubtful: Enrollment, assessor: User, officer: User
):
    client.force_login(officer)

    client.post(reverse("enrollment:confirm", args=[doubtful.pk]), {"reason": "الورقة الأصلية عُرضت عليّ"})
    after = list(completions_in_doubt(officer))
    correct(doubtful, 20, assessor)

    doubtful.refresh_from_db()
    assert doubtful.state == EnrollmentState.COMPLETED
    assert (after, list(completions_in_doubt(officer))) == ([], [doubtful])
    kept = ConfirmedCompletion.objects.get()
    assert (kept.by, kept.reason) == (officer, "الورقة الأصلية عُرضت عليّ")


def test_who_made_the_change_or_taught_the_cohort_does_not_decide(
    doubtful: Enrollment, assessor: User, officer: User
):
    teacher = UserFactory()
    doubtful.cohort.instructors.add(teacher)

    for by in (assessor, teacher):
        with pytest.raises(DoubtOfOwnDoing):
            confirm(doubtful, by)

    assert list(completions_in_doubt(officer)) == [doubtful]


def test_only_a_completion_in_doubt_is_confirmed_and_with_a_reason(
    center: Center, doubtful: Enrollment, officer: User
):
    with pytest.raises(ReasonMissing):
        confirm(doubtful, officer, reason=" ")
    with pytest.raises(NotInDoubt):
        confirm(completed(center), officer)

    confirm(doubtful, officer)

    with pytest.raises(NotInDoubt):
        confirm(doubtful, officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConfirmedCompletion.objects.update(reason="b")
