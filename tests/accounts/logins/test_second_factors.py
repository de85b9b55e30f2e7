"""Second factors: who needs one, what it opens, how it is reset, and wrong codes."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from pytest_django.fixtures import Settings
from wagtail.models import ModelLogEntry

from accounts.enums import MembershipScope, RoleName
from accounts.middleware import SecondFactorMiddleware
from accounts.models import User
from accounts.services.login_notices import deliver_login_notices
from accounts.services.logins import LoginOutOfReach
from accounts.services.second_factors import NoSecondFactor, remove_second_factors
from tests.accounts.authenticators import PASSWORD, code_of, log_in, set_up_app, wrong_code
from tests.factories.accounts import CenterFactory, MembershipFactory, TraineeFactory, UserFactory

# A factor counts in its session from the commit of the request that set it up.
pytestmark = pytest.mark.django_db(transaction=True)

HOME = reverse("wagtailadmin_home")


@pytest.fixture
def required(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def officer(transactional_db: None) -> User:
    officer = UserFactory(username="officer", password=PASSWORD, email="officer@example.org")
    MembershipFactory(
        user=officer, role=RoleName.CERTIFYING_OFFICER, scope=MembershipScope.MINISTRY, center=None
    )
    return officer


@pytest.fixture
def phone(officer: User) -> tuple[Client, str, list[str]]:
    """The officer's browser, the secret in the app, and the recovery codes."""
    client = log_in(officer)
    secret, codes = set_up_app(client)
    return client, secret, codes


def type_code(client: Client, code: str) -> int:
    return client.post(reverse("mfa_authenticate"), {"code": code}).status_code


def is_in(client: Client) -> bool:
    return SESSION_KEY in client.session


@pytest.mark.parametrize("role", [RoleName.CERTIFYING_OFFICER, RoleName.MINISTRY_OFFICER])
def test_officers_are_led_to_a_second_factor_before_their_work_opens(
    required: None, transactional_db: None, role: RoleName
):
    user = UserFactory(password=PASSWORD)
    MembershipFactory(user=user, role=role, scope=MembershipScope.MINISTRY, center=None)
    client = log_in(user)

    pages = [HOME, reverse("person:index"), reverse("uploads:page"), reverse("live:index")]
    answers = [client.get(page) for page in pages]

    assert [answer.get("Location") for answer in answers] == [reverse("mfa_index")] * 4
    assert "خطوة" in client.get(reverse("mfa_index")).content.decode()
    assert client.get(reverse("courses:my_learning")).status_code == 200


def test_so_are_superusers(required: None, transactional_db: None):
    client = log_in(UserFactory(password=PASSWORD, is_superuser=True))

    assert client.get(HOME)["Location"] == reverse("mfa_index")


def test_a_post_of_such_a_login_does_nothing(required: None, officer: User):
    client = log_in(officer)

    answer = client.post(reverse("wagtailadmin_account"), {"locale-preferred_language": "en"})

    assert (answer.status_code, answer["Location"]) == (302, reverse("mfa_index"))


def test_other_staff_and_trainees_are_asked_for_none(required: None, manager: User):
    client = Client()
    client.force_login(manager)
    trainee = Client()
    trainee.force_login(TraineeFactory())

    assert client.get(HOME).status_code == 200
    assert trainee.get(reverse("live:index")).status_code == 200


def test_no_page_of_the_workplace_is_open_without_one():
    is_open = SecondFactorMiddleware(lambda request: request).is_open
    resolve = get_resolver().resolve
    admin = [pattern for pattern in get_resolver().url_patterns if str(pattern.pattern) == "admin/"]
    names = {name for part in admin for name in open_names(part, is_open=is_open, namespace="")}

    assert names == {"wagtailadmin_logout"}
    assert not is_open(resolve(reverse("uploads:state")))


def open_names(part: object, *, is_open: object, namespace: str) -> set[str]:
    found = set()
    for pattern in part.url_patterns:
        if isinstance(pattern, URLPattern):
            match = type("Match", (), {"namespace": namespace, "url_name": pattern.name, "view_name": ""})
            found |= {pattern.name} if is_open(match) else set()
        else:
            found |= open_names(pattern, is_open=is_open, namespace=pattern.namespace or namespace)
    return found


