"""A question of the bank is written in a browser, on a phone and on a desk: both languages in one form."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, FloatRect, Locator, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from assessment.models import Question
from tests.browser_pages import DESK, PHONE, entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.bank import published_in
from tests.waiting import wait_until

# Pixels between the two languages of a text: the label of the second.
FURTHEST_ON_A_PHONE = 80

pytestmark = [
    pytest.mark.browser("the form and the page of a question on a phone and on a desk"),
    pytest.mark.django_db(transaction=True),
]


def settled(field: Locator) -> FloatRect:
    """Where a field is after the block that was just added has opened, which jQuery does in steps."""
    wait_until(lambda: field.page.evaluate("jQuery(':animated').length === 0"))
    box = field.bounding_box()
    assert box is not None
    return box


@pytest.mark.parametrize(
    "viewport", [PHONE | {"height": 2000}, DESK | {"height": 1900}], ids=["phone", "desk"]
)
def test_a_statement_is_written_in_both_languages_and_tried_out(
    browser: Browser, live_server: LiveServer, viewport: dict[str, int]
):
    bundle()
    center = CenterFactory()
    published_in(center)
    writer = staff_member(RoleName.INSTRUCTOR, center)
    size = "phone" if viewport["width"] == PHONE["width"] else "desk"
    page = entered(browser, live_server.url, writer, viewport=viewport, locale="ar").new_page()

    page.goto(live_server.url + reverse("bank:add"))
    page.locator(".c-sf-add-button").first.click()
    page.get_by_role("option", name="صواب أو خطأ").click()
    page.locator("[name=question-0-value-text-ar]").fill("يُقطع التيار قبل فتح اللوحة.")
    page.locator("[name=question-0-value-text-en]").fill("The current is cut before the board is opened.")
    page.locator("[name=question-0-value-is_true]").check()
    settled(page.locator("[name=question-0-value-explanation-en]"))
    keep(page, f"bank-form-{size}-ar")
    arabic, english = (
        settled(page.locator(f"[name=question-0-value-explanation-{language}]")) for language in ("ar", "en")
    )
    found = findings(page, "main")
    page.locator("footer [type=submit]").first.click()
    page.wait_for_url(f"**{reverse('bank:index')}")
    # Without the message about the new row, which fades in.
    page.reload()
    keep(page, f"bank-{size}-ar")
    found += findings(page, "main")
    page.goto(live_server.url + reverse("bank:inspect", args=[Question.objects.latest("pk").pk]))
    page.locator("[lang=en] [type=radio]").first.check()
    page.locator("#try-en button").click()
    expect(page.locator(".bank__mark")).to_contain_text("100")
    keep(page, f"bank-question-{size}-ar")
    found += findings(page, "main")

    if size == "desk":
        # Next to each other, Arabic first, under the help of both.
        assert arabic["y"] == english["y"]
        assert arabic["x"] > english["x"] + english["width"]
    else:
        assert 0 < english["y"] - arabic["y"] - arabic["height"] < FURTHEST_ON_A_PHONE
    assert found == []
