"""The page that says what a person would get, and why."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center
from certificates.enums import BlockingReason
from certificates.services.outlook import Outlook, Supposed, outlook_of
from courses.clauses import Clauses, Practice, Score
from courses.enums import AttendanceStatus, EnrollmentState
from courses.models import Eligibility, Enrollment
from courses.queries.facts import further_facts
from courses.services.completion import set_completion_rule
from courses.services.enrollments import enroll
from tests.factories.accounts import CenterFactory, PersonFactory, UserFactory, staff_member
from tests.factories.certificates import credential_type
from tests.factories.courses import attend, corrected_facts, finish_units, taught_cohort


@pytest.fixture
def enrollment(center: Center) -> Enrollment:
    """Somebody who did every unit and attended one class of 45 minutes; the rule asks for attendance and no score."""
    cohort = taught_cohort(center=center, lessons=1, attendance=75)
    seat = enroll(person_id=PersonFactory(registered_at=center).pk, cohort_id=cohort.pk, by=UserFactory())
    attend(seat, AttendanceStatus.ABSENT)
    finish_units(seat)
    return Enrollment.objects.get(pk=seat.pk)


def outlook(enrollment: Enrollment, **supposed: int) -> Outlook:
    rule = enrollment.cohort.completion_rule
    return outlook_of(enrollment, rule=rule, supposed=Supposed(**supposed))


def obstacles(found: Outlook, code: str) -> list[tuple[BlockingReason, str]]:
    return next(one.obstacles for one in found.certificates if one.type.code == code)


def test_it_says_what_stands_in_the_way_and_what_would_not(enrollment: Enrollment):
    credential_type("completion")
    evaluations = Eligibility.objects.count()

    now, attended = outlook(enrollment), outlook(enrollment, attendance=80)

    assert obstacles(now, "completion") == [(BlockingReason.NOT_COMPLETED, "")]
    assert (now.completes, attended.completes) == (False, True)
    assert obstacles(attended, "completion") == []
    enrollment.refresh_from_db()
    assert (enrollment.state, Eligibility.objects.count()) == ("active", evaluations)


def test_rules_of_issuing_ask_for_hours_and_practice_too(enrollment: Enrollment):
    asks = Clauses(attendance=80, hours=2, score=Score(50), practice=Practice(percent=60))
    credential_type("completion", asks=asks, completed=False)
    corrected_facts(enrollment.cohort, **further_facts())

    now = dict(obstacles(outlook(enrollment), "completion"))
    then = obstacles(outlook(enrollment, attendance=80, hours=2, score=50, practice=60), "completion")

    assert now == {
        BlockingReason.ATTENDANCE: "0 / 80 %",
        BlockingReason.HOURS: "0 / 2",
        BlockingReason.SCORE: "– / 50 %",
        BlockingReason.PRACTICE: "– / 60 %",
    }
    assert then == []


def test_staff_try_another_version_of_the_rule(client: Client, center: Center, enrollment: Enrollment):
    credential_type("completion")
    easier = set_completion_rule(
        program_id=enrollment.cohort.program_id, by=UserFactory(), asks=Clauses(units=True)
    )
    client.force_login(staff_member(RoleName.CENTER_MANAGER, center))
    page = reverse("outlook", args=[enrollment.pk])

    linked = client.get(reverse("enrollment:inspect", args=[enrollment.pk])).content.decode()
    now, other = client.get(page), client.get(page, {"rule": easier.pk})

    assert page in linked
    assert [response.context["outlook"].completes for response in (now, other)] == [False, True]
    assert enrollment.person.full_name_ar in now.content.decode()


def test_staff_of_another_center_find_no_page(client: Client, enrollment: Enrollment):
    client.force_login(staff_member(RoleName.CENTER_MANAGER, CenterFactory()))

    assert client.get(reverse("outlook", args=[enrollment.pk])).status_code == 404


def test_who_completed_with_records_that_changed_since_is_not_proposed(enrollment: Enrollment):
    credential_type("completion")
    Enrollment.objects.filter(pk=enrollment.pk).update(
        state=EnrollmentState.COMPLETED, completed_at=timezone.now()
    )
    completed = Enrollment.objects.select_related("cohort__completion_rule").get(pk=enrollment.pk)

    assert obstacles(outlook(completed), "completion") == [(BlockingReason.IN_DOUBT, "")]
