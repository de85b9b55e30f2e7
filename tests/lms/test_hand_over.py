"""Open work in the name of one person goes to a colleague, line by line."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.enums import LoginNoticeKind, RoleName
from accounts.models import Center, LoginNotice, Membership, SiteNotice, User
from accounts.scoping.handover import count_named, named_lines
from accounts.services.handing_over import (
    HandOverOutOfReach,
    NoLongerTheirs,
    NotATaker,
    NothingChosen,
    ReasonMissing,
    hand_over,
)
from accounts.services.login_notices import deliver_login_notices
from courses.errors import SessionClash
from courses.models import Cohort
from courses.queries.timetable import teachers_of
from tests.factories.accounts import MembershipFactory, deputy_for, staff_member
from tests.factories.courses import ClassSessionFactory, CohortFactory
from tests.factories.live import LiveSessionFactory

pytestmark = pytest.mark.django_db

TOMORROW = dt.timedelta(days=1)


@pytest.fixture
def held(center: Center) -> Membership:
    """The role of an instructor who leaves."""
    return MembershipFactory(role=RoleName.INSTRUCTOR, center=center)


@pytest.fixture
def taker(center: Center) -> User:
    return staff_member(RoleName.INSTRUCTOR, center)


@pytest.fixture
def cohort(held: Membership) -> Cohort:
    cohort: Cohort = CohortFactory(center=held.center)
    cohort.instructors.add(held.user)
    return cohort


def coming(cohort: Cohort, instructor: User, *, days: int = 1) -> object:
    begins = timezone.now() + days * TOMORROW
    return ClassSessionFactory(
        cohort=cohort, instructor=instructor, starts_at=begins, ends_at=begins + dt.timedelta(hours=1)
    )


def test_what_names_a_person_is_handed_over_and_both_are_told(
    held: Membership, taker: User, cohort: Cohort, manager: User
):
    session = coming(cohort, held.user)
    live = LiveSessionFactory(
        class_session__cohort=cohort,
        class_session__instructor=held.user,
        class_session__starts_at=timezone.now() + 2 * TOMORROW,
        class_session__ends_at=timezone.now() + 2 * TOMORROW + dt.timedelta(hours=1),
    )
    keys = [line.key for line in named_lines(held)]

    result = hand_over(membership_id=held.pk, keys=keys, to_id=taker.pk, reason="leaves", by=manager)

    session.refresh_from_db()  # type: ignore[attr-defined]
    live.class_session.refresh_from_db()
    assert (len(result.done), result.left) == (3, [])
    assert list(cohort.instructors.all()) == [taker]
    assert session.instructor == live.class_session.instructor == taker  # type: ignore[attr-defined]
    assert count_named(held) == 0
    # Who taught a cohort that has begun stays on record.
    assert {held.user.pk, taker.pk} <= teachers_of(cohort)
    told = LoginNotice.objects.values_list("user", "kind")
    assert set(told) == {(taker.pk, LoginNoticeKind.WORK_TAKEN), (held.user.pk, LoginNoticeKind.WORK_GIVEN)}
    assert ModelLogEntry.objects.get(action="accounts.membership.hand_over").data["reason"] == "leaves"
    names = {"before": str(held.user), "after": str(taker)}
    rescheduled = ModelLogEntry.objects.filter(action="courses.session.reschedule")
    assert [entry.data for entry in rescheduled] == [{"changes": {"instructor": names}}] * 2
    assert ModelLogEntry.objects.get(action="courses.cohort.change").data == {
        "before": {"instructors": [str(held.user)]},
        "after": {"instructors": [str(taker)]},
    }
    deliver_login_notices()
    for reader, colleague in ((taker, held.user), (held.user, taker)):
        notice = SiteNotice.objects.get(user=reader)
        body = notice.body
        assert (notice.link, "http" in body) == (reverse("wagtailadmin_home"), False)
        assert [part in body for part in (str(colleague), "3", str(cohort))] == [True, True, True]


def test_what_changed_meanwhile_or_is_refused_is_left_and_named(
    held: Membership, taker: User, cohort: Cohort, manager: User
):
    clashing = coming(cohort, held.user)
    ClassSessionFactory(
        cohort=CohortFactory(center=held.center),
        instructor=taker,
        starts_at=clashing.starts_at,  # type: ignore[attr-defined]
        ends_at=clashing.ends_at,  # type: ignore[attr-defined]
    )
    keys = [line.key for line in named_lines(held)]
    cohort.instructors.set([])

    result = hand_over(membership_id=held.pk, keys=keys, to_id=taker.pk, reason="leaves", by=manager)

    assert result.done == []
    assert {type(refusal) for _name, refusal in result.left} == {NoLongerTheirs, SessionClash}
    assert not cohort.instructors.exists()
    assert not LoginNotice.objects.exists()


def test_who_hands_over_and_to_whom(held: Membership, taker: User, cohort: Cohort, manager: User):
    (line,) = named_lines(held)
    lent = deputy_for(MembershipFactory(role=RoleName.INSTRUCTOR, center=held.center)).user
    facts = {
        "membership_id": held.pk,
        "keys": [line.key],
        "to_id": taker.pk,
        "reason": "leaves",
        "by": manager,
    }

    for change, refusal in (
        ({"by": held.user}, HandOverOutOfReach),
        ({"to_id": staff_member(RoleName.REGISTRAR, held.center).pk}, NotATaker),
        ({"to_id": lent.pk}, NotATaker),
        ({"to_id": held.user.pk}, NotATaker),
        ({"keys": []}, NothingChosen),
        ({"reason": " "}, ReasonMissing),
    ):
        with pytest.raises(refusal):
            hand_over(**{**facts, **change})  # type: ignore[arg-type]

    assert list(cohort.instructors.all()) == [held.user]


def test_the_page_shows_what_would_happen_before_it_does_it(
    client: Client, held: Membership, taker: User, cohort: Cohort, manager: User
):
    client.force_login(manager)
    address = reverse("hand_over", args=[held.pk])
    form = {"lines": [f"cohort:{cohort.pk}"], "to": taker.pk, "reason": "leaves"}

    preview = client.post(address, form)
    listed = list(cohort.instructors.all())
    done = client.post(address, {**form, "confirm": "yes"})

    assert str(cohort) in preview.content.decode()
    assert listed == [held.user]
    assert done.status_code == 302
    assert list(cohort.instructors.all()) == [taker]


def test_ending_a_role_says_what_is_in_their_name(
    client: Client, held: Membership, cohort: Cohort, manager: User
):
    client.force_login(manager)

    page = client.get(reverse("membership:edit", args=[held.pk])).content.decode()

    assert reverse("hand_over", args=[held.pk]) in page


def test_lines_take_as_many_statements_for_one_as_for_three(
    held: Membership, cohort: Cohort, django_assert_num_queries: object
):
    for days in (1, 2, 3):
        coming(cohort, held.user, days=days)

    with django_assert_num_queries(3):  # type: ignore[operator]
        texts = [line.text for line in named_lines(held)]
    assert len(texts) == 4
