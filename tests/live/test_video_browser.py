"""A class on air in a real browser, played by segments: a clock in the picture tells what is late and what is missing."""

import os
import signal
import statistics
import time
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, expect

from accounts.models import User
from live.models import LiveSession
from live.queries import stream_path
from media_pipeline.services import growing_folders
from tests.live.air import (
    CLOCK,
    ON_AIR,
    Wire,
    behind,
    buffered,
    clocks,
    encoders,
    has_begun,
    on_air,
    place,
    plays,
    room_of,
    wait_until,
)
from tests.live.conftest import enrolled
from tests.looking import DESK, PHONE, entered, keep
from tests.road.conftest import site  # noqa: F401 - the site as it is served

pytestmark = [
    pytest.mark.browser("a broadcast from a browser, played in others"),
    ON_AIR,
    pytest.mark.django_db(transaction=True),
]

CUT_SECONDS = 6


def test_a_class_is_on_air_while_lines_are_cut_and_the_encoder_is_killed(
    devices: Browser,
    site: str,  # noqa: F811
    session: LiveSession,
    trainee: User,
    trainer: User,
):
    second = enrolled(session)
    served, _ = growing_folders(stream_path(session))
    wire = Wire(site)
    desk = entered(devices, wire.address, trainer, viewport=DESK)
    desk.add_init_script(CLOCK)
    staff = room_of(desk, wire.address, session)
    viewers = [
        room_of(entered(devices, site, user, viewport=PHONE), site, session) for user in (trainee, second)
    ]

    on_air(staff)
    for viewer in viewers:
        plays(viewer, "auto")
    viewers[0].wait_for_timeout(3000)
    delays = []
    for _ in range(16):
        viewers[0].wait_for_timeout(300)
        delays += [behind(viewer) for viewer in viewers]
    print(
        f"\nlatency by the clock in the picture: median {statistics.median(delays):.2f} s, most {max(delays):.2f} s"
    )
    expect(staff.locator("[data-heard]")).to_contain_text("٢")
    keep(staff, "sending-desk-ar")
    keep(viewers[0], "video-phone-ar")

    # The trainer's line is away for six seconds.
    kept = min(buffered(viewer) for viewer in viewers)
    wire.cut()
    cut_at, still_since, stood, at = time.monotonic(), time.monotonic(), 0.0, -1.0
    while time.monotonic() - cut_at < CUT_SECONDS + 10:
        viewers[0].wait_for_timeout(100)
        if (now := place(viewers[0])) != at:
            stood, at, still_since = max(stood, time.monotonic() - still_since), now, time.monotonic()
        if wire.is_cut and time.monotonic() - cut_at > CUT_SECONDS:
            keep(staff, "sending-away-desk-ar")
            wire.mend()
    print(f"cut of {CUT_SECONDS} s: viewers had {kept:.1f} s, stood still for {stood:.1f} s at most")

    # Somebody kills the encoder.
    for process in wait_until(lambda: encoders(served)):
        os.kill(process, signal.SIGKILL)
    wait_until(lambda: encoders(served))
    staff.wait_for_timeout(6000)
    before = place(viewers[0])
    wait_until(lambda: place(viewers[0]) > before + 1)

    staff.click("[data-ask-end]")
    staff.click("[data-end-dialog] [value=end]")
    wait_until(lambda: (served / "360p.m3u8").read_text().endswith("#EXT-X-ENDLIST\n"))
    shown = clocks(served / "360p.m3u8")
    gaps = sorted((later - earlier) / 1000 for earlier, later in pairwise(shown))
    print(
        f"recording: {(shown[-1] - shown[0]) / 1000:.1f} s, largest holes {gaps[-3:]} s, most repeated {-gaps[0]:.2f} s"
    )
    assert (served / "360p.m3u8").read_text().count("#EXT-X-DISCONTINUITY\n") == 1
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
    wire.close()
