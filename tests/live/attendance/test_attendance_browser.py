"""Attendance in a browser: the presence check, and the register during the class."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from live.models import LiveSession, PresenceAnswer, PresenceCheck
from live.services.presence import record_heartbeat
from tests.browser_pages import AXE, entered
from tests.live.attendance.test_register import address, inspector_of
from tests.live.chat.test_chat_browser import IN_ROOM
from tests.live.conftest import Server, enrolled

pytestmark = [
    pytest.mark.browser("a question that a browser shows, and layout"),
    IN_ROOM,
    pytest.mark.django_db(transaction=True),
]

PICTURES = Path(settings.BASE_DIR) / "var" / "screenshots"


def opened(browser: Browser, server: Server, user: User, path: str, *, width: int, height: int) -> Page:
    context = entered(browser, server.origin, user, viewport={"width": width, "height": height}, locale="ar")
    page = context.new_page()
    page.goto(server.origin + path)
    return page


def due_now(session: LiveSession) -> PresenceCheck:
    return PresenceCheck.objects.create(session=session, number=1, due_at=timezone.now())


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


@pytest.mark.parametrize(
    ("width", "height"),
    [
        (360, 640),
        pytest.param(1280, 800, marks=pytest.mark.browser("another screen", nightly=True)),
    ],
)
def test_the_question_takes_no_focus_and_one_tap_answers_it(browser, server, session, trainee, width, height):
    path = address("room", session)
    page = opened(browser, server, trainee, path, width=width, height=height)
    page.locator("[data-text]").fill("أكتب رسالة الآن")
    check = due_now(session)

    expect(page.locator("[data-check]")).to_be_visible()
    focused = page.evaluate("document.activeElement.id")
    picture(page, f"presence-check-{width}")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    problems = page.evaluate("axe.run('[data-check]').then(found => found.violations.map(v => v.id))")
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.get_by_role("button", name="أنا هنا").click()

    expect(page.locator("[data-check]")).to_be_hidden()
    expect(page.locator("[data-check-said]")).to_have_text("احتُسب ردك.")
    assert focused == "room-text"
    assert problems == []
    assert wide <= width
    assert PresenceAnswer.objects.get(check_asked=check).person == trainee.person


@pytest.mark.browser("the same question after a reload", nightly=True)
def test_after_a_reload_the_question_is_still_there_and_the_key_p_answers(browser, server, session, trainee):
    page = opened(browser, server, trainee, address("room", session), width=360, height=640)
    due_now(session)
    expect(page.locator("[data-check]")).to_be_visible()

    page.reload()
    expect(page.locator("[data-check]")).to_be_visible()
    page.keyboard.press("p")

    expect(page.locator("[data-check]")).to_be_hidden()
    assert PresenceAnswer.objects.count() == 1


def test_an_inspector_watches_the_register_grow(browser, server, session, trainee):
    enrolled(session)
    LiveSession.objects.filter(pk=session.pk).update(opened_at=timezone.now() - dt.timedelta(minutes=2))
    record_heartbeat(session_id=session.pk, user=trainee, device="device-1")
    page = opened(browser, server, inspector_of(session), address("room", session), width=360, height=640)

    page.get_by_role("tab", name="الحضور").click()

    expect(page.locator(".register__one")).to_have_count(2)
    expect(page.locator(".register__one--here")).to_have_count(1)
    picture(page, "inspector-register-360")
    expect(page.locator("[data-write]")).to_be_hidden()
