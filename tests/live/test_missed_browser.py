"""Two trainees who were away, one by a lost line and one by a closed page, are offered what they missed."""

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from live.models import LiveSession
from tests.live.air import CLOCK, READ, Wire, on_air, plays, room_of, wait_until
from tests.live.conftest import enrolled
from tests.looking import DESK, PHONE, entered, keep
from tests.road.conftest import site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

__all__ = ["site"]

AWAY_MS = 26_000
HURRIED = 1.5


def behind(page: Page) -> float:
    """How old what the page shows is, in seconds."""
    return page.evaluate(READ)[0] / 1000


def speed(page: Page) -> float:
    return page.evaluate("document.querySelector('[data-picture]').playbackRate")


def test_missed_minutes_are_offered_played_and_left_again(
    devices: Browser,
    site: str,
    session: LiveSession,
    trainee: User,
    trainer: User,
):
    wire = Wire(site)
    desk = entered(devices, site, trainer, viewport=DESK)
    desk.add_init_script(CLOCK)
    staff = room_of(desk, site, session)
    phone = entered(devices, site, trainee, viewport=PHONE)
    closed = room_of(phone, site, session)
    cut = room_of(entered(devices, wire.address, enrolled(session), viewport=PHONE), wire.address, session)
    on_air(staff)
    for viewer, way in ((closed, "nearly"), (cut, "auto")):
        plays(viewer, way)
        expect(viewer.locator("[data-missed]")).to_be_hidden()
    # The place is noted while it plays.
    wait_until(
        lambda: closed.evaluate("Object.keys(localStorage).some((key) => key.startsWith('live:played:'))")
    )

    closed.goto("about:blank")
    wire.cut()
    staff.wait_for_timeout(AWAY_MS)
    wire.mend()
    again = room_of(phone, site, session)

    # The page that was loaded anew says so before anything plays.
    expect(again.locator("[data-missed-watch]")).to_be_visible(timeout=30_000)
    keep(again, "missed-phone-ar")
    again.select_option("[data-missed-speed]", str(HURRIED))
    again.click("[data-missed-watch]")
    wait_until(lambda: behind(again) > 15, 30)
    assert speed(again) == HURRIED
    # Whoever watches what was before hears nobody now.
    expect(staff.locator("[data-heard]")).to_be_visible()
    expect(again.locator("[data-edge]")).to_be_visible()
    wait_until(lambda: behind(again) < 12, 60)
    expect(again.locator("[data-edge]")).to_be_hidden()
    wait_until(lambda: speed(again) < HURRIED, 10)
    expect(again.locator("[data-missed]")).to_be_hidden()

    expect(cut.locator("[data-missed-watch]")).to_be_visible(timeout=60_000)
    cut.click("[data-missed-leave]")
    expect(cut.locator("[data-missed]")).to_be_hidden()
    wait_until(lambda: behind(cut) < 12, 30)
    wire.close()
