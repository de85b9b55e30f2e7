"""An author brings files of questions in and takes them out again, in Arabic: from the file to what another person publishes."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import RoleName
from assessment.enums import QuestionState
from assessment.models import Question, QuestionImport
from assessment.services.question_imports import work_on_file
from tests.assessment.question_files import GIFT, MOODLE, counts
from tests.browser_pages import DESK, entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import CenterFactory, staff_member

pytestmark = [
    pytest.mark.browser("files that a person chooses and gets"),
    pytest.mark.django_db(transaction=True),
]

PHONE = {"width": 390, "height": 844}


# "Write 3 drafts".
WRITE = re.compile("^اكتب .*مسود")


def uploaded_and_checked(page: Page, address: str, name: str, data: bytes) -> QuestionImport:
    """What the author sees after the check; the page reloads by itself."""
    page.goto(address)
    page.set_input_files("input[type=file]", files=[{"name": name, "mimeType": "text/plain", "buffer": data}])
    expect(page.get_by_role("status").filter(has_text=name)).to_be_visible()
    page.get_by_role("button", name="ارفع وافحص").click()
    expect(page.locator("[data-batch-progress]")).to_be_visible()
    run = QuestionImport.objects.latest("pk")
    work_on_file(run_id=run.pk)
    # Not between the two documents, where there is no progress either.
    expect(page.locator("main:not(:has([data-batch-progress]))")).to_be_visible(timeout=10_000)
    run.refresh_from_db()
    return run


@pytest.mark.parametrize(
    "size",
    [DESK, pytest.param(PHONE, marks=pytest.mark.browser("another screen", nightly=True))],
    ids=["desk", "phone"],
)
def test_an_author_brings_files_in_and_takes_the_list_out_and_in_again(
    browser: Browser, live_server: LiveServer, size: dict[str, int], tmp_path: Path
):
    bundle()
    center = CenterFactory()
    author = staff_member(RoleName.INSTRUCTOR, center)
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    site, width = live_server.url, size["width"]
    page = entered(browser, site, author, viewport=size, locale="ar").new_page()
    adding = site + reverse("question_imports:add")

    page.goto(site + reverse("bank:index"))
    keep(page, f"bank-empty-{width}", full_page=True)
    page.get_by_role("button", name="ملفات").click()
    page.get_by_role("link", name="استيراد أسئلة").click()
    page.wait_for_url(f"**{reverse('question_imports:add')}")
    found = findings(page, "main")
    keep(page, f"question-file-upload-{width}", full_page=True)
    run = uploaded_and_checked(page, adding, "moodle.xml", MOODLE.encode())
    assert not Question.objects.exists()
    page.get_by_role("button", name=WRITE).click()
    work_on_file(run_id=run.pk)
    expect(page.get_by_role("link", name="اعرض المسودات")).to_be_visible(timeout=10_000)

    run = uploaded_and_checked(page, adding, "questions.txt", GIFT.encode())
    found += findings(page, "main")
    keep(page, f"question-file-checked-{width}", full_page=True)
    expect(page.get_by_role("cell", name="القوسان غير متطابقين")).to_be_visible()
    page.get_by_role("button", name=WRITE).click()
    work_on_file(run_id=run.pk)
    drafts = page.get_by_role("link", name="اعرض المسودات")
    expect(drafts).to_be_visible(timeout=10_000)
    keep(page, f"question-file-done-{width}", full_page=True)
    drafts.click()
    page.wait_for_url("**state=draft**")
    keep(page, f"question-file-drafts-{width}", full_page=True)
    question = Question.objects.filter(kind="single").get()
    page.goto(site + reverse("bank:inspect", args=[question.pk]))
    with page.expect_navigation():
        page.get_by_role("button", name="إرسال للمراجعة").click()

    other = entered(browser, site, manager, viewport=size, locale="ar").new_page()
    other.goto(site + reverse("bank:inspect", args=[question.pk]))
    with other.expect_navigation():
        other.get_by_role("button", name="نشر", exact=True).click()
    question.refresh_from_db()

    page.goto(site + reverse("bank:index") + "?state=draft")
    page.get_by_role("button", name="ملفات").click()
    page.get_by_role("link", name="تصدير أسئلة").click()
    page.get_by_role("link", name="QTI 3").click()
    page.wait_for_url("**as=qti**")
    keep(page, f"take-out-qti-{width}", full_page=True)
    page.goto(site + reverse("bank:take_out"))
    page.get_by_role("link", name="Moodle XML").click()
    page.wait_for_url("**as=moodle_xml**")
    found += findings(page, "main")
    keep(page, f"take-out-{width}", full_page=True)
    with page.expect_download() as taken:
        page.get_by_role("button", name="نزّل الملف").click()
    taken.value.save_as(tmp_path / "taken.xml")
    run = uploaded_and_checked(page, adding, "taken.xml", (tmp_path / "taken.xml").read_bytes())
    keep(page, f"question-file-again-{width}", full_page=True)
    page.goto(adding)
    page.set_input_files(
        "input[type=file]",
        files=[{"name": "a.xml", "mimeType": "text/xml", "buffer": b"\x89PNG\r\n\x1a\n\0"}],
    )
    page.get_by_role("button", name="ارفع وافحص").click()
    expect(page.get_by_text("هذا ليس ملف أسئلة")).to_be_visible()
    keep(page, f"question-file-refused-{width}", full_page=True)

    assert question.state == QuestionState.PUBLISHED
    assert counts(run) == (0, 6, 0, 0)
    assert Question.objects.of_the_bank().count() == 6
    assert found == []
