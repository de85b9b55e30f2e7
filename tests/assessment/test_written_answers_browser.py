"""An essay and photos of one's work, on a phone: kept without a line, taken back, handed in, and then they wait for a mark."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessment.enums import AttemptState
from assessment.models import AnswerFile, Attempt
from assessment.services.attempts import start_attempt
from tests.browser_pages import entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import QuizPageFactory, essay, files, photo, quizzed_cohort, saved
from tests.factories.courses import EnrollmentFactory

pytestmark = [
    pytest.mark.browser("an essay and photos on a phone, with a line that breaks"),
    pytest.mark.django_db(transaction=True),
]

NARROW = {"width": 390, "height": 844}
WRITTEN = "أفصل القاطع الرئيسي أولًا.\nثم أعلق لافتة التحذير، وأفحص غياب التيار."


def looked_at(page: Page, name: str) -> None:
    assert findings(page, "main") == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    keep(page, name, full_page=True)


def test_an_essay_and_photos_survive_a_lost_line_and_wait_for_a_mark(
    browser: Browser, live_server: LiveServer
):
    bundle()
    quiz = QuizPageFactory(title="اختبار عملي", questions=[essay(is_shown=True), files()])
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
    trainee = TraineeFactory(person=enrollment.person)
    attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee)
    context = entered(browser, live_server.url, trainee, viewport=NARROW, locale="ar")
    address = f"{live_server.url}{reverse('assessment:attempt', args=[attempt.public_id])}"
    phone = context.new_page()
    phone.goto(address)
    looked_at(phone, "written-answers-ar")
    told = phone.locator("[data-saved]")

    # Without a line what is written waits on the phone, also where the page is closed.
    phone.locator("textarea").focus()
    context.set_offline(offline=True)
    phone.keyboard.type(WRITTEN)
    expect(phone.locator("[data-words]")).to_have_text("١١ كلمة")
    phone.keyboard.press("Tab")
    expect(told).to_have_text(re.compile("إجابة واحدة"))
    phone.close()
    context.set_offline(offline=False)
    phone = context.new_page()
    phone.goto(address)
    told = phone.locator("[data-saved]")
    expect(phone.locator("textarea")).to_have_value(WRITTEN)
    expect(told).to_have_text("إجاباتك محفوظة.")
    assert saved(Attempt.objects.get()) == {0: WRITTEN}

    # While it is written one sentence stays, which readers of screens are told once; who leaves it has it saved.
    phone.locator("textarea").press("Control+End")
    phone.keyboard.type(" ثم أبدأ.")
    expect(told).to_have_text("يُحفظ ما تكتبه كل بضع ثوانٍ.")
    phone.keyboard.press("Tab")
    expect(told).to_have_text("إجاباتك محفوظة.", timeout=15_000)
    assert saved(Attempt.objects.get()) == {0: f"{WRITTEN} ثم أبدأ."}

    # Two photos, as a phone writes them; the first one is taken back, by keyboard.
    chooser = phone.locator("input[type=file]")
    # Its button is the page's, in Arabic, also while it has the focus.
    chooser.focus()
    expect(chooser).to_have_css("opacity", "0")
    chooser.set_input_files(
        [
            {"name": f"محمود {number}.jpg", "mimeType": "image/jpeg", "buffer": photo(side)}
            for number, side in enumerate((2400, 900))
        ]
    )
    state = phone.locator("[data-files] [data-state]")
    expect(phone.locator("[data-file]")).to_have_count(2, timeout=20_000)
    expect(state).to_have_text("حُفظ.")
    expect(phone.locator("[data-running]")).to_be_hidden()
    expect(told).to_have_text("إجاباتك محفوظة.")
    looked_at(phone, "written-answers-sent-ar")
    first, second = (str(file.public_id) for file in AnswerFile.objects.order_by("pk"))
    assert saved(Attempt.objects.get())[1] == [first, second]
    with phone.expect_response(re.compile("/changes/")):
        phone.get_by_role("button", name=re.compile("حذف: صورة ١ ")).press("Enter")
    expect(state).to_have_text("حُذف من إجابتك.")
    assert saved(Attempt.objects.get())[1] == [second]
    # What is empty is refused, too.
    chooser.set_input_files([{"name": "empty.jpg", "mimeType": "image/jpeg", "buffer": b""}])
    expect(state).to_have_text("الملف فارغ ولم يُرسل شيء. اختر ملفًا آخر.")
    expect(phone.locator("[data-running]")).to_be_hidden()
    # What is no picture is refused in words.
    chooser.set_input_files([{"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"<svg></svg>"}])
    expect(state).to_have_text(re.compile("هذا ليس صورة"))
    with phone.expect_response(re.compile("/changes/")):
        chooser.set_input_files([{"name": "again.jpg", "mimeType": "image/jpeg", "buffer": photo(300)}])
    phone.reload()
    expect(phone.locator("[data-file]")).to_have_count(2)

    phone.get_by_role("button", name="مراجعة ثم إرسال").click()
    phone.get_by_role("button", name="إرسال الإجابات").click()
    expect(phone.get_by_text("سُلّمت إجاباتك")).to_be_visible()
    looked_at(phone, "written-answers-awaiting-ar")
    assert Attempt.objects.get().state == AttemptState.AWAITING
    assert phone.request.get(
        f"{live_server.url}{reverse('assessment:answer_file', args=[attempt.public_id, second])}"
    ).ok
