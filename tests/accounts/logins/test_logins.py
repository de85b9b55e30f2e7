"""Logins: made, closed, helped, and access to the staff workplace."""

import datetime as dt

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import MembershipScope, RoleName
from accounts.errors import DomainError
from accounts.models import Center, Consent, Person, User
from accounts.services.contacts import BadEmail
from accounts.services.logins import (
    BadUserName,
    LoginOutOfReach,
    LoginTaken,
    NoWayToLogIn,
    OwnLogin,
    create_login,
    deactivate_login,
    reactivate_login,
)
from accounts.services.phones import NotAMobileNumber
from accounts.services.recoveries import ask_for_password_of_staff
from tests.factories.accounts import (
    MembershipFactory,
    PasswordRecoveryFactory,
    TraineeFactory,
    UserFactory,
    password_given,
)

PASSWORD = "lathe-and-anvil-7"


@pytest.fixture
def trainee(db: None) -> User:
    return TraineeFactory(username=None, phone="+201012345678", password=PASSWORD)


def log_in(client: Client, login: str, password: str = PASSWORD, **more: str):
    return client.post(
        reverse("account_login"), {"login": login, "password": password, "next": "/healthz", **more}
    )


@pytest.mark.parametrize("typed", ["01012345678", "٠١٠١٢٣٤٥٦٧٨", "0020 10 1234 5678", "+201012345678"])
def test_a_phone_logs_in_in_every_spelling(client: Client, trainee: User, typed: str):
    answer = log_in(client, typed)

    assert (answer.status_code, answer.url) == (302, "/healthz")
    assert client.session[SESSION_KEY] == str(trainee.pk)


@pytest.mark.parametrize("typed", ["lathe-and-anvil-٧", "lathe-and-anvil-۷"])
def test_a_password_is_the_same_in_the_digits_of_every_keyboard(client: Client, trainee: User, typed: str):
    log_in(client, "01012345678", "lathe-and-anvil-٨")
    assert SESSION_KEY not in client.session

    log_in(client, "01012345678", typed)

    assert client.session[SESSION_KEY] == str(trainee.pk)


def test_a_password_that_was_chosen_in_arabic_digits_opens_in_latin_ones(client: Client, db: None):
    trainee = TraineeFactory(username="mona", password="مخرطة-وسندان-٧٧")

    log_in(client, "mona", "مخرطة-وسندان-77")

    assert client.session[SESSION_KEY] == str(trainee.pk)


@pytest.mark.parametrize("typed", ["mona", "MONA ", "mona@example.org", "Mona@Example.ORG"])
def test_a_user_name_and_an_e_mail_log_in(client: Client, db: None, typed: str):
    create_login(username="Mona", email="mona@example.org", password=PASSWORD, by=None)

    assert log_in(client, typed).status_code == 302


def test_all_spellings_share_one_counter_of_failed_attempts(client: Client, trainee: User):
    spellings = [
        "01012345678",
        "٠١٠١٢٣٤٥٦٧٨",
        "0020 10 1234 5678",
        "۰۱۰۱۲۳۴۵۶۷۸",
        "+20 1012345678",
        "010-1234-5678",
    ]
    for typed in (spellings * 2)[:11]:
        log_in(client, typed, "wrong")

    answer = log_in(client, "01012345678")

    assert answer.status_code == 429
    assert SESSION_KEY not in client.session


def test_logging_in_changes_the_session_id(client: Client, trainee: User):
    client.get(reverse("account_login"))
    client.session["seen"] = True
    before = client.session.session_key

    log_in(client, "01012345678")

    assert client.session.session_key != before


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_login_leads_to_no_foreign_site(client: Client, trainee: User, settings, target: str):
    settings.LOGIN_REDIRECT_URL = "/healthz"

    answer = log_in(client, "01012345678", next=target)

    assert answer.url == "/healthz"


def test_staff_begin_in_the_workplace(client: Client, center: Center):
    MembershipFactory(center=center, user=UserFactory(username="mona", password=PASSWORD))

    assert log_in(client, "mona", next="").url == reverse("wagtailadmin_home")


def test_a_trainee_never_enters_the_workplace(client: Client, trainee: User, center: Center):
    MembershipFactory(user=trainee, role=RoleName.TRAINEE, center=center)
    client.force_login(trainee)

    door = client.get(reverse("wagtailadmin_home"))
    answer = client.get(reverse("person:index"), follow=True)

    assert door["Location"] == reverse("courses:my_learning")
    assert [status for _url, status in answer.redirect_chain] == [302]
    assert answer.status_code == 404


