"""The page of an attempt is loaded again without a connection: it shows what was answered, takes more, and saves all once the line is back."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from assessment.models import Attempt, LateResponse
from assessment.services.attempts import start_attempt, submit_attempt
from assessment.services.closing import close_expired_attempts
from tests.browser_pages import entered, findings, keep
from tests.bundles import bundle
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import (
    SECRET_WHY,
    QuizPageFactory,
    essay,
    hotspot,
    quizzed_cohort,
    saved,
    short_text,
    single,
)
from tests.factories.courses import EnrollmentFactory
from tests.live.browser_broadcast import TcpProxy
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("the page of an exam is opened again without a connection"),
    pytest.mark.django_db(transaction=True),
]

NARROW = {"width": 390, "height": 844}
IS_SAVED = "إجاباتك محفوظة."
# What this device keeps of attempts: of the index, the caches, the databases and the workers.
KEPT = """async () => [
  ...Object.keys(JSON.parse(localStorage.getItem('kept-attempts') ?? '{}')),
  ...Object.keys(localStorage).filter((name) => name.startsWith('mihna-attempt:')),
  ...(await caches.keys()),
  ...(await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith('mihna-attempt:')),
  ...(await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
]"""


def begun(*more: tuple[str, dict[str, Any]]) -> tuple[Attempt, User]:
    quiz = QuizPageFactory(
        title="امتحان التمديدات",
        questions=[single("الأول"), single("الثاني"), short_text(), *more],
        purpose="exam",
        limit_minutes=40,
    )
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
    trainee = TraineeFactory(person=enrollment.person)
    return start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee), trainee


def keeps(page: Page, count: int) -> None:
    wait_until(lambda: len(page.evaluate(KEPT)) == count)


def opened(context: BrowserContext, site: str, attempt: Attempt) -> Page:
    """The page of the attempt, once it is kept."""
    page = context.new_page()
    page.goto(site + reverse("assessment:attempt", args=[attempt.public_id]))
    # `wait_for_function` takes the promise itself for true.
    is_active = "navigator.serviceWorker.getRegistration().then((one) => Boolean(one?.active))"
    wait_until(lambda: page.evaluate(is_active))
    return page


def test_a_reload_without_a_connection_shows_the_page_and_takes_answers(
    browser: Browser, live_server: LiveServer
):
    bundle()
    attempt, trainee = begun(hotspot(), essay())
    line = TcpProxy(live_server.url)
    context = entered(browser, line.address, trainee, viewport=NARROW, locale="ar")
    phone = opened(context, line.address, attempt)
    phone.locator("[name=question-0]").nth(1).check()
    expect(phone.locator("[data-saved]")).to_have_text(IS_SAVED)
    with phone.expect_response("**/changes/"):
        phone.locator("[name=question-0]").nth(2).check()
    expect(phone.locator("[data-saved]")).to_have_text(IS_SAVED)

    line.cut()
    context.set_offline(True)
    phone.locator("[name=question-1]").nth(2).check()
    expect(phone.locator("[data-saved]")).to_contain_text("إجابة واحدة تنتظر")
    phone.reload()
    # What has a receipt shows, too, though the page was kept before it was given.
    expect(phone.locator("[name=question-0]").nth(2)).to_be_checked()
    expect(phone.locator("[name=question-1]").nth(2)).to_be_checked()
    expect(phone.locator("[data-left]")).to_contain_text("٣٩")
    assert (
        phone.locator(".quiz__picture img").evaluate(
            "picture => picture.decode().then(() => picture.naturalWidth)"
        )
        > 0
    )
    # The same option as the first time, and a text: neither is taken for what was sent before.
    phone.locator("[name=question-0]").nth(1).check()
    phone.locator("[name=question-2]").fill("القاطع")
    phone.locator("[name=question-4]").fill("أفصل التيار أولًا.")
    expect(phone.locator("[data-saved]")).to_contain_text("٤")
    assert findings(phone, "main") == []
    keep(phone, "exam-kept-page-ar")
    phone.reload()
    expect(phone.locator("[name=question-4]")).to_have_value("أفصل التيار أولًا.")
    expect(phone.locator("[data-saved]")).to_have_text("٤ إجابات تنتظر على هذا الجهاز.")
    line.mend()
    context.set_offline(False)
    expect(phone.locator("[data-saved]")).to_have_text(IS_SAVED, timeout=35_000)
    answers = saved(attempt)

    chosen = [phone.locator(f"[name=question-{slot}]:checked").input_value() for slot in (0, 1)]
    assert [answers[0], answers[1], answers[2]] == [*chosen, "القاطع"]
    expect(phone.locator("[name=question-0]").nth(1)).to_be_checked()
    assert answers[4] == "أفصل التيار أولًا."
    assert Attempt.objects.get().epoch == 1
    line.close()


def test_words_typed_in_the_moment_of_closing_are_there_again(browser: Browser, live_server: LiveServer):
    bundle()
    attempt, trainee = begun(essay())
    context = entered(browser, live_server.url, trainee, viewport=NARROW, locale="ar")
    phone = opened(context, live_server.url, attempt)
    context.set_offline(True)

    # Read and written down in the same task of the page as its end.
    phone.evaluate(
        """() => {
          const text = document.querySelector("[name=question-3]");
          text.value = "آخر كلمة";
          text.dispatchEvent(new InputEvent("input", { bubbles: true }));
          location.replace("about:blank");
        }"""
    )
    phone.wait_for_url("about:blank")
    context.set_offline(False)
    again = opened(context, live_server.url, attempt)

    expect(again.locator("[name=question-3]")).to_have_value("آخر كلمة")
    expect(again.locator("[data-saved]")).to_have_text(IS_SAVED)
    assert saved(attempt)[3] == "آخر كلمة"


def test_what_is_kept_has_no_key_and_goes_with_the_login(browser: Browser, live_server: LiveServer):
    bundle()
    attempt, trainee = begun()
    context = entered(browser, live_server.url, trainee, viewport=NARROW, locale="ar")
    phone = opened(context, live_server.url, attempt)
    phone.locator("[name=question-0]").nth(1).check()
    expect(phone.locator("[data-saved]")).to_have_text(IS_SAVED)
    keeps(phone, 4)
    kept = phone.evaluate(
        """async () => {
          const cache = await caches.open((await caches.keys())[0]);
          const answer = await cache.match(location.pathname);
          return [await answer.text(), answer.headers.get("Content-Security-Policy")];
        }"""
    )
    assert "data-quiz" in kept[0]
    assert SECRET_WHY not in kept[0]
    assert "script-src 'self'" in kept[1]

    phone.goto(live_server.url + reverse("account_logout"))
    phone.get_by_role("button", name="خروج").click()
    phone.wait_for_url(lambda url: "logout" not in url)
    keeps(phone, 0)


def test_who_logs_out_of_an_attempt_has_the_last_words_sent_or_reads_that_they_wait(
    browser: Browser, live_server: LiveServer
):
    bundle()
    attempt, trainee = begun(essay())
    context = entered(browser, live_server.url, trainee, viewport=NARROW, locale="ar")
    phone = opened(context, live_server.url, attempt)
    phone.locator("#question-1 [data-flag]").click()

    # Sent at once, before the pause is over.
    phone.locator("[name=question-3]").fill("آخر كلمة")
    phone.locator("[data-account] summary").click()
    phone.locator("[data-to-log-out]").click()
    phone.wait_for_url("**/logout/")
    assert saved(attempt)[3] == "آخر كلمة"
    expect(phone.locator("[data-waits]")).to_be_hidden()

    # What cannot be sent is said, and asked about once.
    phone = opened(context, live_server.url, attempt)
    phone.route("**/changes/", lambda route: route.abort())
    phone.locator("[name=question-3]").fill("آخر كلمتين")
    phone.locator("[data-account] summary").click()
    phone.locator("[data-to-log-out]").click()
    phone.wait_for_url("**/logout/")
    expect(phone.locator("[data-waits]")).to_contain_text("إجابة واحدة")
    assert findings(phone, "main") == []
    keep(phone, "log-out-waits-ar", full_page=True)
    flags = "Object.keys(localStorage).filter((key) => key.startsWith('flags:')).length"
    assert phone.evaluate(flags) == 1
    phone.get_by_role("button", name="خروج رغم ذلك").click()
    phone.wait_for_url(lambda url: "logout" not in url)
    wait_until(lambda: phone.evaluate(flags) == 0)

    # The same person, later.
    context.clear_cookies()
    client = Client()
    client.force_login(trainee)
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    # A new login is another device for the server, which asks.
    again = context.new_page()
    again.goto(live_server.url + reverse("assessment:attempt", args=[attempt.public_id]))
    again.get_by_role("button", name="الإكمال هنا").click()
    expect(again.locator("[name=question-3]")).to_have_value("آخر كلمتين")
    expect(again.locator("[data-saved]")).to_have_text(IS_SAVED)
    assert saved(attempt)[3] == "آخر كلمتين"


def test_what_waits_when_the_time_is_over_is_said_and_sent_later(browser: Browser, live_server: LiveServer):
    bundle()
    attempt, trainee = begun()
    context = entered(browser, live_server.url, trainee, viewport=NARROW, locale="ar")
    page = context.new_page()
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=timezone.now() + dt.timedelta(seconds=6))
    # From then on it saves here.
    with page.expect_response("**/go-on/"):
        page.goto(live_server.url + reverse("assessment:attempt", args=[attempt.public_id]))
    expect(page.locator("#question-1 [data-flag]")).to_be_visible()

    context.set_offline(True)
    page.locator("[name=question-0]").nth(1).check()
    expect(page.locator("[data-warning]")).to_contain_text("مركزك", timeout=15_000)
    keep(page, "exam-over-offline-ar")
    with page.expect_navigation(timeout=30_000):
        context.set_offline(False)

    # Before the page goes on or by the next one, within the grace or after it.
    wait_until(lambda: LateResponse.objects.filter(attempt=attempt).count() + len(saved(attempt)) == 1)


def test_what_is_kept_goes_with_the_attempt(browser: Browser, live_server: LiveServer):
    bundle()
    attempt, trainee = begun()
    context = entered(browser, live_server.url, trainee, viewport=NARROW, locale="ar")
    phone = opened(context, live_server.url, attempt)
    keeps(phone, 4)

    submit_attempt(attempt_id=attempt.pk, responses={}, by=trainee)
    phone.reload()

    keeps(phone, 0)


def test_what_waited_on_the_phone_arrives_late_when_the_time_is_over(
    browser: Browser, live_server: LiveServer
):
    bundle()
    attempt, trainee = begun()
    line = TcpProxy(live_server.url)
    context = entered(browser, line.address, trainee, viewport=NARROW, locale="ar")
    phone = opened(context, line.address, attempt)
    line.cut()
    context.set_offline(True)
    phone.locator("[name=question-2]").fill("القاطع")
    expect(phone.locator("[data-saved]")).to_contain_text("إجابة واحدة تنتظر")
    phone.close()
    over = timezone.now() - dt.timedelta(hours=1)
    Attempt.objects.update(closes_at=over, started_at=over - dt.timedelta(minutes=40))
    close_expired_attempts()
    line.mend()
    context.set_offline(False)
    page = context.new_page()

    page.goto(line.address + reverse("assessment:attempt", args=[attempt.public_id]))

    expect(page.locator("main")).to_contain_text("وصلت إجابات منك بعد انتهاء الوقت")
    assert [one.response for one in LateResponse.objects.all()] == ["القاطع"]
    page.reload()
    page.wait_for_load_state("networkidle")
    assert LateResponse.objects.count() == 1
    line.close()
