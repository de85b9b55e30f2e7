"""An instructor shares the screen with the camera in its corner, goes back to the camera, and leaves no device open."""

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from live.media_servers import stream_path
from live.models import LiveSession
from live.services.sessions import end_room
from media_pipeline.services.live_streams import live_stream_folders
from tests.browser_pages import DESK, entered, keep
from tests.live.browser_broadcast import room_of, until_ended
from tests.served_site import ON_SITE
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("devices and screen of a browser"),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]

# A screen on which nothing changes, in one color, and a note of everything that was opened.
SCREEN = """
window.opened = [];
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await real(wanted);
  opened.push(...stream.getTracks());
  return stream;
};
navigator.mediaDevices.getDisplayMedia = async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#2040c0";
  pen.fillRect(0, 0, 1280, 720);
  const stream = canvas.captureStream(5);
  opened.push(...stream.getTracks());
  return stream;
};
"""
# Colors of the preview at places given as shares of its size.
COLORS = """(places) => {
  const video = document.querySelector("[data-preview]");
  const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  return places.map(([x, y]) => [...pen.getImageData(x * canvas.width, y * canvas.height, 1, 1).data].slice(0, 3));
}"""
MIDDLE = (0.5, 0.5)
# The corner where lines end, in Arabic: at the left.
CORNER = [(x / 100, y / 100) for x in range(3, 22, 3) for y in range(78, 97, 3)]


def size(page: Page) -> list[int]:
    return page.evaluate(
        "(({ videoWidth, videoHeight }) => [videoWidth, videoHeight])(document.querySelector('[data-preview]'))"
    )


def is_screen(color: list[int]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(color, (0x20, 0x40, 0xC0), strict=True))


def test_the_screen_is_shared_with_the_camera_in_its_corner(
    devices: Browser,
    site: str,
    session: LiveSession,
    instructor: User,
):
    desk = entered(devices, site, instructor, viewport=DESK)
    desk.add_init_script(SCREEN)
    staff = room_of(desk, site, session)
    staff.click("[data-sending] summary")
    staff.click("[data-both]")
    expect(staff.locator("[data-on-air]")).to_be_visible()

    wait_until(lambda: size(staff) == [1280, 720])
    wait_until(lambda: all(map(is_screen, staff.evaluate(COLORS, [MIDDLE, (0.97, 0.97)]))))
    wait_until(lambda: sum(map(is_screen, staff.evaluate(COLORS, CORNER))) < len(CORNER) / 4)
    # The camera moves although nothing changes on the screen.
    colors = staff.evaluate(COLORS, CORNER)
    wait_until(lambda: staff.evaluate(COLORS, CORNER) != colors)
    keep(staff, "room-screen-and-camera-desk-ar")
    folder, _ = live_stream_folders(stream_path(session))
    wait_until((folder / "360p.m3u8").exists)

    staff.click("[data-camera-again]")
    wait_until(lambda: size(staff) == [640, 360])
    expect(staff.locator("[data-both]")).to_be_visible()
    staff.click("[data-stop]")
    wait_until(lambda: staff.evaluate("opened.every((track) => track.readyState === 'ended')"))
    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")
    until_ended(folder)
