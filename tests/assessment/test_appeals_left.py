"""Appeals that no one at their center may answer: its manager reads them without whose they are, and whom to appoint."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center, Membership, User
from accounts.scoping.work import kinds_of_work
from assessment.models import Appeal
from assessment.queries.marker_access import may_read_as_marker
from assessment.queries.without_assessor import appeals_to_pass_on, colleagues_to_appoint
from assessment.services.attempts import submit_attempt
from assessment.services.marks import Given, give_mark
from tests.factories.accounts import CenterFactory, MembershipFactory, UserFactory, deputy_for, staff_member
from tests.factories.appeals import WHY_WRONG, appealed, left_for_days
from tests.factories.marking import (
    ESSAY,
    FILES_WORST,
    SIX,
    attempt_with_files,
    essay_cohort,
    marked,
    marker,
    task_of,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def center() -> Center:
    row: Center = CenterFactory()
    return row


def left_by_its_marker(center: Center) -> tuple[Appeal, User]:
    """An appeal against the mark of the only assessor of a center, who may not answer it."""
    only = marker(center)
    attempt = written(essay_cohort(center))
    marked(task_of(attempt), only, SIX)
    attempt.refresh_from_db()
    return appealed(attempt), only


def test_the_manager_reads_the_appeal_without_whose_it_is(client: Client, center: Center):
    appeal, only = left_by_its_marker(center)
    enrollment = appeal.attempt.enrollment
    client.force_login(staff_member(RoleName.CENTER_MANAGER, center))

    home = client.get(reverse("wagtailadmin_home"))
    several = client.get(reverse("marking_appeals_left"))
    page = client.get(reverse("marking_appeal_left", args=[appeal.pk]))

    assert reverse("marking_appeals_left") in home.text
    assert reverse("marking_appeal_left", args=[appeal.pk]) in several.text
    assert WHY_WRONG in page.text
    assert ESSAY.splitlines()[0] in page.text
    for text in (several.text, page.text):
        assert str(enrollment.person) not in text
        assert enrollment.cohort.code not in text
        assert reverse("enrollment:inspect", args=[enrollment.pk]) not in text
        assert str(only) not in text


def test_the_manager_is_led_to_the_form_of_the_role_with_role_and_center_chosen(
    client: Client, center: Center
):
    appeal, _only = left_by_its_marker(center)
    client.force_login(staff_member(RoleName.CENTER_MANAGER, center))

    page = client.get(reverse("marking_appeal_left", args=[appeal.pk]))

    chosen = f"?role=assessor&amp;center={center.pk}"
    assert reverse("membership:add") + chosen in page.text
    assert reverse("role_offers:add") + chosen in page.text


def test_colleagues_to_appoint_neither_marked_nor_taught_nor_have_a_role_that_conflicts(center: Center):
    appeal, only = left_by_its_marker(center)
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    free = staff_member(RoleName.REGISTRAR, center)
    teacher = staff_member(RoleName.REGISTRAR, center)
    appeal.attempt.enrollment.cohort.instructors.add(teacher)
    instructor = staff_member(RoleName.INSTRUCTOR, center)
    stand_in = staff_member(RoleName.REGISTRAR, center)
    deputy_for(Membership.objects.get(user=only), user=stand_in)
    closed = staff_member(RoleName.REGISTRAR, center)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    trainee = UserFactory()
    MembershipFactory(user=trainee, role=RoleName.TRAINEE, center=center)
    staff_member(RoleName.REGISTRAR, CenterFactory())

    found = colleagues_to_appoint(appeal, by=manager)

    assert instructor not in found
    assert found == [free]


def test_an_appeal_that_somebody_may_answer_is_not_the_managers_to_read(client: Client, center: Center):
    appeal, _only = left_by_its_marker(center)
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    client.force_login(manager)
    address = reverse("marking_appeal_left", args=[appeal.pk])
    before = client.get(address).status_code

    marker(center)

    assert (before, client.get(address).status_code) == (200, 404)
    assert not appeals_to_pass_on(manager).exists()


def test_the_manager_of_another_center_and_an_assessor_read_none(client: Client, center: Center):
    appeal, only = left_by_its_marker(center)
    address = reverse("marking_appeal_left", args=[appeal.pk])

    statuses = []
    for user in (staff_member(RoleName.CENTER_MANAGER, CenterFactory()), only):
        client.force_login(user)
        statuses.append(client.get(address).status_code)

    assert statuses == [404, 404]


def test_ones_own_appeal_is_not_read_blind(center: Center):
    appeal, _only = left_by_its_marker(center)
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    person = appeal.attempt.enrollment.person
    User.objects.filter(person=person).update(person=None)
    User.objects.filter(pk=manager.pk).update(person=person)

    assert not appeals_to_pass_on(User.objects.get(pk=manager.pk)).exists()


def test_files_of_the_answer_are_read_with_the_appeal_and_no_longer(center: Center):
    trainee, attempt, file = attempt_with_files(center)
    submit_attempt(attempt_id=attempt.pk, responses={0: [str(file.public_id)]}, by=trainee)
    only = marker(center)
    give_mark(task_id=task_of(attempt).pk, given=Given(levels=FILES_WORST), by=only)
    attempt.refresh_from_db()
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    before = may_read_as_marker(manager, file)
    appealed(attempt)
    meanwhile = may_read_as_marker(manager, file)

    marker(center)

    assert (before, meanwhile, may_read_as_marker(manager, file)) == (False, True, False)


def test_the_list_takes_as_many_statements_for_three_appeals_as_for_one(client: Client, center: Center):
    client.force_login(staff_member(RoleName.CENTER_MANAGER, center))

    def statements() -> int:
        client.get(reverse("marking_appeals_left"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("marking_appeals_left"))
        return len(asked)

    left_for_days(center)
    one = statements()
    left_for_days(center)
    left_for_days(center)

    assert statements() == one


def test_after_three_days_it_waits_with_the_ministry_too(center: Center):
    officer = staff_member(RoleName.MINISTRY_OFFICER)
    (work,) = (one for one in kinds_of_work(officer) if one.name == "without-marker-for-days")
    left_for_days(center, days=2)
    before = work.lines(list(work.rows(officer)), officer)

    left_for_days(center, days=4)

    (line,) = work.lines(list(work.rows(officer)), officer)
    assert before == []
    assert line.note == str(center)
