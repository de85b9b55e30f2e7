"""A center offers a role to a person whom it does not know; the person's consent makes it one."""

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Act, OfferState, RoleName
from accounts.models import Center, Membership, RoleOffer, User
from accounts.scoping import may
from accounts.scoping.reach import reaches_login
from accounts.services.hands import confirm_card
from accounts.services.login_notices import deliver_login_notices
from accounts.services.logins import create_login
from accounts.services.memberships import HolderNotCompared, MadeByYou, give_role
from accounts.services.offers import (
    MOST_OPEN,
    OPEN_FOR,
    OfferedAlready,
    OfferOutOfReach,
    OfferOver,
    TooManyOffers,
    accept_offer,
    decline_offer,
    offer_role,
    offers_for,
    withdraw_offer,
)
from tests.factories.accounts import MembershipFactory, TraineeFactory, UserFactory, staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(other_center: Center) -> User:
    """An instructor of another center."""
    user = UserFactory(phone="+201001234567")
    MembershipFactory(user=user, role=RoleName.INSTRUCTOR, center=other_center)
    return user


def offered(manager: User, center: Center, typed: str = "+201001234567", **facts: object) -> RoleOffer:
    facts = {"role": RoleName.INSTRUCTOR, "reason": "يدرّس اللحام", **facts}
    return offer_role(typed=typed, center=center, by=manager, **facts)


def test_a_role_begins_when_the_person_accepts(manager: User, center: Center, colleague: User):
    offer = offered(manager, center)
    assert not may(colleague, Act.TEACH, on=center)

    accept_offer(offer_id=offer.pk, by=colleague)

    assert may(User.objects.get(pk=colleague.pk), Act.TEACH, on=center)
    assert not reaches_login(manager, colleague)


def test_both_do_it_on_their_pages(client: Client, manager: User, center: Center, colleague: User):
    client.force_login(manager)
    form = {"typed": "٠١٠٠١٢٣٤٥٦٧", "role": "instructor", "center": center.pk, "reason": "يدرّس اللحام"}
    client.post(reverse("role_offers:add"), form)
    offer = RoleOffer.objects.get()
    inspected = client.get(reverse("role_offers:inspect", args=[offer.pk])).content.decode()
    client.force_login(colleague)
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    page = client.get(reverse("offers")).content.decode()

    client.post(reverse("answer_offer", args=[offer.pk]), {"answer": "accept"})

    assert reverse("role_offers:withdraw", args=[offer.pk]) in inspected
    assert str(colleague) not in inspected
    assert reverse("offers") in home
    assert "يدرّس اللحام" in page
    assert Membership.objects.current().filter(user=colleague, center=center).exists()


def test_a_trainee_is_notified_and_finds_the_offer_in_my_learning(
    client: Client, manager: User, center: Center
):
    trainee = TraineeFactory(email="noha@example.org")
    offered(manager, center, typed="noha@example.org")
    client.force_login(trainee)

    assert deliver_login_notices() == 1
    assert reverse("offers") in mail.outbox[0].body
    assert reverse("offers") in client.get(reverse("courses:my_learning")).content.decode()


def test_the_center_cannot_find_out_whether_there_is_such_a_login(
    manager: User, center: Center, colleague: User
):
    known, unknown = offered(manager, center), offered(manager, center, typed="+201009999999")

    assert [(offer.state, offer.role) for offer in (known, unknown)] == [
        (OfferState.WAITING, "instructor")
    ] * 2


def test_the_offer_of_another_person_is_not_found(
    client: Client, manager: User, center: Center, colleague: User
):
    offer = offered(manager, center)
    client.force_login(UserFactory())

    assert client.post(reverse("answer_offer", args=[offer.pk]), {"answer": "accept"}).status_code == 404
    with pytest.raises(RoleOffer.DoesNotExist):
        accept_offer(offer_id=offer.pk, by=manager)
    assert not Membership.objects.filter(user=colleague, center=center).exists()