def test_the_work_opens_when_it_is_set_up(required: None, phone: tuple[Client, str, list[str]]):
    client, _secret, codes = phone

    assert client.get(HOME).status_code == 200
    assert len(codes) == 10


def test_it_is_offered_where_it_is_not_required(officer: User):
    client = log_in(officer)

    assert client.get(HOME).status_code == 200
    set_up_app(client)
    assert Authenticator.objects.filter(user=officer, type="totp").exists()


def test_a_password_alone_does_not_log_in_a_user_with_a_second_factor(
    phone: tuple[Client, str, list[str]], officer: User
):
    _client, secret, _codes = phone
    other = log_in(officer)
    assert not is_in(other)

    type_code(other, code_of(secret, steps_later=1))

    assert is_in(other)


def test_a_code_opens_once(phone: tuple[Client, str, list[str]], officer: User):
    _client, secret, _codes = phone
    code = code_of(secret, steps_later=1)
    type_code(log_in(officer), code)
    thief = log_in(officer)

    type_code(thief, code)

    assert not is_in(thief)


def test_a_code_may_be_typed_in_arabic_digits(phone: tuple[Client, str, list[str]], officer: User):
    _client, secret, _codes = phone
    other = log_in(officer)

    type_code(other, code_of(secret, steps_later=1).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))

    assert is_in(other)


def test_a_recovery_code_opens_once(phone: tuple[Client, str, list[str]], officer: User):
    _client, _secret, codes = phone
    first, second = log_in(officer), log_in(officer)

    type_code(first, codes[3])
    type_code(second, codes[3])

    assert (is_in(first), is_in(second)) == (True, False)
    used = ModelLogEntry.objects.for_instance(officer).filter(action="accounts.login.use_recovery_code")
    assert used.count() == 1


def test_recovery_codes_are_shown_once(phone: tuple[Client, str, list[str]]):
    client, _secret, codes = phone

    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()

    assert not [code for code in codes if code in page]
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 403


def test_guessed_codes_are_limited_and_the_right_one_is_refused_then(
    phone: tuple[Client, str, list[str]], officer: User
):
    _client, secret, codes = phone
    thief = log_in(officer)
    for _ in range(5):
        type_code(thief, wrong_code(secret))

    type_code(thief, codes[0])
    type_code(thief, code_of(secret, steps_later=1))

    assert not is_in(thief)


def test_no_more_than_thirty_wrong_codes_count_in_a_day(
    phone: tuple[Client, str, list[str]], officer: User, settings: Settings
):
    assert settings.ACCOUNT_RATE_LIMITS["second_factor"] == "30/d/key"
    # Without the limit of five minutes, which would take a test hours, and with fewer codes.
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1000/m/ip", "second_factor": "7/d/key"}
    _client, secret, codes = phone
    thief = log_in(officer)
    for _ in range(7):
        type_code(thief, wrong_code(secret))

    type_code(thief, codes[0])

    assert not is_in(thief)


def test_right_codes_use_up_nothing(phone: tuple[Client, str, list[str]], settings: Settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "second_factor": "1/d/key"}
    client, _secret, codes = phone

    answers = [client.post(reverse("mfa_reauthenticate"), {"code": code}).status_code for code in codes[:3]]

    assert answers == [302] * 3


def test_sessions_of_before_end_when_the_first_one_is_set_up(officer: User):
    thief = log_in(officer)
    client = log_in(officer)

    set_up_app(client)

    assert thief.get(HOME).status_code == 302
    assert client.get(HOME).status_code == 200


def test_a_session_that_used_none_is_asked_for_it(
    required: None, phone: tuple[Client, str, list[str]], officer: User
):
    _client, _secret, codes = phone
    officer.refresh_from_db()
    client = Client()
    client.force_login(officer)

    asked = client.get(reverse("person:index"))
    back = client.post(asked["Location"], {"code": codes[0], "next": reverse("person:index")})

    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))
    assert back["Location"] == reverse("person:index")
    assert client.get(reverse("person:index")).status_code == 200


