"""A picture and a slide at the same time: slide, drawing tools and message form stay on the screen."""

import pytest
from playwright.sync_api import Page

from live.services.stage import show_slide
from tests.browser_pages import DESK, PHONE, entered, keep
from tests.live.browser_broadcast import on_air, plays, room_of
from tests.live.conftest import enrolled
from tests.live.stage.decks import ready_deck
from tests.served_site import ON_SITE

pytestmark = [
    pytest.mark.browser("layout during a broadcast"),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]


def on_screen(page: Page, part: str) -> bool:
    """Whether all of it is visible without scrolling."""
    box = page.locator(part).bounding_box()
    assert box and page.viewport_size
    return box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"] + 0.5


def answer_notice(page: Page) -> None:
    page.click("[data-recorded-notice] button")
    page.wait_for_selector("[data-recorded-notice]", state="hidden")


def test_a_slide_next_to_the_picture_leaves_the_message_form_visible(
    devices, site, session, trainee, instructor
):
    phone, instructor_desk, learner = (
        room_of(entered(devices, site, user, viewport=size, locale="ar"), site, session)
        for user, size in ((trainee, PHONE), (instructor, DESK), (enrolled(session), DESK))
    )
    deck = ready_deck(session, instructor)
    show_slide(session_id=session.pk, by=instructor, deck=deck.public_id, page=1)
    for page in (phone, instructor_desk, learner):
        page.wait_for_selector("[data-sheet][data-shows=picture]")
    # Before the notice of recording is answered there is less room.
    assert on_screen(instructor_desk, "[data-sheet]")
    assert on_screen(instructor_desk, "[data-tools]")

    for page in (phone, instructor_desk, learner):
        answer_notice(page)
    assert on_screen(phone, "[data-sheet]")
    assert on_screen(phone, "[data-write]")
    # The site's header is hidden; the link to leave is not.
    assert on_screen(phone, ".room__back")
    assert on_screen(instructor_desk, "[data-tools]")

    on_air(instructor_desk)
    for page in (phone, learner):
        plays(page, "auto")
    keep(phone, "together-phone-ar")
    keep(learner, "together-desk-ar")
    keep(instructor_desk, "together-instructor-desk-ar")
    assert on_screen(instructor_desk, "[data-sheet]")
    assert on_screen(instructor_desk, "[data-tools]")
    assert on_screen(phone, "[data-frame]")
    assert on_screen(phone, "[data-write]")
    for part in ("[data-sheet]", "[data-frame]", "[data-ways]", "[data-write]"):
        assert on_screen(learner, part), part