def test_a_visitor_of_the_workplace_comes_back_after_login(client: Client, db: None):
    answer = client.get("/admin/login/", {"next": "/admin/person/"})

    assert answer.url == f"{reverse('account_login')}?next=/admin/person/"
    assert client.get("/admin/login/", {"next": "//evil.example"}).url.endswith("?next=/admin/")


def test_a_closed_login_is_out_with_the_next_request(client: Client, manager: User, center: Center):
    teacher = MembershipFactory(center=center).user
    client.force_login(teacher)
    assert client.get(reverse("wagtailadmin_home")).status_code == 200

    deactivate_login(user_id=teacher.pk, reason="left", by=manager)

    assert client.get(reverse("wagtailadmin_home")).status_code == 302


def test_a_login_that_is_opened_again_has_no_session_from_before(
    client: Client, manager: User, center: Center
):
    colleague = MembershipFactory(center=center).user
    client.force_login(colleague)
    deactivate_login(user_id=colleague.pk, reason="left", by=manager)
    reactivate_login(user_id=colleague.pk, reason="came back", by=manager)

    assert client.get(reverse("wagtailadmin_home")).status_code == 302

    client.force_login(User.objects.get(pk=colleague.pk))
    assert client.get(reverse("wagtailadmin_home")).status_code == 200


def test_a_lapsed_role_closes_the_workplace(client: Client, center: Center):
    membership = MembershipFactory(center=center)
    client.force_login(membership.user)
    membership.delete()

    assert client.get(reverse("wagtailadmin_home")).status_code == 302


def sign_up_form(**changes: object) -> dict[str, object]:
    return {
        "full_name_ar": "منى أحمد عبد الله حسن",
        "birth_date": "25/3/1998",
        "phone": "٠١٠١٢٣٤٥٦٧٨",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "consent": "on",
        **changes,
    }


def test_signing_up_registers_person_login_and_consent(client: Client, db: None, settings):
    settings.LOGIN_REDIRECT_URL = "/healthz"

    answer = client.post(reverse("account_signup"), sign_up_form())

    user = User.objects.get(phone="+201012345678")
    assert (answer.status_code, answer.url) == (302, "/healthz")
    assert (user.person.folded_name, user.email) == ("مني احمد عبدالله حسن", None)
    assert Consent.objects.get(person=user.person).given_by == user
    assert client.session[SESSION_KEY] == str(user.pk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": ""}, "phone"),
        ({"phone": "123"}, "phone"),
        ({"phone": "٠١٠١٢٣٤٥٦٧٨٩"}, "phone"),
        ({"consent": ""}, "consent"),
        ({"password1": "123", "password2": "123"}, "password1"),
        ({"full_name_ar": " "}, "full_name_ar"),
        ({"birth_date": ""}, "birth_date"),
        ({"birth_date": "31/2/1998"}, "birth_date"),
        ({"birth_date": "25/3/1898"}, "birth_date"),
        ({"birth_date": "25/3/2098"}, "birth_date"),
        ({"birth_date": (timezone.localdate() - dt.timedelta(days=17 * 365)).isoformat()}, "birth_date"),
        ({"email": "not-an-address"}, "email"),
    ],
)
def test_a_wrong_sign_up_is_explained_and_writes_nothing(client: Client, db: None, changes: dict, field: str):
    answer = client.post(reverse("account_signup"), sign_up_form(**changes))

    assert field in answer.context["form"].errors
    assert not User.objects.exists()
    assert not Person.objects.exists()


def test_a_number_that_is_known_is_answered_as_one_that_is_not(client: Client, trainee: User):
    """`trainee` has the number of the form; nothing that the newcomer sees tells so, and both log in by it."""
    seen, password = [], "another-anvil-of-9"
    for number in ("٠١٠١٢٣٤٥٦٧٨", "٠١٠١٢٣٤٥٦٧٩"):
        visitor, again = Client(), Client()
        typed = sign_up_form(phone=number, password1=password, password2=password)
        answer = visitor.post(reverse("account_signup"), typed, follow=True)
        again.post(reverse("account_login"), {"login": number, "password": password})
        user = User.objects.latest("pk")
        told = [str(message) for message in answer.context["messages"]]
        # Numbers and user names have the same length.
        seen.append((answer.redirect_chain, told, len(visitor.get(reverse("account")).content)))
        assert again.session[SESSION_KEY] == str(user.pk)

    assert seen[0] == seen[1]
    trainee.refresh_from_db()
    assert trainee.phone == "+201012345678"


