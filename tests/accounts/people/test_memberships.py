"""Who may give which role where."""

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.enums import MembershipScope, RoleName
from accounts.errors import DomainError
from accounts.models import Center, Membership, User
from accounts.services.memberships import (
    EndsBeforeItBegins,
    OwnRole,
    PlaceMissing,
    RoleAlreadyHeld,
    RoleOutOfReach,
    RolesConflict,
    end_role,
    give_role,
    give_role_with_consent,
)
from tests.factories.accounts import MembershipFactory, UserFactory


@pytest.fixture
def officer(db: None) -> User:
    return MembershipFactory(role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None).user


def test_a_manager_gives_a_role_in_the_own_center(manager: User, center: Center):
    teacher = UserFactory()

    membership = give_role(user_id=teacher.pk, role=RoleName.INSTRUCTOR, center=center, by=manager)

    assert (membership.user, membership.center) == (teacher, center)
    assert ModelLogEntry.objects.get(action="accounts.membership.give").user == manager


@pytest.mark.parametrize("role", [RoleName.CERTIFYING_OFFICER, RoleName.MINISTRY_OFFICER, RoleName.AUDITOR])
def test_a_manager_gives_no_role_of_the_ministry(manager: User, center: Center, role: RoleName):
    with pytest.raises(RoleOutOfReach):
        give_role(user_id=UserFactory().pk, role=role, center=center, by=manager)


def test_a_manager_gives_nothing_in_another_center_nor_above(manager: User, other_center: Center):
    with pytest.raises(RoleOutOfReach):
        give_role(user_id=UserFactory().pk, role=RoleName.INSTRUCTOR, center=other_center, by=manager)
    with pytest.raises(RoleOutOfReach):
        give_role(
            user_id=UserFactory().pk, role=RoleName.CENTER_MANAGER, scope=MembershipScope.MINISTRY, by=manager
        )

    assert not Membership.objects.exclude(user=manager).exists()


@pytest.mark.parametrize(
    ("held", "given"),
    [
        (RoleName.INSTRUCTOR, RoleName.ASSESSOR),
        (RoleName.ASSESSOR, RoleName.INSTRUCTOR),
        (RoleName.MINISTRY_OFFICER, RoleName.CERTIFYING_OFFICER),
        (RoleName.CENTER_MANAGER, RoleName.CERTIFYING_OFFICER),
        (RoleName.REGISTRAR, RoleName.AUDITOR),
    ],
)
def test_roles_that_conflict_need_a_reason(officer: User, center: Center, held: RoleName, given: RoleName):
    user = MembershipFactory(role=held, center=center).user

    with pytest.raises(RolesConflict, match=str(held.label)):
        give_role(user_id=user.pk, role=given, center=center, reason=" ", by=officer)
    assert user.memberships.count() == 1

    give_role(user_id=user.pk, role=given, center=center, reason="no one else until May", by=officer)
    assert (
        ModelLogEntry.objects.get(action="accounts.membership.give").data["reason"] == "no one else until May"
    )


def test_roles_in_two_centers_or_of_the_past_do_not_conflict(
    officer: User, center: Center, other_center: Center
):
    user = MembershipFactory(role=RoleName.INSTRUCTOR, center=other_center).user
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    MembershipFactory(user=user, role=RoleName.INSTRUCTOR, center=center, since=yesterday, until=yesterday)

    assert give_role(user_id=user.pk, role=RoleName.ASSESSOR, center=center, by=officer)


def test_a_role_of_the_whole_ministry_conflicts_with_one_of_a_center(officer: User, center: Center):
    auditor = MembershipFactory(role=RoleName.AUDITOR, scope=MembershipScope.MINISTRY, center=None).user

    with pytest.raises(RolesConflict):
        give_role(user_id=auditor.pk, role=RoleName.REGISTRAR, center=center, by=officer)


def test_an_instructor_gives_nothing(center: Center):
    instructor = MembershipFactory(center=center).user

    with pytest.raises(RoleOutOfReach):
        give_role(user_id=UserFactory().pk, role=RoleName.TRAINEE, center=center, by=instructor)


def test_the_ministry_gives_every_role_but_its_own(officer: User, center: Center):
    chosen = UserFactory()

    give_role(user_id=chosen.pk, role=RoleName.CERTIFYING_OFFICER, scope=MembershipScope.MINISTRY, by=officer)

    with pytest.raises(OwnRole):
        give_role(
            user_id=officer.pk, role=RoleName.CERTIFYING_OFFICER, scope=MembershipScope.MINISTRY, by=officer
        )
    with pytest.raises(OwnRole):
        end_role(membership_id=officer.memberships.get().pk, reason="tired", by=officer)


def test_no_one_gives_themselves_a_role_by_consenting_to_it(manager: User, center: Center):
    with pytest.raises(OwnRole):
        give_role_with_consent(
            user_id=manager.pk, role=RoleName.INSTRUCTOR, center=center, reason="I teach, too", by=manager
        )


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"center": None}, PlaceMissing),
        ({"scope": MembershipScope.GOVERNORATE}, PlaceMissing),
        ({"scope": MembershipScope.MINISTRY}, PlaceMissing),
        ({"until": dt.date(2001, 1, 1)}, EndsBeforeItBegins),
    ],
)
def test_a_role_needs_its_place_and_time(
    officer: User, center: Center, wrong: dict, refusal: type[DomainError]
):
    with pytest.raises(refusal):
        give_role(
            **{
                "user_id": UserFactory().pk,
                "role": RoleName.REGISTRAR,
                "center": center,
                "by": officer,
                **wrong,
            }
        )


def test_a_role_is_held_once(manager: User, center: Center):
    teacher = UserFactory()
    give_role(user_id=teacher.pk, role=RoleName.INSTRUCTOR, center=center, by=manager)

    with pytest.raises(RoleAlreadyHeld):
        give_role(user_id=teacher.pk, role=RoleName.INSTRUCTOR, center=center, by=manager)


def test_an_ended_role_counts_no_more_and_stays_on_file(manager: User, center: Center):
    membership = give_role(user_id=UserFactory().pk, role=RoleName.INSTRUCTOR, center=center, by=manager)

    end_role(membership_id=membership.pk, reason="left", by=manager)

    assert not Membership.objects.current().filter(pk=membership.pk).exists()
    assert ModelLogEntry.objects.get(action="accounts.membership.end").data["reason"] == "left"


def test_the_trail_of_an_ended_role_names_whose_it_was(manager: User, center: Center):
    membership = give_role(user_id=UserFactory().pk, role=RoleName.INSTRUCTOR, center=center, by=manager)

    end_role(membership_id=membership.pk, reason="left", by=manager)

    said = ModelLogEntry.objects.get(action="accounts.membership.end").data
    assert (said["login"], said["role"]) == (membership.user_id, "instructor")


def test_a_manager_ends_no_role_of_another_center(manager: User, other_center: Center):
    foreign = MembershipFactory(center=other_center)

    with pytest.raises(RoleOutOfReach):
        end_role(membership_id=foreign.pk, reason="rival", by=manager)