def test_the_last_one_is_not_removed_where_it_is_required(
    required: None, phone: tuple[Client, str, list[str]], officer: User
):
    client, _secret, _codes = phone

    client.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.filter(user=officer, type="totp").exists()


def test_who_has_none_any_more_is_led_to_it_at_once(
    required: None, phone: tuple[Client, str, list[str]], officer: User
):
    client, _secret, _codes = phone
    Authenticator.objects.filter(user=officer).delete()

    assert client.get(HOME)["Location"] == reverse("mfa_index")


def test_secrets_are_encrypted_at_rest(phone: tuple[Client, str, list[str]], officer: User):
    _client, secret, codes = phone

    kept = str([authenticator.data for authenticator in Authenticator.objects.filter(user=officer)])

    assert secret not in kept
    assert not [code for code in codes if code in kept]
    assert kept.count("gAAAA") == 2


def test_the_holder_is_notified_of_a_new_second_factor(phone: tuple[Client, str, list[str]], officer: User):
    assert deliver_login_notices() == 1
    assert mail.outbox[0].to == ["officer@example.org"]
    assert ModelLogEntry.objects.for_instance(officer).filter(action="accounts.login.add_factor").count() == 1


def test_a_superuser_removes_a_lost_second_factor_and_its_holder_is_notified(
    phone: tuple[Client, str, list[str]], officer: User, superuser: User
):
    client, _secret, _codes = phone
    deliver_login_notices()

    remove_second_factors(user_id=officer.pk, reason="phone stolen", by=superuser)

    assert not Authenticator.objects.filter(user=officer).exists()
    assert client.get(HOME).status_code == 302
    assert is_in(log_in(officer))
    entry = ModelLogEntry.objects.for_instance(officer).get(action="accounts.login.remove_factor")
    assert (entry.user, entry.data["reason"]) == (superuser, "phone stolen")
    deliver_login_notices()
    assert "tell the ministry" in mail.outbox[1].body or "الوزارة" in mail.outbox[1].body


def test_only_a_superuser_removes_the_second_factor_of_an_officer(
    phone: tuple[Client, str, list[str]], officer: User, manager: User
):
    colleague = UserFactory()
    for role in (RoleName.MINISTRY_OFFICER, RoleName.CERTIFYING_OFFICER):
        MembershipFactory(user=colleague, role=role, scope=MembershipScope.MINISTRY, center=None)

    for by in (manager, colleague):
        with pytest.raises(LoginOutOfReach):
            remove_second_factors(user_id=officer.pk, reason="", by=by)

    assert Authenticator.objects.filter(user=officer, type="totp").exists()


def test_there_has_to_be_one_to_remove(officer: User, superuser: User):
    with pytest.raises(NoSecondFactor):
        remove_second_factors(user_id=officer.pk, reason="", by=superuser)


def test_it_is_removed_on_the_page_of_the_login(
    phone: tuple[Client, str, list[str]], officer: User, superuser: User
):
    MembershipFactory(user=officer, role=RoleName.REGISTRAR, center=CenterFactory())
    client = Client()
    client.force_login(superuser)

    client.post(reverse("user:edit", args=[officer.pk]), {"step": "remove_factors", "reason": "phone lost"})

    assert not Authenticator.objects.filter(user=officer).exists()


def test_the_operator_helps_where_no_superuser_is_left(phone: tuple[Client, str, list[str]], officer: User):
    call_command("remove_second_factor", "Officer", "--reason", "phone stolen", stdout=StringIO())

    assert not Authenticator.objects.filter(user=officer).exists()
    entry = ModelLogEntry.objects.for_instance(officer).get(action="accounts.login.remove_factor")
    assert (entry.user, entry.data["reason"]) == (None, "phone stolen")
    for login in ("officer", "nobody-here"):
        with pytest.raises(CommandError):
            call_command("remove_second_factor", login, "--reason", "again", stdout=StringIO())
