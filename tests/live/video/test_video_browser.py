"""A class on air in a real browser, played by segments: a clock in the picture shows delay and gaps."""

import os
import signal
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from live.models import LiveSession
from live.queries.video import stream_path
from media_pipeline.services.live_streams import live_stream_folders
from tests.browser_pages import DESK, PHONE, entered, keep
from tests.live.browser_broadcast import (
    CLOCK,
    TcpProxy,
    buffered,
    clocks,
    encoders,
    end_class,
    has_begun,
    on_air,
    place,
    plays,
    room_of,
)
from tests.live.conftest import enrolled
from tests.served_site import ON_SITE
from tests.waiting import time_passes, wait_until

pytestmark = [
    pytest.mark.browser(
        "a minute on air, with a line that is away and an encoder that is killed", nightly=True
    ),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]

CUT_SECONDS = 6


def edge_of(page: Page) -> float:
    """The end of the player's buffer."""
    return place(page) + buffered(page)


def test_a_class_stays_on_air_while_connections_are_cut_and_the_encoder_is_killed(
    devices: Browser,
    site: str,
    wire_to: Callable[[str], TcpProxy],
    session: LiveSession,
    trainee: User,
    instructor: User,
):
    second = enrolled(session)
    served, _ = live_stream_folders(stream_path(session))
    playlist = served / "360p.m3u8"
    wire = wire_to(site)
    desk = entered(devices, wire.address, instructor, viewport=DESK)
    desk.add_init_script(CLOCK)
    staff = room_of(desk, wire.address, session)
    viewers = [
        room_of(entered(devices, site, user, viewport=PHONE), site, session) for user in (trainee, second)
    ]

    on_air(staff)
    for viewer in viewers:
        plays(viewer, "auto")
    expect(staff.locator("[data-heard]")).to_contain_text("٢")
    keep(staff, "sending-desk-ar")
    keep(viewers[0], "video-phone-ar")

    edge = edge_of(viewers[0])
    wire.cut()
    time_passes(CUT_SECONDS, "the sender buffers what it records without a connection", staff)
    keep(staff, "sending-away-desk-ar")
    wire.mend()
    wait_until(lambda: place(viewers[0]) > edge + 1)

    # Kill the encoder.
    for process in wait_until(lambda: encoders(served)):
        os.kill(process, signal.SIGKILL)
    wait_until(lambda: encoders(served))
    wait_until(lambda: "#EXTINF" in playlist.read_text().partition("#EXT-X-DISCONTINUITY\n")[2])
    edge = edge_of(viewers[0])
    wait_until(lambda: place(viewers[0]) > edge + 1)

    end_class(staff, served)
    shown = clocks(playlist)
    gaps = sorted((later - earlier) / 1000 for earlier, later in pairwise(shown))
    assert playlist.read_text().count("#EXT-X-DISCONTINUITY\n") == 1
    assert gaps[-1] <= 1
    assert gaps[0] >= -0.2

    page = viewers[0].context.new_page()
    page.goto(f"{site}/ar/live/{session.class_session.public_id}/")
    page.evaluate("document.querySelector('[data-recording] video').play().catch(() => {})")
    has_begun(page, "[data-recording] video")
    assert page.evaluate("document.querySelector('[data-recording] video').duration") == pytest.approx(
        (shown[-1] - shown[0]) / 1000, abs=1.5
    )
    keep(page, "recording-phone-ar")
