"""Registering people, giving roles and helping with logins in the staff workplace."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import MembershipScope, RoleName
from accounts.models import Center, IdentityDocument, Membership, PasswordRecovery, Person, User
from tests.accounts.shown_passwords import passwords_in
from tests.factories.accounts import (
    CenterFactory,
    MembershipFactory,
    PersonFactory,
    TraineeFactory,
    UserFactory,
)

NUMBER = "٢٩٠٠١٠١١٢٣٤٥٦٧"


@pytest.fixture
def officer_client(client: Client, db: None) -> Client:
    client.force_login(
        MembershipFactory(role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None).user
    )
    return client


def person_form(center: Center | None, **changes: object) -> dict[str, object]:
    return {
        "full_name_ar": "منى أحمد عبد الله حسن",
        "registered_at": center.pk if center else "",
        "sex": "",
        "education": "",
        "language": "ar",
        # The check digit of the numbers here fits none.
        "number_is_exact": "on",
        **changes,
    }


def test_a_person_is_registered_with_a_national_number(manager_client: Client, center: Center):
    answer = manager_client.post(reverse("person:add"), person_form(center, national_number=NUMBER))

    person = Person.objects.get()
    assert answer.status_code == 302
    assert (person.folded_name, person.sex, person.documents.get().last4) == (
        "مني احمد عبدالله حسن",
        "female",
        "4567",
    )


@pytest.mark.parametrize("number", ["2900101123456²", "abc", "290010112345"])
def test_a_wrong_number_is_explained_and_nothing_is_half_written(
    manager_client: Client, center: Center, number: str
):
    answer = manager_client.post(reverse("person:add"), person_form(center, national_number=number))

    assert answer.status_code == 200
    assert "national_number" in answer.context["form"].errors
    assert not Person.objects.exists()
    assert not IdentityDocument.objects.exists()


def test_a_taken_number_is_explained_and_registers_no_one(manager_client: Client, center: Center):
    manager_client.post(reverse("person:add"), person_form(center, national_number=NUMBER))

    answer = manager_client.post(reverse("person:add"), person_form(center, national_number="29001011234567"))

    assert answer.context["form"].errors["national_number"]
    assert Person.objects.count() == 1


def test_a_person_is_registered_in_no_other_center(manager_client: Client, other_center: Center):
    foreign = manager_client.post(reverse("person:add"), person_form(other_center))
    nowhere = manager_client.post(reverse("person:add"), person_form(None))

    assert "registered_at" in foreign.context["form"].errors
    assert "registered_at" in nowhere.context["form"].errors
    assert not Person.objects.exists()


def test_a_person_is_moved_into_no_other_center(manager_client: Client, center: Center, other_center: Center):
    person = PersonFactory(registered_at=center)

    answer = manager_client.post(reverse("person:edit", args=[person.pk]), person_form(other_center))

    person.refresh_from_db()
    assert "registered_at" in answer.context["form"].errors
    assert person.registered_at == center


def test_the_ministry_registers_people_of_no_center(officer_client: Client):
    officer_client.post(reverse("person:add"), person_form(None))

    assert Person.objects.get().registered_at is None


@pytest.mark.parametrize("query", ["عبدالله", "مُنى", "منى احمد", "الله منى", NUMBER, "29001011234567"])
def test_a_person_is_found_in_any_spelling(manager_client: Client, center: Center, query: str):
    manager_client.post(reverse("person:add"), person_form(center, national_number=NUMBER))
    PersonFactory(full_name_ar="سعيد", registered_at=center, folded_name="سعيد")

    answer = manager_client.get(reverse("person:index_results"), {"q": query})

    assert list(answer.context["object_list"]) == [Person.objects.get(folded_name__contains="مني")]


def test_a_document_is_shown_by_its_last_four_digits(manager_client: Client, center: Center):
    manager_client.post(reverse("person:add"), person_form(center, national_number=NUMBER))

    page = manager_client.get(reverse("person:inspect", args=[Person.objects.get().pk])).content.decode()

    assert "••••4567" in page
    assert "29001011234567" not in page


def test_a_row_is_linked_to_what_may_be_done_to_it(manager: User, center: Center, other_center: Center):
    MembershipFactory(user=manager, role=RoleName.INSTRUCTOR, center=other_center)
    mine, seen = PersonFactory(registered_at=center), PersonFactory(registered_at=other_center)
    client = Client()
    client.force_login(manager)

    page = client.get(reverse("person:index")).content.decode()

    assert reverse("person:edit", args=[mine.pk]) in page
    assert reverse("person:inspect", args=[seen.pk]) in page
    assert reverse("person:edit", args=[seen.pk]) not in page


@pytest.mark.parametrize("page", ["person:index", "membership:add", "user:add", "center:add"])
def test_a_page_is_404_for_users_without_the_act_anywhere(client: Client, center: Center, page: str):
    client.force_login(MembershipFactory(role=RoleName.AUDITOR, center=center).user)

    assert client.get(reverse(page)).status_code == (200 if page == "person:index" else 404)


def test_the_menu_shows_what_may_be_seen(client: Client, center: Center):
    client.force_login(MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user)

    page = client.get(reverse("wagtailadmin_home")).content.decode()

    assert reverse("person:index") in page
    assert reverse("membership:index") not in page


def test_a_manager_gives_and_ends_a_role(manager_client: Client, center: Center):
    teacher = UserFactory(phone="+201012345678")

    form = manager_client.get(reverse("membership:add")).context["form"]
    manager_client.post(
        reverse("membership:add"), {"login": "٠١٠١٢٣٤٥٦٧٨", "role": "instructor", "center": center.pk}
    )
    membership = teacher.memberships.get()
    manager_client.post(reverse("membership:edit", args=[membership.pk]), {"reason": "left"})

    assert {"scope", "governorate"}.isdisjoint(form.fields)
    assert not Membership.objects.current().filter(user=teacher).exists()


def test_the_page_that_ends_a_role_says_whose_which_and_where(manager_client: Client, center: Center):
    teacher = UserFactory(display_name="هدى محمود عبد الرازق")
    membership = MembershipFactory(user=teacher, role=RoleName.INSTRUCTOR, center=center)
    address = reverse("membership:edit", args=[membership.pk])

    page = manager_client.get(address).text
    main = page[page.index("<main") :]
    after = manager_client.post(address, {"reason": "left"}, follow=True).text

    assert "إنهاء دور: هدى محمود عبد الرازق" in page
    for words in ("هدى محمود عبد الرازق", "مدرب", str(center)):
        assert words in main
    assert "لم يعد لـ هدى محمود عبد الرازق هذا الدور" in after


@pytest.mark.parametrize(
    "wrong", [{"role": "ministry_officer"}, {"role": "auditor"}, {"login": "nobody"}, {"center": "other"}]
)
def test_a_role_out_of_reach_is_explained(
    manager_client: Client, center: Center, other_center: Center, wrong: dict
):
    UserFactory(username="mona")
    if "center" in wrong:
        wrong = {"center": other_center.pk}

    answer = manager_client.post(
        reverse("membership:add"), {"login": "mona", "role": "instructor", "center": center.pk, **wrong}
    )

    assert answer.context["form"].errors
    assert Membership.objects.count() == 1


def test_a_user_cannot_give_the_own_login_a_role(manager: User, manager_client: Client, center: Center):
    answer = manager_client.post(
        reverse("membership:add"), {"login": manager.username, "role": "assessor", "center": center.pk}
    )

    assert answer.context["form"].non_field_errors()
    assert manager.memberships.count() == 1


def test_the_ministry_gives_a_role_of_the_ministry(officer_client: Client):
    UserFactory(username="mona")

    officer_client.post(
        reverse("membership:add"), {"login": "mona", "role": "certifying_officer", "scope": "ministry"}
    )

    assert Membership.objects.get(role=RoleName.CERTIFYING_OFFICER).scope == MembershipScope.MINISTRY


def test_a_login_is_made_with_its_first_role_and_helped_in(manager_client: Client, center: Center):
    manager_client.post(
        reverse("user:add"),
        {
            "display_name": "سامي فؤاد حسن علي",
            "number": "29001011234575",
            "country": "",
            "username": "sami",
            "phone": "01012345679",
            "email": "",
            "language": "ar",
            "role": "instructor",
            "center": center.pk,
        },
    )
    sami = User.objects.get(username="sami")

    answer = manager_client.post(
        reverse("user:edit", args=[sami.pk]), {"step": "new_password", "reason": "first day"}, follow=True
    )

    # Another person gives it: who asked learns no password.
    assert passwords_in(answer.context["messages"]) == []
    assert PasswordRecovery.objects.get(user=sami).asked_by != sami
    assert Membership.objects.get(user=sami).role == RoleName.INSTRUCTOR


def test_the_ministry_opens_a_center(officer_client: Client, center: Center):
    officer_client.post(
        reverse("center:add"),
        {
            "code": "GIZ-01",
            "kind": "fixed",
            "governorate": center.governorate.pk,
            "name_ar": "مركز الجيزة",
            "name_en": "Giza center",
            "is_active": "on",
        },
    )

    assert Center.objects.filter(code="GIZ-01").exists()


def test_a_manager_changes_no_center(manager_client: Client, center: Center):
    assert manager_client.get(reverse("center:edit", args=[center.pk])).status_code == 404
    assert manager_client.get(reverse("center:inspect", args=[center.pk])).status_code == 200


def test_governorates_are_looked_up_in_one_list(manager_client: Client):
    page = manager_client.get(reverse("governorate:index")).content.decode()

    assert "خارج الجمهورية" in page
    assert "new/" not in page


def test_wagtail_shows_no_pages_of_users_and_bulk_actions_are_for_superusers(
    manager_client: Client, center: Center
):
    teacher = MembershipFactory(center=center).user

    assert manager_client.get("/admin/users/").status_code == 404
    manager_client.post(
        f"/admin/bulk/accounts/user/set_active_state/?id={teacher.pk}", {"mark_as_active": ""}
    )
    manager_client.post(f"/admin/bulk/accounts/user/delete/?id={teacher.pk}")

    teacher.refresh_from_db()
    assert teacher.is_active


def test_the_account_page_asks_no_first_and_last_name(manager_client: Client):
    page = manager_client.get(reverse("wagtailadmin_account"))

    assert page.status_code == 200
    assert "first_name" not in page.content.decode()


def test_a_superuser_opens_every_page_of_the_menu(client: Client, superuser: User):
    CenterFactory()
    client.force_login(superuser)

    for name in ("wagtailadmin_home", "person:index", "center:index", "membership:index", "user:index"):
        assert client.get(reverse(name)).status_code == 200


def test_a_trainee_at_the_staff_login_is_redirected_to_my_learning(client: Client, db: None):
    client.force_login(TraineeFactory())

    answer = client.get(reverse("wagtailadmin_home"))

    assert (answer.status_code, answer["Location"]) == (302, reverse("courses:my_learning"))
