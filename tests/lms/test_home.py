"""The home page of the workplace: what waits for each role, each line with its act, and gone when the act is done."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.scoping.work import MOST_LINES, WorkItem, kinds_of_work
from tests.factories.accounts import CenterFactory, MembershipFactory, staff_member
from tests.factories.certificate_fees import paid, proposed_with_fee
from tests.factories.certificates import proposed
from tests.factories.courses import ClassSessionFactory, CohortFactory, EnrollmentFactory
from tests.lms.waiting_classes import open_sheet
from tests.lms.waiting_registry import CASES, READ_ONLY, running
from tests.lms.waiting_work import low_attendance

pytestmark = pytest.mark.django_db

HOME = "wagtailadmin_home"
# How often a row is made in addition to the first, where it is not twice: a center has one license.
# What is counted by center, neither.
ALSO = {"center-licenses": 0, "without-marker": 0}


def lines_of(name: str, user: User) -> list[WorkItem]:
    """The lines of one kind, by the roles as they are now."""
    user = User.objects.get(pk=user.pk)
    (work,) = (work for work in kinds_of_work(user) if work.name == name)
    return work.lines(list(work.rows(user)), user)


@pytest.fixture
def center() -> Center:
    return CenterFactory()


def questions(name: str, user: User) -> int:
    with CaptureQueriesContext(connection) as asked:
        lines_of(name, user)
    return len(asked)


@pytest.mark.parametrize("name", CASES)
def test_a_line_leads_to_its_act_and_is_gone_when_that_is_done(client: Client, center: Center, name: str):
    role, is_of_ministry, make = CASES[name]
    user = staff_member(role, None if is_of_ministry else center)
    stranger = staff_member(role, CenterFactory())
    client.force_login(user)

    finish = make(center, user)
    (line,) = lines_of(name, user)
    page = client.get(line.url)
    seen_by_stranger = lines_of(name, stranger)
    finish()

    assert page.status_code == 200
    assert seen_by_stranger == []
    assert lines_of(name, user) == []


@pytest.mark.engines("makes three rows of forty kinds: fifteen seconds", nightly=True)
@pytest.mark.parametrize("name", CASES)
def test_a_kind_asks_as_often_for_three_rows_as_for_one_and_loses_the_one_that_is_done(
    center: Center, name: str
):
    role, is_of_ministry, make = CASES[name]
    user = staff_member(role, None if is_of_ministry else center)

    finish = make(center, user)
    (line,) = lines_of(name, user)
    with_one = questions(name, user)
    others = [make(CenterFactory() if is_of_ministry else center, user) for _ in range(ALSO.get(name, 2))]
    with_three = questions(name, user)
    finish()
    left = lines_of(name, user)

    assert with_three == with_one
    assert len(left) == len(others)
    assert line not in left


def test_every_kind_of_work_is_tried():
    superuser = User(is_superuser=True, is_active=True)

    assert {work.name for work in kinds_of_work(superuser)} == {*CASES, *READ_ONLY}


def test_of_many_rows_the_oldest_are_on_the_home_page_and_a_page_has_all(client: Client, center: Center):
    registrar = staff_member(RoleName.REGISTRAR, center)
    cohort = running(center)
    EnrollmentFactory(cohort=cohort)
    sheets = [
        ClassSessionFactory(cohort=cohort, starts_at=timezone.now() - dt.timedelta(days=day))
        for day in range(2, MOST_LINES + 5)
    ]
    client.force_login(registrar)

    home = client.get(reverse(HOME)).text
    rest = client.get(reverse("work", args=["open-sheets"])).text
    first, last = (reverse("classsession:attendance", args=[sheets[place].pk]) for place in (-1, 0))

    assert first in home
    assert last not in home
    assert reverse("work", args=["open-sheets"]) in home
    assert first in rest
    assert last in rest


def test_a_kind_of_another_role_has_no_page(client: Client, center: Center):
    client.force_login(staff_member(RoleName.INSPECTOR, center))

    assert client.get(reverse("work", args=["open-sheets"])).status_code == 404
    assert client.get(reverse("work", args=["no-such-kind"])).status_code == 404


def test_two_roles_are_seen_together_each_in_its_place_and_no_line_twice(center: Center):
    other = CenterFactory()
    person = staff_member(RoleName.INSTRUCTOR, center)
    MembershipFactory(user=person, role=RoleName.REGISTRAR, center=other)
    own, of_colleague, there = (running(where) for where in (center, center, other))
    own.instructors.add(person)
    there.instructors.add(person)
    addresses = []
    for cohort in (own, of_colleague, there):
        EnrollmentFactory(cohort=cohort)
        held = ClassSessionFactory(cohort=cohort, starts_at=timezone.now() - dt.timedelta(days=2))
        addresses.append(reverse("classsession:attendance", args=[held.pk]))

    assert {line.url for line in lines_of("open-sheets", person)} == {addresses[0], addresses[2]}


def test_the_manager_has_the_work_of_the_desk_where_no_one_is_registrar(center: Center):
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    proposed_with_fee(center)
    alone = lines_of("fees", manager)

    staff_member(RoleName.REGISTRAR, center)

    assert len(alone) == 1
    assert lines_of("fees", manager) == []


def test_a_proposal_in_which_no_one_has_paid_waits_at_the_desk_and_not_for_the_decision(center: Center):
    officer = staff_member(RoleName.CERTIFYING_OFFICER, center)
    proposal = proposed_with_fee(center)
    before = lines_of("proposals", officer)

    paid(proposal, "1")

    assert before == []
    assert len(lines_of("proposals", officer)) == 1


def test_the_ministry_is_not_shown_the_lines_of_every_desk(client: Client, center: Center):
    officer = staff_member(RoleName.MINISTRY_OFFICER)
    open_sheet(center, officer)

    assert "open-sheets" not in {work.name for work in kinds_of_work(User.objects.get(pk=officer.pk))}


def test_a_cohort_with_too_little_attendance_opens_where_its_people_at_risk_are(center: Center):
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    low_attendance(center, manager)

    (line,) = lines_of("low-attendance", manager)

    assert resolve(line.url).view_name == "cohort:risks"


def test_a_name_is_not_repeated_where_the_template_is_called_as_the_kind(center: Center):
    officer = staff_member(RoleName.CERTIFYING_OFFICER, center)
    proposal = proposed(CohortFactory(center=center))
    proposal.template.name = proposal.type.name_ar
    proposal.template.save(update_fields=["name"])

    (line,) = lines_of("proposals", officer)

    assert str(proposal.type) in line.text
    assert str(proposal.type) not in line.note


def test_who_has_nothing_to_do_reads_what_to_do_next_and_no_counts_of_pages(client: Client, center: Center):
    client.force_login(staff_member(RoleName.REGISTRAR, center))

    page = client.get(reverse(HOME)).text

    assert "لا شيء ينتظرك" in page
    assert reverse("desk") in page
    assert "w-summary" not in page


def test_a_line_of_a_cohort_that_starts_opens_the_desk_with_the_cohort_chosen(client: Client, center: Center):
    cohort = CohortFactory(center=center)
    foreign = CohortFactory()
    client.force_login(staff_member(RoleName.REGISTRAR, center))

    chosen = client.get(reverse("desk"), {"cohort": cohort.pk}).context["form"]["cohort"]
    outside = client.get(reverse("desk"), {"cohort": foreign.pk}).text

    assert f'value="{cohort.pk}" selected' in str(chosen)
    assert foreign.code not in outside


def test_the_form_of_a_proposal_has_the_cohort_of_the_link_chosen(client: Client, center: Center):
    cohort = CohortFactory(center=center)
    foreign = CohortFactory()
    client.force_login(staff_member(RoleName.CENTER_MANAGER, center))

    chosen = client.get(reverse("proposals:add"), {"cohort": cohort.pk}).context["form"]["cohort"]
    outside = client.get(reverse("proposals:add"), {"cohort": foreign.pk}).text

    assert f'value="{cohort.pk}" selected' in str(chosen)
    assert foreign.code not in outside
