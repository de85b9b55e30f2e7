"""Who may manage whose login: no user takes over another's login by two rights that are harmless alone."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import MembershipScope, RoleName
from accounts.models import Center, Membership, User
from accounts.services.logins import LoginOutOfReach, OwnLogin, deactivate_login, reactivate_login
from accounts.services.memberships import HolderUnknown, give_role
from accounts.services.recoveries import ask_for_password_of_staff, give_password
from accounts.work import PasswordRequests
from tests.factories.accounts import (
    MembershipFactory,
    PersonFactory,
    TraineeFactory,
    UserFactory,
    password_given,
    staff_member,
)
from tests.factories.courses import EnrollmentFactory


@pytest.fixture
def officer(db: None) -> User:
    return MembershipFactory(role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None).user


def refuses(by: User, user: User) -> bool:
    """Whether every act on the login is refused and changes nothing."""
    before = (user.password, user.is_active)
    for act in (
        lambda: deactivate_login(user_id=user.pk, reason="lost", by=by),
        lambda: reactivate_login(user_id=user.pk, reason="found", by=by),
    ):
        with pytest.raises(LoginOutOfReach):
            act()
    user.refresh_from_db()
    return (user.password, user.is_active) == before


def test_a_trainee_of_another_center_is_given_no_role(manager: User, center: Center, other_center: Center):
    trainee = TraineeFactory(person=PersonFactory(registered_at=other_center))

    with pytest.raises(HolderUnknown):
        give_role(user_id=trainee.pk, role=RoleName.TRAINEE, center=center, by=manager)

    assert not Membership.objects.filter(user=trainee).exists()


@pytest.mark.parametrize("registered", ["nowhere", "own", "other"])
def test_a_role_at_a_center_opens_no_login_of_who_learns(
    registered: str, manager: User, center: Center, other_center: Center
):
    place = {"nowhere": None, "own": center, "other": other_center}[registered]
    trainee = TraineeFactory(person=PersonFactory(registered_at=place))
    EnrollmentFactory(person=trainee.person)
    for role in (RoleName.TRAINEE, RoleName.INSTRUCTOR):
        MembershipFactory(user=trainee, role=role, center=center)

    assert refuses(manager, trainee)


def test_a_role_of_a_trainee_alone_opens_no_login(manager: User, center: Center):
    trainee = TraineeFactory(person=PersonFactory(registered_at=center))
    MembershipFactory(user=trainee, role=RoleName.TRAINEE, center=center)

    assert refuses(manager, trainee)


def test_a_colleague_who_is_registered_elsewhere_is_out_of_reach(
    manager: User, center: Center, other_center: Center
):
    colleague = TraineeFactory(person=PersonFactory(registered_at=other_center))
    MembershipFactory(user=colleague, center=center)

    assert refuses(manager, colleague)


def test_a_colleague_who_also_works_elsewhere_is_out_of_reach(
    manager: User, center: Center, other_center: Center
):
    colleague = MembershipFactory(center=center).user
    MembershipFactory(user=colleague, center=other_center)

    assert refuses(manager, colleague)


def test_the_ministry_reaches_every_login_but_those_that_approve_certificates(
    officer: User, other_center: Center
):
    trainee = TraineeFactory(person=PersonFactory(registered_at=other_center))
    approver = MembershipFactory(
        role=RoleName.CERTIFYING_OFFICER, scope=MembershipScope.MINISTRY, center=None
    ).user
    operator = UserFactory(is_superuser=True)

    deactivate_login(user_id=trainee.pk, reason="lost", by=officer)

    assert refuses(officer, approver)
    assert refuses(officer, operator)
    assert deactivate_login(user_id=approver.pk, reason="lost", by=operator)


def test_a_new_password_of_who_approves_certificates_takes_two_officers(officer: User, manager: User):
    approver = staff_member(RoleName.CERTIFYING_OFFICER)

    with pytest.raises(LoginOutOfReach):
        ask_for_password_of_staff(user_id=approver.pk, reason="lost", by=manager)
    assert password_given(approver, first=officer)


def test_no_one_asks_for_a_new_password_of_their_own(officer: User):
    with pytest.raises(OwnLogin):
        ask_for_password_of_staff(user_id=officer.pk, reason="lost", by=officer)


def test_who_gives_a_new_password_reaches_the_login_themselves(
    officer: User, manager: User, center: Center, other_center: Center
):
    colleague = MembershipFactory(center=center).user
    asked = ask_for_password_of_staff(user_id=colleague.pk, reason="lost", by=officer)
    # Since then the login works elsewhere, too.
    MembershipFactory(user=colleague, center=other_center)

    with pytest.raises(LoginOutOfReach):
        give_password(recovery_id=asked.pk, by=manager)


def test_a_password_that_no_manager_may_give_waits_on_the_home_of_an_officer(
    officer: User, manager: User, center: Center, other_center: Center
):
    first, colleague = staff_member(RoleName.MINISTRY_OFFICER), MembershipFactory(center=center).user
    of_colleague = ask_for_password_of_staff(user_id=colleague.pk, reason="lost", by=first)
    of_manager = ask_for_password_of_staff(user_id=manager.pk, reason="lost", by=first)

    def on_home(user: User) -> set[int]:
        return {row.pk for row in PasswordRequests().rows(User.objects.get(pk=user.pk))}

    assert (on_home(officer), on_home(manager)) == ({of_manager.pk}, {of_colleague.pk})
    # Since then the login works elsewhere, too.
    MembershipFactory(user=colleague, center=other_center)
    assert on_home(officer) == {of_manager.pk, of_colleague.pk}


def test_a_colleague_keeps_a_second_role_at_the_same_center(manager: User, center: Center):
    colleague = MembershipFactory(center=center).user

    given = give_role(user_id=colleague.pk, role=RoleName.REGISTRAR, center=center, by=manager)

    assert given.user == colleague


def test_a_person_registered_at_the_center_is_given_a_role_there(manager: User, center: Center):
    person = TraineeFactory(person=PersonFactory(registered_at=center))

    assert give_role(user_id=person.pk, role=RoleName.INSTRUCTOR, center=center, by=manager)


def test_a_center_cannot_find_out_who_has_a_login_elsewhere(
    client: Client, manager: User, center: Center, other_center: Center
):
    TraineeFactory(phone="+201012345678", person=PersonFactory(registered_at=other_center))
    client.force_login(manager)

    answers = [
        client.post(reverse("membership:add"), {"login": login, "role": "instructor", "center": center.pk})
        for login in ("01012345678", "01087654321")
    ]

    foreign, missing = [answer.context["form"].errors for answer in answers]
    assert foreign == missing
    assert str(HolderUnknown.message) in foreign["login"]
