"""The workspace of a cohort in a browser: every tab fits, and axe finds nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browser_pages import DESK, PHONE, entered, findings, keep
from tests.bundles import bundle
from tests.courses.workspace.worlds import great_cohort

pytestmark = [
    pytest.mark.browser("five tabs and a preview on a phone"),
    pytest.mark.django_db(transaction=True),
]


# The workplace scrolls inside its window: a high one shows the whole page.
@pytest.mark.parametrize(
    "viewport",
    [
        pytest.param(PHONE | {"height": 2400}, id="phone"),
        pytest.param(
            DESK | {"height": 1900}, id="desk", marks=pytest.mark.browser("another screen", nightly=True)
        ),
    ],
)
def test_every_tab_fits_and_axe_finds_nothing(
    browser: Browser, live_server: LiveServer, superuser: User, viewport: dict[str, int]
):
    bundle()
    size = "phone" if viewport["width"] == PHONE["width"] else "desk"
    cohort = great_cohort(people=6, units=14, sessions=12)
    page = entered(browser, live_server.url, superuser, viewport=viewport, locale="ar").new_page()
    addresses = {
        name: reverse(f"cohort:{name}", args=[cohort.pk])
        for name in ("people", "sessions", "progress", "risks", "inspect")
    }
    addresses["withdraw"] = reverse("cohort:withdraw_many", args=[cohort.pk], query={"all": "1"})

    found = []
    for name, address in addresses.items():
        answer = page.goto(f"{live_server.url}{address}")
        assert answer is not None
        assert answer.ok, name
        page.evaluate("document.fonts.ready")
        keep(page, f"workspace-{name}-{size}-ar")
        found += findings(page, "main")

    assert found == []
