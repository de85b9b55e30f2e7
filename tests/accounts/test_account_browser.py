"""One's own account on a phone: it fits, axe finds nothing, and the file arrives."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from accounts.enums import ContactKind, DataRequestKind, Education
from accounts.services.contacts import record_contact
from accounts.services.data_requests import ask_about_data, decide_data_request
from accounts.services.people import correct_person
from tests.browser_pages import PHONE, entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import TraineeFactory, UserFactory

pytestmark = [
    pytest.mark.browser("a page of one's own, and a file that is downloaded"),
    pytest.mark.django_db(transaction=True),
]


def test_it_fits_a_phone_and_gives_the_file(browser: Browser, live_server: LiveServer, tmp_path: Path):
    bundle()
    user, clerk = TraineeFactory(), UserFactory()
    record_contact(person_id=user.person_id, kind=ContactKind.PHONE, value="+201012345678", by=clerk)
    asked = ask_about_data(kind=DataRequestKind.CORRECT, text="اسمي في البطاقة: محمد أحمد", by=user)
    correct_person(person_id=user.person_id, education=Education.SECONDARY, by=clerk)
    decide_data_request(request_id=asked.pk, is_done=True, answer="صُحح الاسم", by=clerk)
    page = entered(browser, live_server.url, user, viewport=PHONE, locale="ar").new_page()

    page.goto(f"{live_server.url}/ar/accounts/")
    keep(page, "account-phone-ar", full_page=True)
    found = findings(page)
    with page.expect_download() as download:
        page.locator("form[action='/ar/accounts/data/'] button").click()

    assert found == []
    data = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert data["person"][0]["full_name_ar"] == user.person.full_name_ar
    assert data["requests_about_data"][0]["answer"] == "صُحح الاسم"
