"""Content to copy or embed is completely visible on a narrow screen: a secret that is shown once, and every line of a badge."""

import re

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from certificates.models import SigningKey
from tests.certificates.browsers import confirmed
from tests.certificates.phones import PHONE
from tests.factories.certificates import issued, officer_of_the_ministry
from tests.factories.courses import CohortFactory, ProgramPageFactory

pytestmark = [pytest.mark.browser("layout of long codes"), pytest.mark.django_db(transaction=True)]

OUTSIDE = """
() => [...document.querySelectorAll("text")]
  .map((text) => [text.textContent, text.getBBox()])
  .filter(([, box]) => box.x < 4 || box.x + box.width > 316)
  .map(([text, box]) => `${text}: ${box.x} to ${box.x + box.width}`)
"""


@pytest.mark.parametrize(
    "language", ["ar", pytest.param("en", marks=pytest.mark.browser("another language", nightly=True))]
)
def test_no_line_of_a_badge_leaves_it(
    browser: Browser, live_server: LiveServer, demo_keys: list[SigningKey], language: str
):
    titles = ("صيانة شبكات التبريد والتكييف المركزي بالمنشآت", "MAINTENANCE OF CENTRAL COOLING NETWORKS")
    codes = [issued(CohortFactory(program=ProgramPageFactory(title=title))).code for title in titles]
    page = browser.new_context(viewport=PHONE).new_page()

    outside = []
    for code in (*codes, "AAAA"):
        page.goto(f"{live_server.url}/{language}/verify/{code}/badge.svg")
        outside += page.evaluate(OUTSIDE)

    assert outside == []


@pytest.mark.parametrize(
    ("model", "begins"),
    [
        ("api_clients", "mihna_"),
        pytest.param(
            "webhooks", "whsec_", marks=pytest.mark.browser("another secret in the same place", nightly=True)
        ),
    ],
)
def test_a_secret_that_is_shown_once_is_seen_whole(
    browser: Browser, live_server: LiveServer, model: str, begins: str
):
    client = confirmed(officer_of_the_ministry())
    context = browser.new_context(viewport=PHONE, locale="ar-EG")
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/{model}/new/")
    page.locator("#id_name").fill("Portal")
    if model == "webhooks":
        page.locator("#id_url").fill("https://8.8.8.8/hook")
    else:
        page.locator("[name=scopes]").first.check()
    page.locator("form button[type=submit]").last.click()

    secret = page.locator("[data-secret]")
    expect(secret).to_have_text(re.compile(f"^{begins}"))
    box = secret.bounding_box()

    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    context.close()