@pytest.mark.parametrize("end", ["declined", "withdrawn", "accepted", "lapsed"])
def test_an_offer_is_answered_once(manager: User, center: Center, colleague: User, end: str):
    offer = offered(manager, center)
    if end == "declined":
        decline_offer(offer_id=offer.pk, by=colleague)
    elif end == "withdrawn":
        withdraw_offer(offer_id=offer.pk, by=manager)
    elif end == "accepted":
        accept_offer(offer_id=offer.pk, by=colleague)
    else:
        RoleOffer.objects.update(offered_at=timezone.now() - OPEN_FOR)
    before = Membership.objects.count()

    with pytest.raises(OfferOver):
        accept_offer(offer_id=offer.pk, by=colleague)
    assert Membership.objects.count() == before
    assert not offers_for(colleague).exists()


def test_who_lost_the_right_meanwhile_offered_nothing(manager: User, center: Center, colleague: User):
    offer = offered(manager, center)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    manager.memberships.update(since=yesterday, until=yesterday)

    with pytest.raises(OfferOver):
        accept_offer(offer_id=offer.pk, by=colleague)


@pytest.mark.parametrize("role", [RoleName.CERTIFYING_OFFICER, RoleName.MINISTRY_OFFICER, RoleName.AUDITOR])
def test_a_center_offers_no_role_of_the_ministry(manager: User, center: Center, role: RoleName):
    with pytest.raises(OfferOutOfReach):
        offered(manager, center, role=role)


def test_a_center_offers_nothing_in_another_one_and_takes_none_of_its_offers_back(
    manager: User, other_center: Center
):
    chief = MembershipFactory(role=RoleName.CENTER_MANAGER, center=other_center).user
    foreign = offered(chief, other_center)

    with pytest.raises(OfferOutOfReach):
        offered(manager, other_center)
    with pytest.raises(OfferOutOfReach):
        withdraw_offer(offer_id=foreign.pk, by=manager)


def test_it_is_offered_once(manager: User, center: Center):
    offered(manager, center)

    with pytest.raises(OfferedAlready):
        offered(manager, center)


def test_numbers_are_not_tried_out(manager: User, center: Center):
    for number in range(MOST_OPEN):
        offered(manager, center, typed=f"user.{number}")

    with pytest.raises(TooManyOffers):
        offered(manager, center, typed="one.more")


def test_roles_that_conflict_are_accepted_with_the_reason_that_was_given(manager: User, center: Center):
    user = MembershipFactory(role=RoleName.ASSESSOR, center=center).user

    accept_offer(offer_id=offered(manager, center, typed=user.username).pk, by=user)
    plain = offered(manager, center, typed=user.username, role=RoleName.REGISTRAR, reason="يساعد المسجلة")

    assert accept_offer(offer_id=plain.pk, by=user).role == RoleName.REGISTRAR
    assert Membership.objects.current().filter(user=user, center=center).count() == 3


# The second login of one person


def test_an_officer_who_made_a_login_does_not_make_it_approve_certificates(center: Center):
    officer, other = staff_member(RoleName.MINISTRY_OFFICER), staff_member(RoleName.MINISTRY_OFFICER)
    login = create_login(display_name="ثانية", username="second.hand", by=officer)

    with pytest.raises(MadeByYou):
        give_role(user_id=login.pk, role=RoleName.CERTIFYING_OFFICER, center=center, by=officer)
    assert not Membership.objects.filter(user=login).exists()

    with pytest.raises(HolderNotCompared):
        give_role(user_id=login.pk, role=RoleName.CERTIFYING_OFFICER, center=center, by=other)
    confirm_card(user_id=login.pk, number="29501010101234", full_name_ar="ثانية سيد أحمد", by=other)
    assert give_role(user_id=login.pk, role=RoleName.CERTIFYING_OFFICER, center=center, by=other).pk
