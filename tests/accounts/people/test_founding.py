"""A site begins with two officers, who are two people."""

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import MembershipScope, RoleName
from accounts.models import Center, Membership, User
from accounts.scoping.hands import counts_as_hand, hands_of
from accounts.services.founding import Founder, SiteHasOfficers, found_site
from accounts.services.hands import PersonOfAnotherLogin, confirm_card
from accounts.services.memberships import give_role
from accounts.services.recoveries import ask_for_password_of_staff, give_password
from accounts.services.role_requests import ask_for_role, give_asked_role
from accounts.services.staff_logins import create_staff_login
from tests.factories.accounts import staff_member

pytestmark = pytest.mark.django_db

MONA = ("منى سيد أحمد حسن", "28001010100125", "01012345678")
ALI = ("علي فهمي حسن سالم", "28101010100135", "01112345678")

MANAGER, REGISTRAR = "28201010100145", "28301010100155"


def founded() -> tuple[User, User]:
    return found_site(first=Founder(*MONA), second=Founder(*ALI))


def test_a_site_is_founded_once():
    call_command("found_site", first=list(MONA), second=list(ALI))

    officers = Membership.objects.filter(role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY)
    one, two = (held.user for held in officers.order_by("pk"))
    assert (one.phone, two.person.full_name_ar) == ("+201012345678", ALI[0])
    assert counts_as_hand(one)
    assert counts_as_hand(two)
    assert hands_of(one).isdisjoint(hands_of(two))
    with pytest.raises(CommandError, match="مسؤول بالوزارة"):
        call_command("found_site", first=list(MONA), second=list(ALI))


def test_where_an_officer_is_no_one_is_made_one():
    staff_member(RoleName.MINISTRY_OFFICER)

    with pytest.raises(SiteHasOfficers):
        founded()
    assert not User.objects.filter(phone="+201012345678").exists()


def test_one_person_is_not_both():
    with pytest.raises(PersonOfAnotherLogin):
        found_site(first=Founder(*MONA), second=Founder(*MONA[:2], "01112345678"))
    assert not Membership.objects.exists()


def test_from_two_officers_a_center_of_two_begins_to_work(center: Center):
    one, two = founded()
    manager = create_staff_login(
        full_name_ar="سامي فرج علي", number=MANAGER, phone="01212345678", center=center, by=one
    )
    confirm_card(user_id=manager.pk, number=MANAGER, phone="01212345678", by=two)
    asked = ask_for_role(
        user_id=manager.pk, role=RoleName.CENTER_MANAGER, center=center, reason="leads it", by=one
    )
    give_asked_role(request_id=asked.pk, by=two)
    registrar = create_staff_login(
        full_name_ar="وفاء جابر مرسي", number=REGISTRAR, phone="01512345678", center=center, by=manager
    )
    give_role(user_id=registrar.pk, role=RoleName.REGISTRAR, center=center, by=manager)
    before = (hands_of(manager), counts_as_hand(registrar))
    confirm_card(user_id=registrar.pk, number=REGISTRAR, phone="01512345678", by=one)
    password = ask_for_password_of_staff(user_id=registrar.pk, reason="first day", by=manager)

    assert give_password(recovery_id=password.pk, by=two)
    assert before == ({manager.pk, registrar.pk}, False)
    assert hands_of(manager) == {manager.pk}
    assert counts_as_hand(registrar)
