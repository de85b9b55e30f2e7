"""A new login gets its first role with it: of a center, or, from the ministry, of any place."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import MembershipScope, RoleName
from accounts.models import Membership, User
from accounts.services.identity_documents import register_national_id
from tests.accounts.people.numbers import national_number
from tests.factories.accounts import CenterFactory, GovernorateFactory, MembershipFactory, PersonFactory

CARD = "28001010100125"

pytestmark = pytest.mark.django_db


def member(role: RoleName, **place) -> tuple[Client, User]:
    user = MembershipFactory(role=role, **place).user
    client = Client()
    client.force_login(user)
    return client, user


def officer() -> tuple[Client, User]:
    return member(RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None)


def form(**changes) -> dict[str, object]:
    return {
        "display_name": "هالة سمير أحمد",
        "number": CARD,
        "phone": "01012345678",
        "username": "hala",
        "language": "ar",
        **changes,
    }


def test_the_ministry_makes_a_login_of_the_whole_ministry_at_once():
    client, _ = officer()

    client.post(reverse("user:add"), form(role=RoleName.ASSESSOR, scope=MembershipScope.MINISTRY))

    membership = Membership.objects.get(user__username="hala")
    assert (membership.role, membership.scope, membership.center) == ("assessor", "ministry", None)


def test_the_ministry_makes_a_login_of_a_governorate():
    client, _ = officer()
    place = GovernorateFactory()

    client.post(
        reverse("user:add"),
        form(role=RoleName.REGISTRAR, scope=MembershipScope.GOVERNORATE, governorate=place.pk),
    )

    assert Membership.objects.get(user__username="hala").governorate == place


def test_the_message_about_a_new_login_leads_to_its_password():
    manager, user = member(RoleName.CENTER_MANAGER)
    center = user.memberships.get().center

    page = manager.post(
        reverse("user:add"), form(role=RoleName.REGISTRAR, center=center.pk), follow=True
    ).text

    login = User.objects.get(username="hala")
    message = page[page.index('class="messages"') :]
    assert f'href="{reverse("user:edit", args=[login.pk])}"' in message.split("</ul>")[0]


def test_a_login_that_shall_approve_is_made_by_one_officer_and_gets_its_role_from_another():
    first, maker = officer()
    second, _ = officer()

    offered = dict(first.get(reverse("user:add")).context["form"].fields["role"].choices)
    first.post(reverse("user:add"), form(role="", scope=""))
    login = User.objects.get(username="hala")
    role = {
        "login": "hala",
        "role": RoleName.CERTIFYING_OFFICER,
        "scope": MembershipScope.MINISTRY,
    }
    first.post(reverse("membership:add"), role)
    second.post(reverse("membership:add"), role)
    before_the_card = login.memberships.count()
    second.post(reverse("user:confirm_card", args=[login.pk]), {"number": CARD, "phone": login.phone})
    second.post(reverse("membership:add"), role)

    assert set(offered) == {"", "trainee", "instructor", "assessor", "registrar"}
    assert before_the_card == 0
    assert login.memberships.get().role == RoleName.CERTIFYING_OFFICER
    assert maker != login


def test_a_role_of_the_ministry_with_a_center_is_refused_and_no_login_is_left():
    client, _ = officer()

    answer = client.post(
        reverse("user:add"),
        form(role=RoleName.ASSESSOR, scope=MembershipScope.MINISTRY, center=CenterFactory().pk),
    )

    assert answer.context["form"].non_field_errors()
    assert not User.objects.filter(username="hala").exists()


def test_a_login_belongs_to_a_person_with_a_card_and_a_number():
    client, _ = officer()

    without = client.post(reverse("user:add"), form(number="", phone="", role="", scope=""))
    client.post(reverse("user:add"), form(role="", scope=""))
    again = client.post(reverse("user:add"), form(username="other", role="", scope=""))

    login = User.objects.get(username="hala")
    assert set(without.context["form"].errors) == {"number", "phone"}
    assert login.person.full_name_ar == "هالة سمير أحمد"
    assert login.person.documents.get().last4 == CARD[-4:]
    assert not login.has_usable_password()
    assert again.context["form"].errors
    assert not User.objects.filter(username="other").exists()


def test_a_center_makes_logins_of_its_own_only():
    center = CenterFactory()
    client, _ = member(RoleName.CENTER_MANAGER, center=center)

    fields = client.get(reverse("user:add")).context["form"].fields
    client.post(
        reverse("user:add"), form(role=RoleName.AUDITOR, scope=MembershipScope.MINISTRY, center=center.pk)
    )
    client.post(reverse("user:add"), form(username="mona", role=RoleName.REGISTRAR, center=center.pk))

    assert "scope" not in fields
    assert RoleName.AUDITOR not in dict(fields["role"].choices)
    assert not User.objects.filter(username="hala").exists()
    assert Membership.objects.get(user__username="mona").center == center


def test_numbers_are_not_tried_out_in_the_form_of_a_new_login():
    """The user name is taken, so that nothing is kept whether a number is known elsewhere or not."""
    manager, user = member(RoleName.CENTER_MANAGER)
    other = PersonFactory()
    numbers = [national_number(dt.date(1990, 1, 1), serial=serial) for serial in range(11, 17)]
    register_national_id(person_id=other.pk, number=numbers[0], by=user)
    typed = {
        "role": RoleName.REGISTRAR,
        "center": user.memberships.get().center_id,
        "username": user.username,
    }

    pages = [manager.post(reverse("user:add"), form(**typed, number=number)) for number in numbers]

    assert ["number" in page.context["form"].errors for page in pages] == [*[False] * 5, True]
    assert not User.objects.filter(display_name="هالة سمير أحمد").exists()
