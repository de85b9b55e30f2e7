"""Chat and moderation in two real browsers: an instructor on a desktop, a trainee on a phone."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from accounts.enums import RoleName
from live.services.chat import send_message
from tests.browser_pages import AXE, DESK, PHONE, entered
from tests.bundles import STATIC, bundle
from tests.factories.accounts import MembershipFactory
from tests.live.admission.test_lobby_and_moderation import address
from tests.live.conftest import Server, enrolled

# One worker starts the server of rooms.
IN_ROOM = pytest.mark.xdist_group("room")
pytestmark = [
    pytest.mark.browser("two browsers in a room"),
    IN_ROOM,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module", autouse=True)
def bundles() -> None:
    """Sheets and scripts as they are now."""
    bundle()


def from_disk(route: Route) -> None:
    """The test server serves no static files."""
    name = urlsplit(route.request.url).path.removeprefix("/static/")
    route.fulfill(path=STATIC / name)


@contextmanager
def room_of(browser: Browser, server: Server, session, user, size: dict[str, int]) -> Iterator[Page]:
    context = entered(browser, server.origin, user, viewport=size)
    page = context.new_page()
    page.set_default_timeout(15_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.route("**/static/**", from_disk)
    page.goto(server.origin + address("room", session))
    yield page
    context.close()
    assert problems == []


def look(page: Page, name: str) -> None:
    """Keep a picture where someone asked for pictures."""
    if folder := os.environ.get("LOOK_AT"):
        page.screenshot(path=f"{folder}/{name}.png")


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document.querySelector('[data-room]')).then((run) => run.violations)")
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def say(page: Page, text: str) -> None:
    page.locator("#room-text").fill(text)
    page.locator("#room-text").press("Enter")


def test_a_class_with_replies_a_pin_slow_mode_notes_and_a_timer(
    browser, server, session, trainee, instructor
):
    # Another trainee asks: the one who has just written would wait in slow mode.
    other = enrolled(session)
    send_message(session_id=session.pk, by=other, text="كم يكون مقطع السلك لغسالة؟", client_id=uuid.uuid4())
    with (
        room_of(browser, server, session, instructor, DESK) as desk,
        room_of(browser, server, session, trainee, PHONE) as phone,
    ):
        asked = desk.locator(".chat-line", has_text="مقطع السلك").first
        asked.locator("[data-reply]").click()
        expect(desk.locator("#room-text")).to_be_focused()
        say(desk, "اثنان ونصف")
        expect(phone.locator(".chat-line", has_text="اثنان ونصف").locator("[data-quote]")).to_contain_text(
            "مقطع السلك"
        )

        asked.locator("summary").click()
        asked.locator("[data-act='message.pin']").click()
        expect(phone.locator("[data-pinned]")).to_contain_text("مقطع السلك")

        desk.locator("#tab-people").click()
        desk.get_by_text("قواعد الغرفة").click()
        desk.locator("#rule-slow").select_option("300")
        expect(phone.locator("[data-slow]")).to_be_visible()
        # Who has just come in has written nothing, and waits for nothing.
        expect(phone.locator("[data-write] [type=submit]")).to_be_enabled()
        say(phone, "شكرا")
        expect(phone.locator(".chat-line", has_text="شكرا")).to_be_visible()
        expect(phone.locator("[data-write] [type=submit]")).to_be_disabled()
        look(phone, "phone-talk")
        expect(desk.locator("[data-roster] .people__one")).to_have_count(3)
        desk.locator("[data-roster] summary").first.click()
        look(desk, "desk-people")
        assert violations(desk) == []
        assert violations(phone) == []

        desk.get_by_text("المؤقت", exact=True).click()
        desk.locator("#timer-minutes").fill("2")
        desk.locator("[data-timer-form] [type=submit]").click()
        expect(phone.locator("[data-timer-left]")).to_have_text(r"٠١:٥٩")

        desk.locator("#tab-staff").click()
        desk.locator("#staff-text").fill("من يرد على الأسئلة؟")
        desk.locator("#staff-text").press("Enter")
        expect(desk.locator("[data-staff-chat]")).to_contain_text("من يرد")
        expect(desk.locator("#staff-text")).to_have_value("")
        look(desk, "desk-staff")

        desk.locator("#tab-notes").click()
        desk.locator("#notes-text").fill("١. افصل التيار\n٢. اختبر")
        desk.locator("[data-notes-form] [type=submit]").click()
        phone.locator("#tab-notes").click()
        expect(phone.locator("[data-notes-text]")).to_contain_text("افصل التيار")
        # What was said among staff before the notes did not come.
        assert "من يرد" not in phone.content()
        look(phone, "phone-notes")
        look(desk, "desk-notes")

        # The keys work from anywhere, and nothing holds the focus.
        phone.locator("#tab-talk").click()
        phone.keyboard.press("h")
        expect(phone.locator("[data-hand]")).to_have_attribute("aria-pressed", "true")
        phone.keyboard.press("c")
        expect(phone.locator("#room-text")).to_be_focused()
        assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_trainee_waits_in_the_lobby_asks_to_be_called_and_is_sent_out(browser, server, session, instructor):
    trainee = enrolled(session, phone="+201012345678")
    MembershipFactory(role=RoleName.ASSESSOR, center=session.class_session.cohort.center)
    with room_of(browser, server, session, instructor, DESK) as desk:
        expect(desk.locator("#room-text")).to_be_visible()
        desk.locator("#tab-people").click()
        desk.get_by_text("قواعد الغرفة").click()
        desk.locator("[name=lobby]").check()
        with room_of(browser, server, session, trainee, PHONE) as phone:
            expect(phone.locator("[data-line]")).to_contain_text("واحدًا واحدًا")
            look(phone, "phone-lobby")
            expect(desk.locator("[data-lobby]")).to_contain_text(trainee.person.full_name_ar)
            look(desk, "desk-lobby")
            desk.locator("[data-who-act='lobby.admit']").click()
            expect(phone.locator("#room-text")).to_be_enabled()

            phone.locator("[data-call]").click()
            expect(phone.locator("[data-call]")).to_have_attribute("aria-pressed", "true")
            desk.locator("[data-show-number]").click()
            expect(desk.locator("[data-number]")).to_have_text("+201012345678")
            look(desk, "desk-call")
            desk.locator("[data-act='call.done']").click()
            expect(phone.locator("[data-call]")).to_have_attribute("aria-pressed", "false")
            assert violations(desk) == []

            row = desk.locator("[data-roster] .people__one", has_text=trainee.person.full_name_ar)
            row.locator("summary").click()
            row.locator("[data-who-act='person.kick']").click()
            expect(phone.locator("[data-line]")).to_contain_text("مؤقتًا")
            phone.reload()
            expect(phone.locator("#room-text")).to_be_enabled()
