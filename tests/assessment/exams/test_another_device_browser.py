"""Two phones with one test: the second one is asked first, and on the first one what did not arrive can be copied."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from assessment.models import Attempt
from assessment.services.attempts import start_attempt, submit_attempt
from tests.browser_pages import entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import QuizPageFactory, essay, quizzed_cohort, saved, short_text, single
from tests.factories.courses import EnrollmentFactory
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("two devices, a line that is cut, and very large letters"),
    pytest.mark.django_db(transaction=True),
]

NARROW = {"width": 390, "height": 844}
IS_SAVED = "إجاباتك محفوظة."
LOST = "أفصل التيار ثم أعلق لافتة."
LATER = "أفصل التيار وأتحقق من غيابه."
# How much of answers this device has.
WAITING = """() => new Promise((resolve, reject) => {
  const request = indexedDB.open('mihna-answers');
  request.onerror = reject;
  request.onsuccess = () => {
    const count = request.result.transaction('changes').objectStore('changes').count();
    count.onsuccess = () => { request.result.close(); resolve(count.result); };
  };
})"""


def begun(questions: int = 0) -> tuple[Attempt, User]:
    quiz = QuizPageFactory(
        title="امتحان التمديدات",
        questions=[single("الأول"), essay(), short_text(), *(single(f"{n}") for n in range(questions))],
        purpose="exam",
        limit_minutes=40,
    )
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
    trainee = TraineeFactory(person=enrollment.person)
    return start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee), trainee


def opened(context: BrowserContext, site: str, attempt: Attempt) -> Page:
    page = context.new_page()
    page.goto(site + reverse("assessment:attempt", args=[attempt.public_id]))
    return page


def written_without_a_line(phone: Page, context: BrowserContext) -> None:
    expect(phone.locator("#question-1 [data-flag]")).to_be_visible()
    phone.locator("[name=question-0]").first.check()
    expect(phone.locator("[data-saved]")).to_have_text(IS_SAVED)
    context.set_offline(True)
    phone.locator("[name=question-1]").fill(LOST)
    expect(phone.locator("[data-saved]")).to_have_text("إجابة واحدة تنتظر على هذا الجهاز.", timeout=15_000)


def test_what_did_not_arrive_before_another_device_went_on_is_read_and_copied(
    browser: Browser, live_server: LiveServer
):
    bundle()
    attempt, trainee = begun()
    site = live_server.url
    first, second = (entered(browser, site, trainee, viewport=NARROW, locale="ar") for _time in "12")
    first.grant_permissions(["clipboard-read", "clipboard-write"])
    phone = opened(first, site, attempt)
    written_without_a_line(phone, first)

    desk = opened(second, site, attempt)
    expect(desk.locator("main")).to_contain_text("هذا الاختبار مفتوح على جهاز آخر")
    assert findings(desk, "main") == []
    keep(desk, "exam-asks-here-ar")
    assert Attempt.objects.get().epoch == 1
    desk.get_by_role("button", name="الإكمال هنا").click()
    expect(desk.locator("[name=question-0]").first).to_be_checked()

    first.set_offline(False)
    expect(phone.locator("[data-elsewhere]")).to_be_in_viewport(timeout=35_000)
    text = phone.locator("[name=question-1]")
    expect(text).to_have_value(LOST)
    expect(text).not_to_be_editable()
    expect(text).to_be_enabled()
    expect(phone.locator("[name=question-0]").first).to_be_disabled()
    expect(phone.locator("[name=question-2]")).not_to_be_editable()
    copy = phone.get_by_role("button", name="نسخ ما كتبته")
    expect(copy).to_have_count(1)
    copy.click()
    expect(phone.locator("#question-2 [data-note]")).to_have_text("نُسخ.")
    assert phone.evaluate("navigator.clipboard.readText()") == LOST
    assert findings(phone, "main") == []
    phone.evaluate("scrollTo(0, 0)")
    keep(phone, "exam-stopped-ar", full_page=True)

    phone.get_by_role("button", name="الإكمال هنا").click()
    expect(phone.locator("[data-saved]")).to_have_text(IS_SAVED)
    expect(text).to_have_value(LOST)
    assert (saved(attempt)[1], Attempt.objects.get().epoch) == (LOST, 3)


@pytest.mark.parametrize("is_closed", [False, True], ids=["the page stays open", "the page is closed"])
def test_a_text_is_kept_below_the_question_that_another_device_answered_later(
    browser: Browser, live_server: LiveServer, *, is_closed: bool
):
    bundle()
    attempt, trainee = begun()
    site = live_server.url
    first, second = (entered(browser, site, trainee, viewport=NARROW, locale="ar") for _time in "12")
    first.grant_permissions(["clipboard-read", "clipboard-write"])
    phone = opened(first, site, attempt)
    written_without_a_line(phone, first)
    phone.locator("[name=question-0]").nth(1).check()
    phone.locator("[name=question-2]").fill("قاطع")
    expect(phone.locator("[data-saved]")).to_contain_text("٣ إجابات تنتظر")

    desk = opened(second, site, attempt)
    expect(desk.locator("[data-waits]")).to_be_hidden()
    desk.get_by_role("button", name="الإكمال هنا").click()
    desk.locator("[name=question-0]").nth(2).check()
    desk.locator("[name=question-1]").fill(LATER)
    desk.locator("[name=question-2]").fill("مصهر")
    # It says that all is saved between one answer and the next, too.
    wait_until(lambda: saved(attempt).keys() == {0, 1, 2})
    expect(desk.locator("[data-saved]")).to_have_text(IS_SAVED, timeout=30_000)

    if is_closed:
        phone.close()
        first.set_offline(False)
        phone = opened(first, site, attempt)
        expect(phone.locator("[data-waits]")).to_contain_text("إجابات من هذا الجهاز لم تصل بعد")
        assert findings(phone, "main") == []
        keep(phone, "exam-asks-with-answers-that-wait-ar")
    else:
        first.set_offline(False)
        expect(phone.locator("[data-elsewhere]")).to_be_in_viewport(timeout=35_000)
    phone.get_by_role("button", name="الإكمال هنا").click()

    answer = phone.locator("[name=question-1]")
    kept = phone.locator("#question-2 [data-aside]")
    expect(answer).to_have_value(LATER)
    expect(answer).to_be_editable()
    expect(phone.locator("#question-2 [data-note]")).to_contain_text("أجبت عن هذا لاحقًا على جهاز آخر")
    expect(kept.get_by_label("ما كتبته على هذا الجهاز")).to_have_value(LOST)
    expect(kept.locator("textarea")).not_to_be_editable()
    expect(phone.locator("#question-3 [data-aside] textarea")).to_have_value("قاطع")
    expect(phone.locator("#question-1 [data-note]")).to_contain_text("أجبت عن هذا لاحقًا على جهاز آخر")
    expect(phone.locator("[data-aside]")).to_have_count(2)
    expect(phone.locator("[data-saved]")).not_to_contain_text("تنتظر")
    assert findings(phone, "main") == []
    keep(phone, "exam-kept-words-ar", full_page=True)

    phone.reload()
    expect(kept.locator("textarea")).to_have_value(LOST)
    kept.get_by_role("button", name="نسخ ما كتبته").click()
    wait_until(lambda: phone.evaluate("navigator.clipboard.readText()") == LOST)
    kept.get_by_role("button", name="حذف ما كتبته").click()
    expect(phone.locator("#question-2")).to_be_focused()
    expect(kept).to_have_count(0)
    phone.reload()
    expect(phone.locator("[data-aside]")).to_have_count(1)
    assert saved(attempt)[1] == LATER

    # Gone with the attempt.
    phone.get_by_role("button", name="مراجعة ثم إرسال").click()
    phone.get_by_role("button", name="إرسال الإجابات").click()
    expect(phone.locator("[data-ended-attempt]")).to_have_count(1)
    wait_until(lambda: phone.evaluate(WAITING) == 0)


def test_what_did_not_arrive_before_it_was_handed_in_elsewhere_is_read_and_copied(
    browser: Browser, live_server: LiveServer
):
    bundle()
    attempt, trainee = begun()
    context = entered(browser, live_server.url, trainee, viewport=NARROW, locale="ar")
    phone = opened(context, live_server.url, attempt)
    written_without_a_line(phone, context)
    submit_attempt(attempt_id=attempt.pk, by=trainee)

    context.set_offline(False)

    expect(phone.locator("[data-elsewhere]")).to_contain_text("سُلّم هذا الاختبار", timeout=35_000)
    expect(phone.locator("[name=question-1]")).to_have_value(LOST)
    expect(phone.get_by_role("button", name="نسخ ما كتبته")).to_have_count(1)
    keep(phone, "exam-handed-in-elsewhere-ar", full_page=True)
    phone.get_by_role("button", name="مغادرة هذه الصفحة").click()
    expect(phone.locator("[data-quiz]")).to_have_count(0)


def test_logging_out_without_a_line_says_that_it_needs_one(browser: Browser, live_server: LiveServer):
    bundle()
    attempt, trainee = begun()
    context = entered(browser, live_server.url, trainee, viewport=NARROW, locale="ar")
    site = live_server.url
    told = "تسجيل الخروج يحتاج إلى اتصال"

    # From the test, with words that wait.
    phone = opened(context, site, attempt)
    written_without_a_line(phone, context)
    phone.locator("[data-account] summary").click()
    phone.locator("[data-to-log-out]").click()
    expect(phone.locator(".account [data-no-line]")).to_contain_text(told)
    keep(phone, "log-out-offline-ar")
    expect(phone.locator("[name=question-1]")).to_have_value(LOST)
    # A line that is there for the browser, and on which nothing comes.
    context.set_offline(False)
    phone.locator(".account [data-no-line]").evaluate("line => line.hidden = true")
    phone.route("**/*", lambda route: route.abort())
    phone.locator("[data-to-log-out]").click()
    expect(phone.locator(".account [data-no-line]")).to_be_visible(timeout=15_000)
    phone.close()

    # From the page that asks, which was open before.
    asking = context.new_page()
    asking.goto(site + reverse("account_logout"))
    context.set_offline(True)
    button = asking.locator("[data-log-out] button")
    button.click()
    expect(asking.locator("main [data-no-line]")).to_contain_text(told)
    assert findings(asking, "main") == []
    keep(asking, "log-out-asks-offline-ar")
    flags = "Object.keys(JSON.parse(localStorage.getItem('kept-attempts') ?? '{}')).length"
    assert asking.evaluate(flags) == 1
    context.set_offline(False)
    button.click()
    asking.wait_for_url(lambda url: "logout" not in url)
    assert "sessionid" not in [cookie["name"] for cookie in context.cookies()]


@pytest.mark.parametrize("size", [16, 32], ids=["as it is", "twice as large"])
def test_what_stays_in_sight_leaves_most_of_a_phone_to_the_page(
    browser: Browser, live_server: LiveServer, size: int
):
    bundle()
    attempt, trainee = begun(questions=9)
    context = entered(browser, live_server.url, trainee, viewport=NARROW, locale="ar")
    phone = context.new_page()
    context.new_cdp_session(phone).send("Page.setFontSizes", {"fontSizes": {"standard": size}})
    phone.goto(live_server.url + reverse("assessment:attempt", args=[attempt.public_id]))
    expect(phone.locator("#question-1 [data-flag]")).to_be_visible()

    phone.locator("#question-9").scroll_into_view_if_needed()
    keep(phone, f"exam-letters-{size}-ar")
    covered = phone.evaluate(
        """() => [...document.querySelectorAll(".quiz__bar, .nav")].reduce((sum, one) => {
          const { top, bottom } = one.getBoundingClientRect();
          return sum + Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0));
        }, 0) / innerHeight"""
    )

    assert covered <= 0.3
    assert (covered > 0.1) == (size == 16)
    phone.evaluate("scrollTo(0, 0)")
    keep(phone, f"exam-letters-{size}-top-ar")
    assert findings(phone) == []


def test_a_flagged_question_is_reached_from_the_overview_by_keyboard(
    browser: Browser, live_server: LiveServer
):
    bundle()
    attempt, trainee = begun(questions=9)
    context = entered(browser, live_server.url, trainee, viewport=NARROW, locale="ar")
    phone = opened(context, live_server.url, attempt)
    phone.locator("#question-7 [data-flag]").press("Enter")
    for is_one in (False, True):
        phone.locator("[data-overview] summary").focus()
        if not phone.locator("[data-overview]").evaluate("one => one.open"):
            phone.keyboard.press("Enter")
        if is_one:
            phone.locator("[data-one]").press("Enter")
        place = phone.locator("[data-place='6']")
        expect(place).to_contain_text("لم تُجب عنه بعد، للمراجعة")
        place.focus()
        phone.keyboard.press("Enter")

        expect(phone.locator("#question-7")).to_be_focused()
        expect(phone.locator("#question-7")).to_be_in_viewport()
        phone.keyboard.press("Tab")
        assert phone.evaluate("document.activeElement.closest('[data-slot]')?.dataset.slot") == "6"

        # From the page that asks once more, too.
        phone.get_by_role("button", name="مراجعة ثم إرسال").press("Enter")
        flagged = phone.locator(".quiz__unanswered").last.locator("a")
        expect(flagged).to_have_count(1)
        flagged.press("Enter")
        expect(phone.locator("#question-7")).to_be_in_viewport()
        expect(phone.locator("#question-7 [data-flag]")).to_be_visible()
