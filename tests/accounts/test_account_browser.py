"""One's own account on a phone: it fits, axe finds nothing, and the file arrives."""

import json
from pathlib import Path

import pytest
from PIL import Image
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
    pytest.mark.browser("pages of one's own, a file that is downloaded, and one that is made small"),
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


def test_what_one_sets_for_oneself_fits_a_phone_and_a_photo_is_small_before_it_is_sent(
    browser: Browser, live_server: LiveServer, tmp_path: Path
):
    bundle()
    user = TraineeFactory()
    camera = tmp_path / "IMG_0001.jpg"
    Image.effect_noise((4600, 3400), 90).convert("RGB").save(camera, quality=95)
    page = entered(browser, live_server.url, user, viewport=PHONE, locale="ar").new_page()

    found = []
    for name in ("preferences", "messages", "photo"):
        page.goto(f"{live_server.url}/ar/accounts/{name}/")
        keep(page, f"account-{name}-phone-ar", full_page=True)
        found += findings(page)
    page.set_input_files("input[type=file]", camera)
    # At once: a cheap phone takes seconds to make it small.
    with page.expect_request(lambda request: request.method == "POST") as posted:
        page.locator("form[enctype] button").click()
    page.wait_for_selector("img.photo")
    keep(page, "account-photo-added-phone-ar", full_page=True)

    assert found + findings(page) == []
    assert camera.stat().st_size > 12_000_000
    assert int(posted.value.all_headers()["content-length"]) < 600_000
