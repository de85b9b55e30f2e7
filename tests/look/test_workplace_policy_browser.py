"""The workplace under its Content Security Policy: Wagtail's editors, choosers and pickers work, and nothing is refused."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from wagtail.images import get_image_model

from accounts.models import User
from courses.models import LessonPage
from tests.browser_pages import DESK, entered
from tests.factories.accounts import TraineeFactory
from tests.factories.certificates_legacy import picture
from tests.factories.courses import CohortFactory, CoursePageFactory, LessonPageFactory, ProgramPageFactory
from tests.served_site import ON_SITE

pytestmark = [
    pytest.mark.browser("what a browser refuses by the policy of the workplace"),
    pytest.mark.django_db(transaction=True),
    ON_SITE,
]

LISTEN = """
document.addEventListener('securitypolicyviolation',
  (event) => window.refused(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile} ${event.sample}`));
"""


@pytest.fixture
def lesson() -> LessonPage:
    program = ProgramPageFactory()
    CohortFactory(program=program)
    return LessonPageFactory(parent=CoursePageFactory(parent=program), title="Lesson")


def test_editors_choosers_and_pickers_work_and_nothing_is_refused(
    browser: Browser, site: str, superuser: User, lesson: LessonPage
):
    TraineeFactory()
    refused: list[str] = []
    image = get_image_model().objects.create(title="Bench", file=ContentFile(picture(), name="bench.png"))
    context = entered(browser, site, superuser, viewport=DESK, locale="en")
    context.expose_function("refused", lambda what: refused.append(what))  # noqa: PLW0108 - Playwright marks it, and a built-in takes no mark
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)

    write_lesson(page, f"{site}{reverse('wagtailadmin_pages:edit', args=[lesson.pk])}")
    enroll(page, f"{site}{reverse('enrollment:add')}")
    upload_an_image(page, f"{site}{reverse('wagtailimages:add_multiple')}")
    publish_in_bulk(page, f"{site}{reverse('wagtailadmin_explore', args=[lesson.get_parent().pk])}")

    assert refused == []
    draft = LessonPage.objects.get().get_latest_revision_as_object()
    text, shown = draft.body
    assert draft.go_live_at is not None
    assert "<b>pressure</b>" in text.value.source
    assert shown.value["image"].pk == image.pk
    assert get_image_model().objects.count() == 2
    context.close()


def write_lesson(page: Page, address: str) -> None:
    page.goto(address)
    add_block(page, "Text")
    page.locator(".public-DraftEditor-content").click()
    page.keyboard.type("Mind the ")
    page.keyboard.press("Control+B")
    page.keyboard.type("pressure")
    add_block(page, "Picture")
    page.get_by_role("button", name="Choose an image").click()
    page.locator(".modal a.image-choice").click()
    expect(page.locator(".modal")).to_have_count(0)
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    page.locator("#id_go_live_at").click()
    picker = page.locator(".xdsoft_datetimepicker:visible")
    picker.locator(".xdsoft_next").first.click()
    picker.locator("td[data-date='15']:not(.xdsoft_other_month)").click()
    # The keyboard would open the picker of the next field.
    page.locator(".w-dialog__title:visible").click()
    expect(picker).to_have_count(0)
    # What Wagtail saves by itself meanwhile may come in after the schedule, without it.
    expect(page.locator("#w-autosave-indicator")).to_have_attribute("data-w-autosave-state-value", "saved")
    page.get_by_role("button", name="Save schedule").click()
    expect(page.locator(".messages .success")).to_be_visible()


def enroll(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Choose a person").click()
    page.locator(".modal a[data-chooser-modal-choice]").first.click()
    expect(page.locator(".modal")).to_have_count(0)


def upload_an_image(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#fileupload").set_input_files(
        {"name": "drill.png", "mimeType": "image/png", "buffer": picture("green")}
    )
    expect(page.get_by_text("Upload successful").first).to_be_visible()


def publish_in_bulk(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("[data-bulk-action-checkbox]").last.check()
    page.get_by_role("link", name="Publish selected pages", exact=True).click()
    page.get_by_role("button", name="Yes, publish").click()
    expect(page.locator(".messages .success")).to_be_visible()


def add_block(page: Page, kind: str) -> None:
    page.locator(".c-sf-add-button:visible").last.click()
    page.locator(".w-combobox__option", has_text=kind).click()
