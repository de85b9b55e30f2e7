"""Answers and appeals that wait though no one at their center may take them: the manager is told what is missing."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, Membership, User
from assessment.models import MarkingTask
from assessment.queries.marking import waiting_for_decision_of, waiting_for_mark_of
from assessment.queries.without_marker import answers_without_marker, appeals_without_assessor, missing_for
from tests.factories.accounts import CenterFactory, MembershipFactory, deputy_for
from tests.factories.appeals import appealed
from tests.factories.marking import SIX, WORST, essay_cohort, marked, marker, task_of, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def center() -> Center:
    row: Center = CenterFactory()
    return row


def second_of_one_assessor(center: Center) -> None:
    marked(task_of(written(essay_cohort(center, second_marking="all"))), marker(center))


def second_of_teachers(center: Center) -> None:
    cohort = essay_cohort(center, second_marking="all")
    one, other = marker(center, RoleName.INSTRUCTOR), marker(center, RoleName.INSTRUCTOR)
    cohort.instructors.add(one, other)
    marked(task_of(written(cohort)), one)


def second_of_a_teacher_and_an_assessor(center: Center) -> None:
    second_of_teachers(center)
    marker(center)


def second_after_an_assessor_with_teachers(center: Center) -> None:
    cohort = essay_cohort(center, second_marking="all")
    cohort.instructors.add(marker(center, RoleName.INSTRUCTOR))
    marked(task_of(written(cohort)), marker(center))


def first_of_a_lapsed_role(center: Center) -> None:
    user = marker(center)
    written(essay_cohort(center))
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Membership.objects.filter(user=user).update(since=yesterday - dt.timedelta(days=9), until=yesterday)


def first_of_a_closed_login(center: Center) -> None:
    written(essay_cohort(center))
    User.objects.filter(pk=marker(center).pk).update(is_active=False)


def first_of_the_person(center: Center) -> None:
    attempt = written(essay_cohort(center))
    user = marker(center)
    User.objects.filter(person=attempt.enrollment.person).update(person=None)
    User.objects.filter(pk=user.pk).update(person=attempt.enrollment.person)


def decision_of_two_assessors(center: Center) -> None:
    task = task_of(written(essay_cohort(center, second_marking="all")))
    marked(task, marker(center))
    marked(task, marker(center), WORST)


def decision_of_a_manager(center: Center) -> None:
    decision_of_two_assessors(center)
    marker(center, RoleName.CENTER_MANAGER)


def decision_of_a_manager_who_teaches(center: Center) -> None:
    decision_of_two_assessors(center)
    manager = marker(center, RoleName.CENTER_MANAGER)
    MarkingTask.objects.get().cohort.instructors.add(manager)


def second_of_a_deputy_of_the_first(center: Center) -> None:
    first = marker(center)
    marked(task_of(written(essay_cohort(center, second_marking="all"))), first)
    deputy_for(Membership.objects.get(user=first), user=marker(center))


def second_of_who_lent_the_role_of_the_first(center: Center) -> None:
    lender = marker(center)
    deputy = marker(CenterFactory())
    deputy_for(Membership.objects.get(user=lender), user=deputy)
    marked(task_of(written(essay_cohort(center, second_marking="all"))), deputy)


CASES: list[tuple[Callable[[Center], None], int]] = [
    (second_of_one_assessor, 1),
    (second_of_teachers, 1),
    (second_of_a_teacher_and_an_assessor, 0),
    (second_after_an_assessor_with_teachers, 0),
    (first_of_a_lapsed_role, 1),
    (first_of_a_closed_login, 1),
    (first_of_the_person, 1),
    (decision_of_two_assessors, 1),
    (decision_of_a_manager, 0),
    (decision_of_a_manager_who_teaches, 1),
    (second_of_a_deputy_of_the_first, 1),
    (second_of_who_lent_the_role_of_the_first, 1),
]


@pytest.mark.parametrize(("make", "count"), CASES)
def test_an_answer_lacks_a_marker_where_it_waits_for_no_one(
    center: Center, make: Callable[[Center], None], count: int
):
    marker(CenterFactory())
    make(center)

    found = answers_without_marker()

    # The same as everybody's own list says.
    for user in User.objects.filter(is_active=True, memberships__isnull=False).distinct():
        assert not waiting_for_mark_of(user).filter(pk__in=found).exists()
        assert not waiting_for_decision_of(user).filter(pk__in=found).exists()
    assert found.count() == count


def test_an_appeal_lacks_an_assessor_where_the_only_one_marked_the_answer(center: Center):
    only = marker(center)
    attempt = written(essay_cohort(center))
    marked(task_of(attempt), only, SIX)
    attempt.refresh_from_db()
    appeal = appealed(attempt)
    alone = list(appeals_without_assessor())

    marker(center)

    assert alone == [appeal]
    assert not appeals_without_assessor().exists()


def test_an_appeal_lacks_an_assessor_where_the_only_one_taught_the_cohort(center: Center):
    cohort = essay_cohort(center)
    attempt = written(cohort)
    marked(task_of(attempt), marker(center, RoleName.INSTRUCTOR), SIX)
    attempt.refresh_from_db()
    appealed(attempt)
    assessor = marker(center)
    before = appeals_without_assessor().count()

    cohort.instructors.add(assessor)

    assert (before, appeals_without_assessor().count()) == (0, 1)


def test_the_manager_reads_what_is_missing_and_where_to_appoint_and_no_other_center_does(
    client: Client, center: Center
):
    second_of_one_assessor(center)
    manager, stranger = (marker(where, RoleName.CENTER_MANAGER) for where in (center, CenterFactory()))
    client.force_login(manager)

    page = client.get(reverse("marking_without_marker"))
    decisions = client.get(reverse("marking_decisions"))
    client.force_login(stranger)
    elsewhere = client.get(reverse("marking_without_marker"))

    [one] = missing_for(manager)
    assert (one.center, one.kind, one.count, one.may_appoint) == (center, "second", 1, True)
    assert reverse("membership:add") in page.text
    assert reverse("marking_without_marker") in decisions.text
    assert str(center) in page.text
    assert str(center) not in elsewhere.text


def test_the_page_takes_as_many_statements_for_three_centers_as_for_one(client: Client, center: Center):
    manager = marker(center, RoleName.CENTER_MANAGER)

    def statements() -> int:
        client.force_login(User.objects.get(pk=manager.pk))
        client.get(reverse("marking_without_marker"))
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse("marking_without_marker"))
        assert page.status_code == 200
        return len(asked)

    second_of_one_assessor(center)
    one = statements()
    for _further in range(2):
        other = CenterFactory()
        MembershipFactory(user=manager, role=RoleName.CENTER_MANAGER, center=other)
        second_of_one_assessor(other)

    assert statements() == one
    assert len(missing_for(User.objects.get(pk=manager.pk))) == 3


def test_the_page_is_for_who_manages_cohorts(client: Client, center: Center):
    client.force_login(marker(center))

    assert client.get(reverse("marking_without_marker")).status_code == 404
