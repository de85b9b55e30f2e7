"""Every kind of question on a phone, by keyboard: axe finds nothing, answers are kept while they are typed, and a reload loses none."""

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
    matching,
    multiple,
    numeric,
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
    kinds = (single, multiple, true_false, numeric, short_text, matching)
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
    for _box in range(2):
        phone.keyboard.press("Tab")
        phone.keyboard.press("Space")
    for _rest in range(3):
        phone.keyboard.press("Tab")
    phone.keyboard.press("Space")
    phone.keyboard.press("Tab")
    phone.keyboard.type("٥ A")
    phone.keyboard.press("Tab")
    phone.keyboard.type("سر القاطع")
    for _pair in range(3):
        phone.keyboard.press("Tab")
        phone.keyboard.press("ArrowDown")
    expect(phone.locator("[data-saved]")).to_have_text("إجاباتك محفوظة.")
    phone.reload()

    assert len(saved(Attempt.objects.get())) == len(kinds)
    expect(phone.locator("[name=question-3]")).to_have_value("٥ A")
    expect(phone.locator("[name=question-5-3]")).to_have_value("1")
    phone.get_by_role("button", name="مراجعة ثم إرسال").press("Enter")
    expect(phone.locator("main")).to_contain_text("أجبت عن كل الأسئلة")
    looked_at(phone, "quiz-kinds-confirm-ar")
    phone.get_by_role("button", name="إرسال الإجابات").press("Enter")
    expect(phone.locator("main")).to_contain_text("٥ A")
    looked_at(phone, "quiz-kinds-result-ar")
