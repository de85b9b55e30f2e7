"""The room on the smallest supported phone: the hand button stays visible with any other content, in both directions."""

import uuid

import pytest
from playwright.sync_api import Page, expect

from live.services.board import start_timer
from live.services.chat import send_message
from live.services.drawing import show_board
from live.services.hands import raise_hand
from live.services.sessions import end_room
from live.services.stage import show_slide
from tests.browser_pages import PHONE, entered, keep
from tests.live.browser_broadcast import room_of
from tests.live.conftest import enrolled
from tests.live.stage.decks import ready_deck
from tests.served_site import ON_SITE

pytestmark = [
    pytest.mark.browser("what fits on a phone"),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]

LANGUAGES = ["ar", "en"]


def height_seen(page: Page, part: str) -> float:
    """How much of a part is seen without scrolling, in pixels."""
    box = page.locator(part).bounding_box()
    assert box and page.viewport_size
    return max(0.0, min(box["y"] + box["height"], page.viewport_size["height"]) - max(box["y"], 0))


def in_reach(page: Page, part: str) -> bool:
    box = page.locator(part).bounding_box()
    assert box and page.viewport_size
    inside = box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"] + 0.5
    return inside and box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"] + 0.5


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hand_is_in_reach_from_the_first_second_to_the_fullest_room(
    devices, site, session, trainee, instructor, language
):
    context = entered(devices, site, trainee, viewport=PHONE, locale=language)
    page = room_of(context, site, session)
    page.goto(page.url.replace("/ar/", f"/{language}/"))
    expect(page.locator("[data-hand]")).to_be_visible()

    # Before the notice of recording is answered.
    keep(page, f"small-notice-{language}")
    assert in_reach(page, "[data-hand]")
    page.click("[data-recorded-notice] button")
    page.wait_for_selector("[data-recorded-notice]", state="hidden")
    keep(page, f"small-quiet-{language}")
    assert in_reach(page, "[data-hand]")
    assert height_seen(page, "[data-scroll]") > 200

    # A slide, a timer, two hands and a line of words at once.
    deck = ready_deck(session, instructor)
    show_slide(session_id=session.pk, by=instructor, deck=deck.public_id, page=1)
    start_timer(session_id=session.pk, by=instructor, seconds=600, label="تمرين")
    for _ in range(2):
        raise_hand(session_id=session.pk, by=enrolled(session))
    page.wait_for_selector("[data-sheet][data-shows=picture]")
    page.wait_for_selector("[data-hands-box]:not([hidden])")
    keep(page, f"small-full-{language}")
    assert in_reach(page, "[data-hand]")
    assert in_reach(page, ".room__back")
    assert height_seen(page, "[data-scroll]") > 40

    page.click("[data-hand]")
    expect(page.locator("[data-hand]")).to_have_attribute("aria-pressed", "true")


def test_when_the_class_ends_its_tools_are_hidden_and_the_page_links_to_the_recording(
    devices, site, session, trainee, instructor
):
    phone = room_of(entered(devices, site, trainee, viewport=PHONE, locale="ar"), site, session)
    desk = room_of(entered(devices, site, instructor, locale="ar"), site, session)
    show_board(session_id=session.pk, by=instructor)
    for page in (phone, desk):
        page.wait_for_selector("[data-reactions]:visible")
    desk.wait_for_selector("[data-tools]:visible")

    for _line in range(12):
        send_message(
            session_id=session.pk,
            by=instructor,
            text="سلك مقاس ٢٫٥ يسخن قبل أن يفصل القاطع",
            client_id=uuid.uuid4(),
        )
    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")

    for page in (phone, desk):
        expect(page.locator("[data-reactions]")).to_be_hidden()
        expect(page.locator("[data-write]")).to_be_hidden()
    expect(phone.locator("[data-hand]")).to_be_hidden()
    for tool in ("[data-tools]", "[data-sending]"):
        expect(desk.locator(tool)).to_be_hidden()
    link = phone.locator(".room__afterwards a")
    expect(link).to_be_visible()
    keep(phone, "small-ended-ar")
    link.click()
    expect(phone.locator("[data-ended-recording]")).to_be_visible()
    phone.reload()
    expect(phone.locator(".chat-line")).to_have_count(12)
    talk, notes = (phone.locator(f"#panel-{name}").bounding_box() for name in ("talk", "notes"))
    last = phone.locator(".chat-line").last.bounding_box()
    assert talk and notes and last
    # Both are read on the page of a class that is over, one below the other.
    assert last["y"] + last["height"] <= notes["y"]
