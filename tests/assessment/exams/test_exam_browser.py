"""A timed exam on a phone: the line is cut, the page reloaded, the browser killed, a second device used, and more time given."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from playwright.sync_api import Error as PlaywrightError
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.services.formatting import format_datetime
from assessment.models import Attempt
from assessment.services.attempts import start_attempt
from assessment.services.grants import give_time
from tests.browser_pages import entered, findings, keep
from tests.bundles import bundle
from tests.chromium import FLAGS
from tests.factories.accounts import TraineeFactory, UserFactory
from tests.factories.assessment import QuizPageFactory, quizzed_cohort, saved, single
from tests.factories.courses import EnrollmentFactory
from tests.waiting import time_passes, wait_until

pytestmark = [
    pytest.mark.browser("an exam on a phone whose line is cut, and whose browser is killed"),
    pytest.mark.django_db(transaction=True),
]

NARROW = {"width": 390, "height": 844}
# Three minutes before a release: CUT_SECONDS=180.
CUT_SECONDS = int(os.environ.get("CUT_SECONDS", "3"))
GRANT_MS = 20_000


def begun() -> tuple[Attempt, User]:
    quiz = QuizPageFactory(
        title="امتحان التمديدات",
        questions=[single(f"السؤال رقم {number}") for number in range(12)],
        purpose="exam",
        limit_minutes=40,
    )
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
    trainee = TraineeFactory(person=enrollment.person)
    return start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee), trainee


def choose(page: Page, slot: int, place: int) -> None:
    page.locator(f"[name=question-{slot}]").nth(place).check()


@contextmanager
def phone_of(browser: Browser, folder: Path, session: str, address: str) -> Iterator[BrowserContext]:
    """A browser with a disk of its own, as a phone has it."""
    context = browser.browser_type.launch_persistent_context(
        str(folder), executable_path="/usr/bin/chromium", args=FLAGS, viewport=NARROW, locale="ar"
    )
    # Chromium writes cookies down each half minute only, answers at once.
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    try:
        yield context
    finally:
        # It may have been killed.
        with suppress(PlaywrightError):
            context.close()


def kill_browser(folder: Path) -> None:
    """As when the battery is empty."""
    named = ["-f", "--", f"--user-data-dir={folder}"]
    subprocess.run(["pkill", "-KILL", *named], check=True)
    wait_until(lambda: subprocess.run(["pgrep", *named], check=False, stdout=subprocess.DEVNULL).returncode)


def test_no_answer_is_lost_on_a_bad_line(browser: Browser, live_server: LiveServer):
    bundle()
    attempt, trainee = begun()
    context = entered(browser, live_server.url, trainee, viewport=NARROW, locale="ar")
    phone = context.new_page()
    address = f"{live_server.url}{reverse('assessment:attempt', args=[attempt.public_id])}"
    phone.goto(address)
    choose(phone, 0, 1)
    expect(phone.locator("[data-saved]")).to_have_text("إجاباتك محفوظة.")
    expect(phone.locator("[data-left]")).to_contain_text("٣٩")
    expect(phone.locator("[data-answered]")).to_have_text("أُجيب عن ١ من ١٢")
    assert findings(phone, "main") == []
    keep(phone, "exam-phone-ar")

    # The line is cut: three answers wait, and say so.
    context.set_offline(True)
    for slot in (1, 2, 3):
        choose(phone, slot, slot % 3)
    expect(phone.locator("[data-saved]")).to_have_text("٣ إجابات تنتظر على هذا الجهاز.")
    keep(phone, "exam-offline-ar")
    time_passes(CUT_SECONDS, "answers wait for as long as the line is cut", phone)
    assert len(saved(attempt)) == 1
    context.set_offline(False)
    expect(phone.locator("[data-saved]")).to_have_text("إجاباتك محفوظة.", timeout=35_000)
    assert len(saved(attempt)) == 4

    # A reload without a connection before it: what waited is sent by the next page.
    phone.route("**/changes/", lambda route: route.abort())
    choose(phone, 4, 2)
    expect(phone.locator("[data-saved]")).to_contain_text("إجابة واحدة تنتظر")
    phone.unroute("**/changes/")
    phone.reload()
    expect(phone.locator("[name=question-4]").nth(2)).to_be_checked()
    expect(phone.locator("[data-saved]")).to_have_text("إجاباتك محفوظة.")
    assert len(saved(attempt)) == 5

    # More time shows by itself.
    give_time(attempt_id=attempt.pk, minutes=30, reason="انقطاع التيار", by=UserFactory())
    expect(phone.locator("[data-left]")).to_contain_text("٠١:٠", timeout=GRANT_MS)
    until = format_datetime(Attempt.objects.get().closes_at, "TIME_FORMAT")
    expect(phone.locator("[data-added]")).to_have_text(f"أُضيفت ٣٠ دقيقة: ينتهي الوقت {until}.")
    keep(phone, "exam-added-time-ar")
    phone.reload()
    expect(phone.locator("[data-added]")).to_have_text(f"أُضيفت ٣٠ دقيقة: ينتهي الوقت {until}.")

    # One question at a time, a flag, and the list.
    phone.locator("[data-overview] summary").click()
    phone.get_by_role("button", name="سؤال واحد في كل مرة").click()
    expect(phone.locator(".quiz__question:visible")).to_have_count(1)
    phone.get_by_role("button", name="أراجعه لاحقًا").click()
    phone.get_by_role("button", name="السؤال التالي").click()
    expect(phone.locator("#question-2")).to_be_focused()
    expect(phone.locator("[data-place='0'][data-is-flagged]")).to_have_count(1)
    assert findings(phone, "main") == []
    keep(phone, "exam-one-question-ar")

    # A second device goes on; the first one says so, and does not overwrite it.
    desk = entered(browser, live_server.url, trainee, locale="ar").new_page()
    desk.goto(address)
    assert Attempt.objects.get().epoch == 1
    desk.get_by_role("button", name="الإكمال هنا").click()
    choose(desk, 5, 0)
    expect(desk.locator("[data-saved]")).to_have_text("إجاباتك محفوظة.")
    phone.get_by_role("button", name="سؤال واحد في كل مرة").click()
    choose(phone, 5, 1)
    expect(phone.locator("[data-elsewhere]")).to_be_visible()
    keep(phone, "exam-elsewhere-ar")
    phone.get_by_role("button", name="الإكمال هنا").click()
    expect(phone.locator("[name=question-5]").first).to_be_checked()
    choose(phone, 6, 1)
    expect(phone.locator("[data-saved]")).to_have_text("إجاباتك محفوظة.")
    assert (len(saved(attempt)), Attempt.objects.get().epoch) == (7, 3)


def test_what_waits_outlives_a_killed_browser(browser: Browser, live_server: LiveServer, tmp_path: Path):
    bundle()
    attempt, trainee = begun()
    address = f"{live_server.url}{reverse('assessment:attempt', args=[attempt.public_id])}"
    client = Client()
    client.force_login(trainee)
    session = client.cookies["sessionid"].value
    with phone_of(browser, tmp_path, session, live_server.url) as context:
        phone = context.pages[0]
        phone.goto(address)
        choose(phone, 0, 1)
        expect(phone.locator("[data-saved]")).to_have_text("إجاباتك محفوظة.")
        context.set_offline(True)
        choose(phone, 1, 2)
        expect(phone.locator("[data-saved]")).to_contain_text("إجابة واحدة تنتظر")
        kill_browser(tmp_path)

    with phone_of(browser, tmp_path, session, live_server.url) as context:
        phone = context.pages[0]
        phone.goto(address)
        expect(phone.locator("[name=question-1]").nth(2)).to_be_checked()
        expect(phone.locator("[data-saved]")).to_have_text("إجاباتك محفوظة.")

    assert len(saved(attempt)) == 2


def test_what_is_answered_before_the_script_is_there_is_saved(browser: Browser, live_server: LiveServer):
    bundle()
    attempt, trainee = begun()
    phone = entered(browser, live_server.url, trainee, viewport=NARROW, locale="ar").new_page()
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    phone.route("**/quiz*.js", hold)
    phone.goto(
        f"{live_server.url}{reverse('assessment:attempt', args=[attempt.public_id])}", wait_until="commit"
    )

    choose(phone, 0, 1)
    # What the page keeps of itself later is not held.
    is_held = False
    for route in held:
        route.continue_()

    expect(phone.locator("[data-saved]")).to_have_text("إجاباتك محفوظة.")
    assert len(saved(attempt)) == 1
