"""Comparing a card, and giving a role by two, in a browser: on a phone and at a desk everything fits, and axe finds nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.services.memberships import give_role
from accounts.services.role_requests import ask_for_role
from accounts.services.staff_logins import create_staff_login
from tests.browser_pages import DESK, entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import staff_member

pytestmark = [
    pytest.mark.browser("the pages of a second person on a phone"),
    pytest.mark.django_db(transaction=True),
]

CARD = "28001010100125"
# The workplace scrolls inside its window: a high one shows the whole page.
SIZES = {"phone": {"width": 390, "height": 1700}, "desk": DESK | {"height": 1300}}


@pytest.mark.parametrize("size", SIZES)
def test_a_card_is_compared_and_a_role_given(
    browser: Browser, live_server: LiveServer, center: Center, manager: User, size: str
):
    bundle()
    colleague = create_staff_login(
        full_name_ar="هدى سيد مرسي", number=CARD, phone="01012345678", center=center, by=manager
    )
    give_role(user_id=colleague.pk, role=RoleName.REGISTRAR, center=center, by=manager)
    asked = ask_for_role(
        user_id=staff_member(RoleName.INSTRUCTOR, center).pk,
        role=RoleName.CENTER_MANAGER,
        center=center,
        reason="يدير المركز",
        by=manager,
    )

    def page_of(user: User):
        return entered(browser, live_server.url, user, viewport=SIZES[size], locale="ar").new_page()

    alone = page_of(manager)
    alone.goto(f"{live_server.url}{reverse('wagtailadmin_home')}")
    expect(alone.get_by_text("لا يُعَدّ زميل شخصًا ثانيًا غيرك")).to_be_visible()
    keep(alone, f"second-person-{size}-ar")
    page = page_of(staff_member(RoleName.MINISTRY_OFFICER))
    page.goto(f"{live_server.url}{reverse('wagtailadmin_home')}")
    expect(page.get_by_role("heading", name="بطاقات الزملاء")).to_be_visible()
    keep(page, f"cards-{size}-ar")
    page.get_by_role("link", name="هدى سيد مرسي").click()
    page.locator("#id_number").fill(CARD)
    page.locator("#id_phone").fill("٠١٠١ ٢٣٤ ٥٦٧٨")
    keep(page, f"confirm-card-{size}-ar")
    found = findings(page, "main")
    page.get_by_role("button", name="طابقتُ البطاقة").click()
    expect(page.get_by_text("تمت مطابقة البطاقة")).to_be_visible()
    page.goto(f"{live_server.url}{reverse('role_requests:inspect', args=[asked.pk])}")
    keep(page, f"role-request-{size}-ar")
    found += findings(page, "main")
    page.get_by_role("button", name="منح هذا الدور").click()
    expect(page.get_by_text("صار لصاحب الحساب")).to_be_visible()

    assert found == []
