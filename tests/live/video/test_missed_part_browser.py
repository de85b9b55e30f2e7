"""Two trainees who were away, one disconnected and one with a closed page, are offered what they missed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from live.models import LiveSession
from tests.browser_pages import DESK, PHONE, entered, keep
from tests.live.browser_broadcast import (
    CLOCK,
    CLOCK_TURNS_MS,
    TcpProxy,
    on_air,
    plays,
    room_of,
    shown,
)
from tests.live.conftest import enrolled
from tests.served_site import ON_SITE
from tests.waiting import time_passes, wait_until

pytestmark = [
    pytest.mark.browser(
        "half a minute away from a broadcast, and the minutes until it is caught up", nightly=True
    ),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]


# The page offers what was missed from 20 s on, and plays some seconds from what it had loaded.
AWAY_SECONDS = 26
# A page that stopped the picture for a minute starts it again.
CLIMBED_SECONDS = 300
HURRIED = 1.5


def shows_since(page: Page, moment: float) -> bool:
    """Whether what the page shows was sent after `moment`, a time of the instructor's page in milliseconds."""
    clock = shown(page)
    return clock is not None and (clock - moment) % CLOCK_TURNS_MS < CLOCK_TURNS_MS / 2


def shows_before(page: Page, moment: float) -> bool:
    clock = shown(page)
    return clock is not None and (moment - clock) % CLOCK_TURNS_MS < CLOCK_TURNS_MS / 2


def now(page: Page) -> float:
    return page.evaluate("Date.now()")


def speed(page: Page) -> float:
    return page.evaluate("document.querySelector('[data-picture]').playbackRate")


def test_missed_minutes_are_offered_played_and_left_again(
    devices: Browser,
    site: str,
    wire_to: Callable[[str], TcpProxy],
    session: LiveSession,
    trainee: User,
    instructor: User,
):
    wire = wire_to(site)
    desk = entered(devices, site, instructor, viewport=DESK)
    desk.add_init_script(CLOCK)
    staff = room_of(desk, site, session)
    phone = entered(devices, site, trainee, viewport=PHONE)
    closed = room_of(phone, site, session)
    cut = room_of(entered(devices, wire.address, enrolled(session), viewport=PHONE), wire.address, session)
    on_air(staff)
    for viewer, way in ((closed, "nearly"), (cut, "auto")):
        plays(viewer, way)
        expect(viewer.locator("[data-missed]")).to_be_hidden()
    # The position is stored while it plays.
    wait_until(
        lambda: closed.evaluate("Object.keys(localStorage).some((key) => key.startsWith('live:played:'))")
    )

    closed.goto("about:blank")
    wire.cut()
    time_passes(AWAY_SECONDS, "both miss so much of the class", staff)
    returned = now(staff)
    wire.mend()
    again = room_of(phone, site, session)

    # The reloaded page offers it before anything plays.
    expect(again.locator("[data-missed-watch]")).to_be_visible()
    keep(again, "missed-phone-ar")
    again.select_option("[data-missed-speed]", str(HURRIED))
    tapped = now(again)
    again.click("[data-missed-watch]")
    wait_until(lambda: shows_before(again, returned))
    wait_until(lambda: speed(again) == HURRIED)
    # A viewer of an earlier moment is not counted as hearing the class now.
    expect(staff.locator("[data-heard]")).to_be_visible()
    expect(again.locator("[data-edge]")).to_be_visible()
    # What was missed ends where the tap was, and the class goes on from now.
    wait_until(lambda: shows_since(again, tapped), CLIMBED_SECONDS)
    expect(again.locator("[data-edge]")).to_be_hidden()
    wait_until(lambda: speed(again) < HURRIED)
    expect(again.locator("[data-missed]")).to_be_hidden()

    expect(cut.locator("[data-missed-watch]")).to_be_visible(timeout=60_000)
    cut.click("[data-missed-leave]")
    expect(cut.locator("[data-missed]")).to_be_hidden()
    wait_until(lambda: shows_since(cut, returned), CLIMBED_SECONDS)
