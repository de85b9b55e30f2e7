"""Every kind of question on a phone, by keyboard: axe finds nothing, answers are kept while they are typed, and a reload loses none."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessment.models import Attempt
from assessment.services.attempts import start_attempt
from tests.browser_pages import entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import (
    QuizPageFactory,
    fill_in,
    generated,
    hotspot,
    matching,
    multiple,
    numeric,
    ordering,
    quizzed_cohort,
    saved,
    short_text,
    single,
    true_false,
)
from tests.factories.courses import EnrollmentFactory

pytestmark = [
    pytest.mark.browser("every kind of question by keyboard on a phone"),
    pytest.mark.django_db(transaction=True),
]

NARROW = {"width": 390, "height": 844}


def looked_at(page: Page, name: str) -> None:
    assert findings(page, "main") == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    keep(page, name, full_page=True)


def test_every_kind_is_answered_by_keyboard_and_kept(browser: Browser, live_server: LiveServer):
    bundle()
    kinds = (
        single,
        multiple,
        true_false,
        numeric,
        short_text,
        matching,
        ordering,
        fill_in,
        hotspot,
        generated,
    )
    quiz = QuizPageFactory(title="اختبار الأنواع", questions=[kind() for kind in kinds])
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
    trainee = TraineeFactory(person=enrollment.person)
    attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee)
    phone = entered(browser, live_server.url, trainee, viewport=NARROW, locale="ar").new_page()
    address = f"{live_server.url}{reverse('assessment:attempt', args=[attempt.public_id])}"
    phone.goto(address)
    looked_at(phone, "quiz-kinds-ar")

    # From one control to the next, as with a keyboard or a screen reader.
    phone.locator("[name=question-0]").first.focus()
    phone.keyboard.press("Space")
    # Behind each question is the button that flags it.
    phone.keyboard.press("Tab")
    for _box in range(2):
        phone.keyboard.press("Tab")
        phone.keyboard.press("Space")
    for _rest in range(4):
        phone.keyboard.press("Tab")
    phone.keyboard.press("Space")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Tab")
    phone.keyboard.type("٥ A")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Tab")
    phone.keyboard.type("سر القاطع")
    phone.keyboard.press("Tab")
    for _pair in range(3):
        phone.keyboard.press("Tab")
        phone.keyboard.press("ArrowDown")
    phone.keyboard.press("Tab")
    # The first step goes down, and keeps the focus.
    phone.keyboard.press("Tab")
    phone.keyboard.press("Tab")
    first = phone.locator(".quiz__step-text").first.inner_text()
    phone.keyboard.press("Enter")
    expect(phone.locator(".quiz__step-text").nth(1)).to_have_text(first)
    expect(phone.get_by_role("status").filter(has_text="الموضع ٢ من ٣")).to_be_attached()
    assert phone.evaluate("document.activeElement.closest('li').innerText").find(first) >= 0
    phone.locator("[name=question-7-1]").focus()
    phone.keyboard.type("القاطع")
    phone.keyboard.press("Tab")
    phone.keyboard.type("٢٢٠")
    phone.keyboard.press("Tab")
    phone.keyboard.press("ArrowDown")
    phone.get_by_role("button", name="إضافة نقطة").press("Enter")
    phone.keyboard.press("ArrowLeft")
    phone.keyboard.press("Shift+ArrowDown")
    expect(phone.locator("[name=question-8-points]")).to_have_value("490,501")
    # A touch on the left of the picture is on its left in Arabic, too.
    box = phone.locator(".quiz__picture img").bounding_box()
    phone.mouse.click(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.3)
    expect(phone.locator("[name=question-8-points]")).to_have_value(
        re.compile(r"^490,501 (19\d|20\d),(29\d|30\d)$")
    )
    with phone.expect_response("**/changes/"):
        phone.locator("[name=question-9]").fill("4")
    looked_at(phone, "quiz-kinds-answered-ar")
    expect(phone.locator("[data-saved]")).to_have_text("إجاباتك محفوظة.")
    phone.reload()

    assert len(saved(Attempt.objects.get())) == len(kinds)
    expect(phone.locator("[name=question-3]")).to_have_value("٥ A")
    expect(phone.locator("[name=question-5-3]")).to_have_value("1")
    expect(phone.locator(".quiz__step-text").nth(1)).to_have_text(first)
    expect(phone.locator("[name=question-7-2]")).to_have_value("٢٢٠")
    expect(phone.locator(".quiz__point")).to_have_count(2)
    # What is marked for later is said, and led to, also where one question shows at a time.
    phone.locator("#question-2 [data-flag]").press("Enter")
    phone.locator("[data-overview] summary").press("Enter")
    phone.get_by_role("button", name="سؤال واحد في كل مرة").press("Enter")
    phone.get_by_role("button", name="مراجعة ثم إرسال").press("Enter")
    phone.locator("main a[href$='#question-2']").click()
    expect(phone.locator("#question-2")).to_be_visible()
    phone.get_by_role("button", name="مراجعة ثم إرسال").press("Enter")
    expect(phone.locator("main")).to_contain_text("أجبت عن كل الأسئلة")
    looked_at(phone, "quiz-kinds-confirm-ar")
    phone.get_by_role("button", name="إرسال الإجابات").press("Enter")
    expect(phone.locator("main")).to_contain_text("٥ A")
    looked_at(phone, "quiz-kinds-result-ar")
