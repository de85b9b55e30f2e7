"""The designer in a browser: blocks on one side, the rendered preview on the other."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from certificates.models import CertificateTemplate
from certificates.services.designs import install_designs
from tests.browser_pages import DESK, entered, keep
from tests.certificates.designs import SIGNATORY

pytestmark = [
    pytest.mark.browser("the designer is a page of forms and scripts"),
    pytest.mark.django_db(transaction=True),
]

# Wagtail compares the form with what it held two seconds after it came; a change before that is never previewed.
SAY_WHEN_WATCHED = """
document.addEventListener("w-unsaved:watch-edits", () => { document.documentElement.dataset.watched = "" });
"""


def test_the_preview_follows_the_form_and_lists_the_findings(
    browser: Browser, live_server: LiveServer, superuser: User
):
    install_designs()
    template = CertificateTemplate.objects.get(built_in="completion-3")
    for field, value in SIGNATORY.items():
        setattr(template, field, value)
    template.save_revision()
    context = entered(browser, live_server.url, superuser, viewport=DESK, locale="ar")
    page = context.new_page()
    page.add_init_script(SAY_WHEN_WATCHED)
    page.goto(f"{live_server.url}/admin/snippets/certificates/certificatetemplate/edit/{template.pk}/")
    page.locator("html[data-watched]").wait_for()
    keep(page, "designer-editor")
    page.locator("[data-side-panel-toggle='preview']").click()
    preview = page.frame_locator("#w-preview-iframe, iframe[title]").last
    preview.locator("img.sheet").wait_for(timeout=30_000)
    expect(preview.locator(".sound")).to_have_count(1)
    keep(page, "designer-preview")

    block = page.locator("[data-streamfield-child]").filter(
        has=page.locator("[name='body-3-value-place-width']")
    )
    block.locator("[data-panel-toggle]").first.click()
    width = page.locator("[name='body-3-value-place-width']")
    width.fill("400")
    keep(page, "designer-block")
    width.blur()
    expect(preview.locator(".finding")).to_have_count(1)
    keep(page, "designer-problem")
    context.close()
