"""Second factors in a browser: the app, a recovery code, a passkey, and the proof before certificates are issued."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates.enums import ProposalState
from certificates.models import Proposal
from tests.accounts.authenticators import PASSWORD, code_of
from tests.browser_pages import keep
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.certificates import proposed
from tests.factories.courses import CohortFactory
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("forms that a person fills with a phone in the other hand, and passkeys"),
    pytest.mark.django_db(transaction=True),
]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@pytest.fixture
def center(transactional_db: None, center: Center) -> Center:
    return center


@pytest.fixture
def officer(center: Center) -> User:
    officer = UserFactory(username="officer", password=PASSWORD, display_name="هدى سالم")
    return MembershipFactory(user=officer, role=RoleName.CERTIFYING_OFFICER, center=center).user


@pytest.fixture
def required(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture(
    params=["phone", pytest.param("desk", marks=pytest.mark.browser("another screen", nightly=True))]
)
def page(browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest) -> Iterator[Page]:
    size = PHONE if request.param == "phone" else DESK
    context = browser.new_context(viewport=size, locale="ar", base_url=live_server.url)
    page = context.new_page()
    page.refused = []
    page.on(
        "console", lambda said: page.refused.append(said.text) if "Content Security" in said.text else None
    )
    yield page
    assert page.refused == []
    context.close()


def shot(page: Page, name: str) -> None:
    keep(page, f"second-factor-{name}-{page.viewport_size['width']}", full_page=True)


def log_in(page: Page) -> None:
    page.goto(reverse("account_login"))
    page.get_by_label("اسم المستخدم").fill("officer")
    page.get_by_label("كلمة المرور", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="تسجيل الدخول").click()


def log_out(page: Page) -> None:
    page.goto(reverse("account_logout"))
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()


def set_up_the_app(page: Page) -> tuple[str, list[str]]:
    page.get_by_role("link", name="تفعيل التطبيق").click()
    picture = page.get_by_role("img", name="رمز الاستجابة السريعة")
    wait_until(lambda: picture.evaluate("picture => picture.complete && picture.naturalWidth > 100"))
    secret = page.locator("bdi.secret").text_content()
    shot(page, "app")
    page.get_by_label("الرمز").fill(code_of(secret))
    page.get_by_role("button", name="تأكيد الرمز").click()
    expect(page.locator(".codes li")).to_have_count(10)
    shot(page, "recovery-codes")
    return secret, page.locator(".codes li").all_text_contents()


def test_an_officer_sets_up_the_app_and_logs_in_with_it(required: None, officer: User, page: Page):
    log_in(page)
    expect(page.locator("main h1")).to_have_text("أمان حسابك")
    shot(page, "none-yet")
    secret, codes = set_up_the_app(page)
    page.goto(reverse("wagtailadmin_home"))
    page.wait_for_url("**/admin/")
    page.goto(reverse("mfa_index"))
    shot(page, "set-up")
    log_out(page)

    log_in(page)
    shot(page, "asked")
    page.get_by_label("الرمز").fill(code_of(secret, steps_later=1))
    page.get_by_role("button", name="تسجيل الدخول").click()
    page.wait_for_url("**/admin/")
    page.goto(reverse("account_sessions"))
    shot(page, "sessions")
    log_out(page)

    for tried, words in (("first", "admin"), ("second", "authenticate")):
        log_in(page)
        page.get_by_label("الرمز").fill(codes[0])
        with page.expect_navigation():
            page.get_by_role("button", name="تسجيل الدخول").click()
        assert words in page.url, tried
        if tried == "first":
            log_out(page)
    shot(page, "refused")


def test_an_officer_logs_in_with_a_passkey(required: None, officer: User, page: Page):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    log_in(page)
    page.get_by_role("link", name="إضافة مفتاح مرور").click()
    page.get_by_label("اسم مفتاح المرور").fill("هاتفي")
    shot(page, "passkey")
    page.get_by_role("button", name="إضافة").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(reverse("mfa_list_webauthn"))
    shot(page, "passkeys")
    log_out(page)

    log_in(page)
    page.get_by_role("button", name="استخدم مفتاح مرور").click()

    page.wait_for_url("**/admin/")
    assert Authenticator.objects.get(user=officer, type="webauthn").wrap().name == "هاتفي"


def test_an_officer_is_asked_before_certificates_are_issued_and_comes_back(
    officer: User, center: Center, page: Page, settings: Settings
):
    proposal = proposed(CohortFactory(center=center))
    log_in(page)
    page.wait_for_url("**/admin/")
    proposal_page = reverse("proposals:inspect", args=[proposal.pk])
    page.goto(proposal_page)
    approve = page.get_by_role("button", name="اعتماد وإصدار")
    expect(approve).to_be_visible()

    # The authentication expires while the page is open.
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    approve.click()
    expect(page.locator("main h1")).to_have_text("أكّد أنك أنت")
    shot(page, "proof")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    page.get_by_label("كلمة المرور", exact=True).fill(PASSWORD)
    page.locator("main form button[type=submit]").click()

    page.wait_for_url(f"**{proposal_page}")
    expect(page.get_by_text("تم التحقق من هويتك")).to_be_visible()
    assert Proposal.objects.get().state == ProposalState.PROPOSED
    with page.expect_navigation():
        approve.click()
    assert Proposal.objects.get().state == ProposalState.APPROVED
