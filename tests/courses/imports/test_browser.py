"""Importing a list at a desk, in Arabic: from the file to the end, with what is wrong in between."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from accounts.models import Center, Person, User
from courses.models import ImportRun
from courses.services.imports import work_on_import
from tests.browser_pages import DESK, entered, findings, keep
from tests.courses.imports.lists import ALI, HEADINGS, MONA, csv_of
from tests.factories.accounts import MembershipFactory

pytestmark = [
    pytest.mark.browser("a page that follows the work by script"),
    pytest.mark.django_db(transaction=True),
]

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def by(center: Center) -> User:
    return MembershipFactory(role=RoleName.REGISTRAR, center=center).user


@pytest.mark.parametrize(
    "size",
    [DESK, pytest.param(PHONE, marks=pytest.mark.browser("another screen", nightly=True))],
    ids=["desk", "phone"],
)
def test_a_registrar_imports_a_list(
    browser: Browser, live_server: LiveServer, center: Center, by: User, size: dict[str, int]
):
    context = entered(browser, live_server.url, by, viewport=size, locale="ar")
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('imports:add')}")
    keep(page, f"import-upload-{size['width']}", full_page=True)
    assert findings(page, "main") == []

    page.get_by_label("نوع القائمة").select_option("trainees")
    data = csv_of(HEADINGS, MONA, ("Ali Hassan Saad", ALI[1]), MONA)
    page.set_input_files(
        "input[type=file]", files=[{"name": "متدربون.csv", "mimeType": "text/csv", "buffer": data}]
    )
    page.get_by_role("button", name="ارفع وافحص").click()
    expect(page.locator("[data-batch-progress]")).to_be_visible()
    keep(page, f"import-checking-{size['width']}", full_page=True)
    run = ImportRun.objects.get()
    work_on_import(run_id=run.pk)

    # The page reloads by itself.
    start = page.get_by_role("button", name="استورد سطرًا واحدًا")
    expect(start).to_be_visible(timeout=10_000)
    expect(page.get_by_role("cell", name="الشخص نفسه الذي في السطر")).to_be_visible()
    keep(page, f"import-checked-{size['width']}", full_page=True)
    assert findings(page, "main") == []
    start.click()
    expect(page.locator("[data-batch-progress]")).to_be_visible()
    work_on_import(run_id=run.pk)

    expect(page.get_by_text("استُوردت القائمة")).to_be_visible(timeout=10_000)
    keep(page, f"import-imported-{size['width']}", full_page=True)
    assert findings(page, "main") == []
    assert Person.objects.filter(registered_at=center).count() == 1
    page.goto(f"{live_server.url}{reverse('imports:index')}")
    keep(page, f"import-list-{size['width']}", full_page=True)
    context.close()
