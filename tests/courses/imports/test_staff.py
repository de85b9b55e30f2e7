"""Importing staff: person, login and role, within what their importer may give by hand."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.enums import MembershipScope, RoleName
from accounts.models import Center, Contact, Membership, Person, User
from accounts.services.audit_verifying import AuditVerification
from accounts.services.hands import confirm_card
from accounts.services.identity_documents import register_national_id
from accounts.services.logins import create_login, deactivate_login
from accounts.services.memberships import end_role
from accounts.services.people import register_person
from courses.enums import ImportKind, ImportStep
from courses.errors import ImportNotAllowed, ImportOfAnother
from courses.services.imports import start_import, work_on_import
from tests.courses.imports.lists import ALI, MONA, checked, counts, csv_of, faults, imported, number
from tests.factories.accounts import (
    GovernorateFactory,
    MembershipFactory,
    PersonFactory,
    UserFactory,
    password_given,
    staff_member,
)

HEADINGS = ("الاسم", "الرقم القومي", "البريد الإلكتروني", "المحمول", "الوظيفة", "المركز")


@pytest.fixture
def by(center: Center) -> User:
    return MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user


@pytest.fixture
def officer(db: None) -> User:
    return MembershipFactory(role=RoleName.MINISTRY_OFFICER, center=None, scope=MembershipScope.MINISTRY).user


@pytest.fixture
def facts(center: Center, by: User) -> dict[str, object]:
    return {"center": center, "by": by, "kind": ImportKind.STAFF}


def row(role: str = "مدرب", place: str = "", *, who: tuple[str, str] = MONA, email: str = "mona@example.org", phone: str = "") -> tuple[str, ...]:  # fmt: skip
    return (*who, email, phone, role, place)


def of_ministry(facts: dict[str, object], officer: User) -> dict[str, object]:
    return {**facts, "by": officer}


def person_with(national_number: str, center: Center) -> Person:
    person = register_person(full_name_ar=MONA[0], registered_at=center, by=None)
    register_national_id(person_id=person.pk, number=national_number, by=UserFactory())
    return Person.objects.get(pk=person.pk)


def test_a_list_makes_people_logins_and_roles_and_a_second_run_none(center: Center, facts: dict[str, object]):
    data = csv_of(
        HEADINGS, row("مدربة"), row("Registrar", who=ALI, email="", phone="01012345678"), row("مدرب")
    )

    check = checked(data, **facts)
    nothing = (Person.objects.filter(registered_at=center).count(), Membership.objects.count())
    start_import(run_id=check.pk, by=facts["by"])
    work_on_import(run_id=check.pk)
    check.refresh_from_db()
    again = checked(data, **facts)

    assert nothing == (0, 1)
    assert (check.step, counts(check), counts(again)) == (ImportStep.IMPORTED, (2, 0, 1, 0), (0, 0, 3, 0))
    mona, ali = User.objects.filter(person__registered_at=center).order_by("pk")
    assert (mona.email, mona.phone, ali.phone) == ("mona@example.org", None, "+201012345678")
    assert not mona.has_usable_password()
    assert set(Membership.objects.filter(user__in=[mona, ali]).values_list("user", "role", "center")) == {
        (mona.pk, RoleName.INSTRUCTOR, center.pk),
        (ali.pk, RoleName.REGISTRAR, center.pk),
    }
    assert Contact.objects.filter(person__registered_at=center, proved_how="").count() == 2
    assert list(AuditVerification().findings()) == []


def test_an_imported_login_opens_by_a_mail_to_its_address(facts: dict[str, object], client: Client):
    imported(csv_of(HEADINGS, row()), **facts)
    user = User.objects.get(email="mona@example.org")
    refused = Client().post(reverse("account_login"), {"login": user.email, "password": ""})

    client.post(reverse("account_reset_password"), {"email": user.email})
    [link] = re.findall(r"https?://[^/]+(/\S+)", mail.outbox[0].body)
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "kitab-akhdar-77", "password2": "kitab-akhdar-77"})

    assert refused.status_code == 200
    assert User.objects.get(pk=user.pk).check_password("kitab-akhdar-77")


def test_an_imported_login_opens_by_a_temporary_password_of_a_second_colleague(
    by: User, facts: dict[str, object]
):
    imported(csv_of(HEADINGS, row()), **facts)
    user = User.objects.get(email="mona@example.org")

    password = password_given(user, first=by)

    user.refresh_from_db()
    assert user.check_password(password)
    assert user.password_is_temporary


@pytest.mark.parametrize(
    ("role", "place", "fault"),
    [
        ("مسؤول بالوزارة", "", (2, "role", "RoleOutOfReach")),
        ("مدرب", "OTHER-1", (2, "place", "RoleOutOfReach")),
        ("مدير مركز", "الوزارة", (2, "place", "RoleOutOfReach")),
        ("متدرب", "", (2, "role", "RoleUnknown")),
        ("مدرب", "لا مكان", (2, "place", "PlaceUnknown")),
    ],
)
def test_a_manager_imports_local_roles_of_the_own_center_only(
    other_center: Center, facts: dict[str, object], role: str, place: str, fault: tuple[int, str, str]
):
    Center.objects.filter(pk=other_center.pk).update(code="OTHER-1")
    people = Person.objects.count()

    run = checked(csv_of(HEADINGS, row(role, place)), **facts)

    assert (counts(run), faults(run)) == ((0, 0, 0, 1), [fault])
    assert Person.objects.count() == people


def test_the_ministry_imports_roles_of_any_place(
    other_center: Center, officer: User, facts: dict[str, object]
):
    governorate = GovernorateFactory()
    rows = [
        row("مدرب", other_center.code.lower()),
        row("مقيّم", "ministry", who=ALI, email="ali@example.org"),
        row("مسجل", governorate.name_ar, who=("هدى سعد علي حسن", number(7)), email="hoda@example.org"),
    ]

    run = imported(csv_of(HEADINGS, *rows), **of_ministry(facts, officer))

    assert (counts(run), faults(run)) == ((3, 0, 0, 0), [])
    given = Membership.objects.exclude(user=officer).exclude(user=facts["by"])
    assert set(
        given.values_list("role", "scope", "center", "governorate", "user__person__registered_at")
    ) == {
        (RoleName.INSTRUCTOR, MembershipScope.CENTER, other_center.pk, None, other_center.pk),
        (RoleName.ASSESSOR, MembershipScope.MINISTRY, None, None, None),
        (RoleName.REGISTRAR, MembershipScope.GOVERNORATE, None, governorate.pk, None),
    }


@pytest.mark.parametrize("role", ["مسؤول اعتماد الشهادات", "مفتش"])
def test_who_makes_a_login_does_not_give_it_a_role_of_the_ministry(
    officer: User, facts: dict[str, object], role: str
):
    given = csv_of(HEADINGS, row(role, "الوزارة"))

    first = checked(given, **of_ministry(facts, officer))
    imported(csv_of(HEADINGS, row("مسجل", "الوزارة")), **of_ministry(facts, officer))
    second = checked(given, **of_ministry(facts, officer))
    colleague = staff_member(RoleName.MINISTRY_OFFICER)
    third = checked(given, **of_ministry(facts, colleague))
    user = User.objects.get(email="mona@example.org")
    confirm_card(user_id=user.pk, number=MONA[1], phone=user.phone or "", by=colleague)
    fourth = checked(given, **of_ministry(facts, colleague))

    assert faults(first) == faults(second) == faults(third) == [(2, "role", "RoleNeedsTwo")]
    assert counts(fourth) == (0, 1, 0, 0)


def test_a_list_gives_no_role_that_gives_roles(facts: dict[str, object]):
    run = checked(csv_of(HEADINGS, row("مدير مركز")), **facts)

    assert faults(run) == [(2, "role", "RoleNeedsTwo")]


def test_a_list_of_staff_is_imported_by_the_one_who_uploaded_it(center: Center, facts: dict[str, object]):
    colleague = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user
    run = checked(csv_of(HEADINGS, row()), **facts)
    client = Client(headers={"accept-language": "en"})
    client.force_login(colleague)

    with pytest.raises(ImportOfAnother):
        start_import(run_id=run.pk, by=colleague)

    assert (
        reverse("imports:start", args=[run.pk])
        not in client.get(reverse("imports:inspect", args=[run.pk])).content.decode()
    )


def test_roles_that_conflict_are_given_by_hand(facts: dict[str, object]):
    run = checked(csv_of(HEADINGS, row("مدرب"), row("مقيّم")), **facts)

    assert (counts(run), faults(run)) == ((1, 0, 0, 1), [(3, "role", "RolesClash")])


def test_no_one_gets_a_role_by_their_own_list(center: Center, by: User, facts: dict[str, object]):
    by.person = person_with(MONA[1], center)
    by.save()

    run = checked(csv_of(HEADINGS, row("مسجل")), **facts)

    assert faults(run) == [(2, "", "OwnRole")]


def test_a_role_that_was_ended_is_not_given_again_by_its_list(by: User, facts: dict[str, object]):
    data = csv_of(HEADINGS, row())
    imported(data, **facts)
    end_role(membership_id=Membership.objects.get(user__email="mona@example.org").pk, reason="left", by=by)

    assert faults(checked(data, **facts)) == [(2, "role", "RoleWasEnded")]


def test_a_closed_login_is_not_opened_by_a_list(by: User, facts: dict[str, object]):
    imported(csv_of(HEADINGS, row()), **facts)
    deactivate_login(user_id=User.objects.get(email="mona@example.org").pk, reason="left", by=by)

    assert faults(checked(csv_of(HEADINGS, row("مسجل")), **facts)) == [(2, "", "LoginClosed")]


def test_a_login_that_is_there_gets_the_role_and_keeps_what_it_logs_in_by(
    center: Center, by: User, facts: dict[str, object]
):
    person = person_with(MONA[1], center)
    user = create_login(email="own@example.org", person=person, password="kitab-akhdar-77", by=None)

    run = imported(csv_of(HEADINGS, row(email="own@example.org", phone="01012345678")), **facts)
    other = checked(csv_of(HEADINGS, row("مسجل", email="other@example.org")), **facts)

    assert (counts(run), faults(other)) == ((0, 1, 0, 0), [(2, "email", "RegisterDiffers")])
    user.refresh_from_db()
    assert (user.email, user.phone, user.check_password("kitab-akhdar-77")) == ("own@example.org", None, True)
    assert not Contact.objects.filter(person=person).exists()


def test_a_person_of_another_center_keeps_record_and_login(other_center: Center, facts: dict[str, object]):
    person = person_with(MONA[1], other_center)
    without_login = checked(csv_of(HEADINGS, row()), **facts)
    create_login(email="own@example.org", person=person, by=None)

    with_login = checked(csv_of(HEADINGS, row()), **facts)

    assert faults(without_login) == faults(with_login) == [(2, "", "StaffElsewhere")]


def test_faults_of_staff_name_their_line_and_column(center: Center, facts: dict[str, object]):
    create_login(email="taken@example.org", display_name="a", by=None)
    register_person(full_name_ar="سارة عمر علي حسن", registered_at=center, by=None)
    Contact.objects.create(person=PersonFactory(), kind="phone", value="+201055555555")
    rows = [
        row(email="", phone=""),
        row(email="taken@example.org"),
        row(email="", phone="01055555555"),
        row(who=("سارة عمر علي حسن", number(3))),
        row(""),
        row(who=("Mona", MONA[1])),
    ]

    run = checked(csv_of(HEADINGS, *rows), **facts)

    assert faults(run) == [
        (2, "phone", "ContactMissing"),
        (3, "", "LoginTaken"),
        (4, "", "LineDiffers"),
        (5, "full_name_ar", "MaybeOnRecord"),
        (6, "role", "ValueMissing"),
        (7, "full_name_ar", "NameNotFull"),
    ]


def test_the_number_of_another_person_makes_no_login(facts: dict[str, object]):
    Contact.objects.create(person=PersonFactory(), kind="phone", value="+201055555555")

    run = checked(csv_of(HEADINGS, row(email="", phone="01055555555")), **facts)

    assert faults(run) == [(2, "phone", "ContactOfAnother")]


@pytest.mark.parametrize("role", [RoleName.REGISTRAR, RoleName.ASSESSOR])
def test_who_gives_no_roles_imports_no_staff(center: Center, role: RoleName):
    other = MembershipFactory(role=role, center=center).user

    with pytest.raises(ImportNotAllowed):
        checked(csv_of(HEADINGS, row()), kind=ImportKind.STAFF, center=center, by=other)