def test_a_signed_up_trainee_logs_out_and_changes_the_password(client: Client, trainee: User):
    client.force_login(trainee)

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "anvil-and-lathe-8", "password2": "anvil-and-lathe-8"},
    )
    client.post(reverse("account_logout"))

    assert SESSION_KEY not in client.session
    assert log_in(client, "01012345678", "anvil-and-lathe-8").status_code == 302


def test_each_password_that_is_typed_to_change_it_can_be_shown(client: Client, trainee: User):
    client.force_login(trainee)

    page = client.get(reverse("account_change_password")).content.decode()

    assert [page.count(f'data-shows="id_{name}"') for name in ("oldpassword", "password1", "password2")] == [
        1,
        1,
        1,
    ]
    assert "js/passwords" in page


def test_a_forgotten_password_is_mailed_with_the_configured_address(client: Client, settings, db: None):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://mihna.example"
    create_login(email="mona@example.org", password=PASSWORD, by=None)

    client.post(
        reverse("account_reset_password"), {"email": "mona@example.org"}, headers={"host": "evil.example"}
    )

    assert "https://mihna.example/" in mail.outbox[0].body
    assert "evil.example" not in mail.outbox[0].body


def test_two_colleagues_give_a_third_one_a_new_password_once(manager: User, center: Center):
    colleague = MembershipFactory(center=center).user

    password = password_given(colleague, first=manager)

    colleague.refresh_from_db()
    assert colleague.check_password(password)


def test_a_manager_takes_over_no_login_with_roles_beyond_the_center(manager: User, center: Center):
    officer = MembershipFactory(
        role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None
    ).user
    MembershipFactory(user=officer, role=RoleName.INSTRUCTOR, center=center)

    for user in (officer, UserFactory(is_superuser=True)):
        with pytest.raises(LoginOutOfReach):
            ask_for_password_of_staff(user_id=user.pk, reason="lost", by=manager)
    with pytest.raises(OwnLogin):
        deactivate_login(user_id=manager.pk, reason="tired", by=manager)


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({}, NoWayToLogIn),
        ({"username": "01012345678"}, BadUserName),
        ({"username": "a@b"}, BadUserName),
        ({"phone": "²"}, NotAMobileNumber),
        ({"email": "nowhere"}, BadEmail),
        ({"email": "a@example.org\r\nBcc: all@example.org"}, BadEmail),
    ],
)
def test_an_impossible_login_is_not_made(db: None, wanted: dict, refusal: type[DomainError]):
    with pytest.raises(refusal):
        create_login(**wanted, by=None)

    assert not User.objects.exists()


@pytest.mark.parametrize(
    "taken", [{"username": "MONA"}, {"email": "Mona@Example.org"}, {"phone": "010 1234 5678"}]
)
def test_a_login_is_taken_in_any_spelling(db: None, taken: dict):
    create_login(username="mona", email="mona@example.org", phone="01012345678", by=None)

    with pytest.raises(LoginTaken):
        create_login(**taken, by=None)


def test_blank_identifiers_are_none_and_never_stored(db: None):
    first, second = User.objects.create_user("mona", email="", phone=""), UserFactory(email="")

    assert (first.email, first.phone, second.email) == (None, None, None)
    with pytest.raises(IntegrityError):
        User.objects.filter(pk=first.pk).update(email="")


def test_a_login_is_found_by_its_natural_key(trainee: User):
    assert User.objects.get_by_natural_key(*trainee.natural_key()) == trainee


@pytest.mark.parametrize("typed", ["mona.hassan", "مني إبراهيم", "+201012345678"])
@pytest.mark.parametrize("name", ["membership:index", "lost_passwords:index"])
def test_roles_and_lost_passwords_are_found_by_the_login(
    client: Client, superuser: User, center: Center, name: str, typed: str
):
    facts = {"username": "mona.hassan", "phone": "+201012345678"}
    names = {"person__full_name_ar": "منى إبراهيم حسن", "person__folded_name": "مني ابراهيم حسن"}
    mona = TraineeFactory(**names, person__registered_at=center, **facts)
    other = TraineeFactory(person__registered_at=center)
    for user in (mona, other):
        MembershipFactory(user=user, center=center)
        PasswordRecoveryFactory(user=user, center=center)
    client.force_login(superuser)

    found = client.get(reverse(name), {"q": typed}).context["object_list"]

    assert [row.user for row in found] == [mona]
