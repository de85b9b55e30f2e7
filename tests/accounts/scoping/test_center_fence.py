"""The center fence gives the same result for one row and for many."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import Act, MembershipScope, RoleName
from accounts.models import Center, Membership, User
from accounts.scoping import acts_held_in, centers_where, fenced, may, may_somewhere
from tests.factories.accounts import CenterFactory, GovernorateFactory, MembershipFactory, UserFactory


def test_a_manager_manages_the_own_center_and_no_other(manager: User, center: Center, other_center: Center):
    mine = centers_where(manager, Act.MANAGE_COHORTS)

    assert list(mine) == [center]
    assert may(manager, Act.MANAGE_COHORTS, on=center)
    assert not may(manager, Act.MANAGE_COHORTS, on=other_center)


def test_a_manager_of_a_who_teaches_in_b_manages_nothing_in_b(
    manager: User, center: Center, other_center: Center
):
    MembershipFactory(user=manager, role=RoleName.INSTRUCTOR, center=other_center)

    assert list(centers_where(manager, Act.MANAGE_COHORTS)) == [center]
    assert set(centers_where(manager, Act.TEACH)) == {other_center}


def test_a_governorate_role_reaches_the_centers_of_that_governorate(db: None):
    giza = GovernorateFactory(nid_code="21", name_en="Giza")
    inside, _outside = CenterFactory(governorate=giza), CenterFactory()
    officer = MembershipFactory(
        role=RoleName.REGISTRAR, scope=MembershipScope.GOVERNORATE, center=None, governorate=giza
    ).user

    assert list(centers_where(officer, Act.ENROLL)) == [inside]


def test_a_ministry_role_reaches_every_row_even_those_without_a_center(center: Center):
    officer = MembershipFactory(
        role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None
    ).user

    rows = fenced(Membership.objects.all(), user=officer, act=Act.MANAGE_MEMBERS)

    assert rows.filter(user=officer).exists()
    assert list(centers_where(officer, Act.MANAGE_COHORTS)) == [center]


@pytest.mark.parametrize("ended", [True, False])
def test_a_role_counts_only_between_its_dates(center: Center, ended: bool):
    today = timezone.localdate()
    membership = MembershipFactory(
        role=RoleName.CENTER_MANAGER,
        center=center,
        since=today - dt.timedelta(days=9),
        until=today - dt.timedelta(days=1) if ended else None,
    )

    assert may_somewhere(membership.user, Act.MANAGE_COHORTS) is not ended


def test_a_role_that_ends_today_is_not_held_tomorrow(center: Center, monkeypatch: pytest.MonkeyPatch):
    last_day = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center, until=timezone.localdate())
    tomorrow = timezone.now() + dt.timedelta(days=1)

    today = may(last_day.user, Act.MANAGE_COHORTS, on=center), last_day.user.held_today()
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    later = User.objects.get(pk=last_day.user_id)

    assert today[0]
    assert [held.role for held in today[1]] == [RoleName.CENTER_MANAGER]
    assert not may(later, Act.MANAGE_COHORTS, on=center)
    assert later.held_today() == ()


def test_a_deactivated_login_holds_nothing(manager: User):
    manager.is_active = False
    manager.save()

    assert not centers_where(manager, Act.MANAGE_COHORTS).exists()
    assert not may_somewhere(manager, Act.MANAGE_COHORTS)


def test_a_login_without_a_role_sees_no_row(center: Center):
    user = UserFactory()

    assert not fenced(Center.objects.all(), user=user, act=Act.VIEW_COHORTS).exists()


@pytest.mark.parametrize("scope", MembershipScope)
def test_what_a_page_offers_in_a_center_is_what_the_fence_allows_there(db: None, scope: MembershipScope):
    own, far = CenterFactory(), CenterFactory(governorate=GovernorateFactory(nid_code="21", name_en="Giza"))
    neighbor = CenterFactory(governorate=own.governorate)
    place = {
        MembershipScope.CENTER: {"center": own},
        MembershipScope.GOVERNORATE: {"center": None, "governorate": own.governorate},
        MembershipScope.MINISTRY: {"center": None},
    }[scope]
    user = MembershipFactory(role=RoleName.REGISTRAR, scope=scope, **place).user

    for center in (own, neighbor, far):
        allowed = {act for act in Act if centers_where(user, act).filter(pk=center.pk).exists()}
        assert acts_held_in(user, center) == allowed
