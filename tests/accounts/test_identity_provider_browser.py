"""Staff log in by a real identity provider (panva's oidc-provider) on loopback, in a browser."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from accounts.enums import RoleName
from accounts.models import Center, User
from tests.accounts.authenticators import PASSWORD, code_of, log_in, set_up_app
from tests.browser_pages import keep
from tests.external_programs import node
from tests.factories.accounts import MembershipFactory, TraineeFactory, UserFactory
from tests.served_site import free_port, served

pytestmark = [
    pytest.mark.browser("redirects between two sites, forms and cookies of both"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("identity provider"),
]

PROVIDER = Path(__file__).parent / "oidc" / "provider.mjs"
BUTTON = "العاملون: الدخول عبر حساب الوزارة"


@pytest.fixture(scope="module")
def site(django_db_setup: None) -> Iterator[str]:
    """The site and an identity provider, which the operator's settings name."""
    port = free_port()
    environment = {
        "OIDC_ISSUER": f"http://localhost:{port}",
        "OIDC_CLIENT_ID": "mihna",
        "OIDC_CLIENT_SECRET": "secret-of-the-tests",
        "OIDC_NAME": "حساب الوزارة",
    }
    with served(**environment) as address:
        callback = f"{address}/sign-in/localhost-{port}/callback/"
        command = [node(), str(PROVIDER), str(port), callback]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as provider:
            assert provider.stdout.readline() == "ready\n"
            yield address
            provider.terminate()


@pytest.fixture
def center(transactional_db: None, center: Center) -> Center:
    return center


@pytest.fixture
def registrar(center: Center) -> User:
    registrar = UserFactory(username="registrar", password=PASSWORD, email="registrar@example.org")
    return MembershipFactory(user=registrar, role=RoleName.REGISTRAR, center=center).user


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ar", base_url=site)
    yield context.new_page()
    context.close()


def come_by_the_provider(page: Page, name: str) -> None:
    page.goto(reverse("account_login"))
    page.get_by_role("button", name=BUTTON).click()
    sign_in_at_the_provider(page, name)


def sign_in_at_the_provider(page: Page, name: str) -> None:
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("anything")
    page.locator("button[type=submit]").click()
    # Its consent.
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/ar/accounts/**")


def verified(user: User) -> None:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def test_staff_come_by_an_address_that_both_sides_verified(page: Page, registrar: User):
    verified(registrar)
    page.goto(reverse("account_login"))
    keep(page, "provider-login-390")

    page.get_by_role("button", name=BUTTON).click()
    page.locator("input[name=login]").fill("registrar")
    page.locator("input[name=password]").fill("anything")
    page.locator("button[type=submit]").click()
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/admin/")

    assert SocialAccount.objects.get().user == registrar


@pytest.mark.parametrize("name", ["unverified-registrar", "stranger", "trainee"])
def test_an_account_without_a_login_of_staff_is_refused_with_a_message(
    page: Page, registrar: User, name: str
):
    verified(registrar)
    verified(TraineeFactory(email="trainee@example.org"))
    logins = User.objects.count()

    come_by_the_provider(page, name)

    expect(page.get_by_text("لا يوجد حساب عامل مرتبط")).to_be_visible()
    keep(page, f"provider-refused-{name}")
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == logins


def test_an_address_that_our_side_did_not_verify_opens_nothing(page: Page, registrar: User):
    come_by_the_provider(page, "registrar")

    expect(page.get_by_text("لا يوجد حساب عامل مرتبط")).to_be_visible()
    assert not SocialAccount.objects.exists()


def test_staff_link_an_account_and_the_second_factor_is_asked_for_all_the_same(page: Page, registrar: User):
    secret, _codes = set_up_app(log_in(registrar))
    # The site that is served does not know the quick hashes of tests.
    slow = PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-the-tests-0123")
    User.objects.filter(pk=registrar.pk).update(password=slow)
    page.goto(reverse("account_login"))
    page.get_by_label("اسم المستخدم").fill("registrar")
    page.get_by_label("كلمة المرور", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="تسجيل الدخول", exact=True).click()
    page.get_by_label("الرمز").fill(code_of(secret, steps_later=1))
    page.get_by_role("button", name="تسجيل الدخول").click()
    page.wait_for_url("**/admin/")
    page.goto(reverse("socialaccount_connections"))
    keep(page, "provider-link-390")
    page.get_by_role("button", name="ربط الحساب").click()
    sign_in_at_the_provider(page, "another-name")
    expect(page.locator("main h1")).to_have_text("أمان حسابك")
    page.goto(reverse("account_logout"))
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()

    page.goto(reverse("account_login"))
    page.get_by_role("button", name=BUTTON).click()

    page.wait_for_url(f"**{reverse('mfa_authenticate')}")
    assert SocialAccount.objects.get().user == registrar


def test_a_closed_login_stays_closed(page: Page, registrar: User):
    verified(registrar)
    registrar.is_active = False
    registrar.save()

    come_by_the_provider(page, "registrar")

    expect(page.locator("main h1")).to_have_text("هذا الحساب مغلق")
