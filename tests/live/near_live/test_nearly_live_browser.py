"""A class with camera and slides in a real browser: one trainee plays it nearly live, one by segments.

Connections are cut and the encoder is killed; a clock painted into the picture shows delay and gaps. The figures are
printed (`make bench BENCH=video`); assertions hold on a busy machine, too.
"""

import json
import os
import signal
import statistics
import uuid
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from live.models import LiveSession, SlideDeck
from live.queries.video import stream_path
from live.services.chat import send_message
from live.services.moderation import remove_person
from live.services.sessions import end_room
from live.services.stage import show_slide
from media_pipeline.services.live_streams import live_stream_folders
from tests.browser_pages import DESK, PHONE, entered, keep
from tests.live.browser_broadcast import (
    CLOCK,
    CLOCK_TURNS_MS,
    READ,
    TcpProxy,
    behind,
    buffered,
    clocks,
    encoders,
    end_class,
    has_begun,
    on_air,
    place,
    room_of,
    until_ended,
)
from tests.live.conftest import enrolled
from tests.live.stage.decks import ready_deck
from tests.served_site import ON_SITE, served
from tests.waiting import time_passes, wait_until

pytestmark = [
    pytest.mark.browser("a broadcast from a browser, followed by fragments and by segments"),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]

CUT_SECONDS = 6
SAMPLES = 20

# Records every displayed picture: the time, and its clock.
WATCH = f"""
() => {{
  const video = document.querySelector("[data-picture]");
  const read = {READ};
  window.seen = [];
  const look = () => {{
    const shown = read(video);
    if (shown !== null) window.seen.push([performance.now() / 1000, shown / 1000]);
    video.requestVideoFrameCallback(look);
  }};
  video.requestVideoFrameCallback(look);
}}
"""


@pytest.fixture
def small_site(django_db_setup: None) -> Iterator[str]:
    """A site with one viewer slot: the page of the second trainee plays segments by itself."""
    with served(LIVE_NEARLY_LIVE_VIEWERS="1") as address:
        yield address


def watches(page: Page, way: str) -> None:
    page.click("[data-watch]")
    expect(page.locator(f"[data-video][data-plays={way}]")).to_be_attached()
    has_begun(page, "[data-picture]")
    page.evaluate(WATCH)


def seen(page: Page) -> list[tuple[float, float]]:
    """(time of display, time of its clock) of every picture since `WATCH` or the last call."""
    return page.evaluate("() => window.seen.splice(0)")


def stood_still(pictures: list[tuple[float, float]]) -> float:
    return max((later[0] - earlier[0] for earlier, later in pairwise(pictures)), default=0.0)


def missed(pictures: list[tuple[float, float]]) -> float:
    """Seconds of class that were never shown between two pictures that followed one another."""
    return max((later[1] - earlier[1] for earlier, later in pairwise(pictures)), default=0.0)


def shows_slide(page: Page, deck: SlideDeck, number: int) -> None:
    expect(page.locator("[data-sheet]")).to_have_attribute("data-shows", "picture")
    expect(page.locator("[data-place]")).to_contain_text("٠١٢٣"[number])


def seen_past(page: Page, moment: float) -> list[tuple[float, float]]:
    """The same, up to a picture that was taken a second after `moment`."""
    pictures: list[tuple[float, float]] = []

    def is_past() -> bool:
        pictures.extend(seen(page))
        return bool(pictures) and pictures[-1][1] > moment + 1

    wait_until(is_past)
    return pictures


def clock_of(page: Page) -> float:
    """What a picture that is taken now says."""
    return page.evaluate("Date.now()") % CLOCK_TURNS_MS / 1000


def fallen_behind(near: Page, later: Page) -> dict[str, float]:
    delays: dict[str, list[float]] = {"nearly": [], "segments": []}
    for _ in range(SAMPLES):
        time_passes(0.3, "samples of one moment would be one sample", near)
        for name, viewer in (("nearly", near), ("segments", later)):
            delays[name].append(behind(viewer))
    return {f"{name}_behind_s": statistics.median(values) for name, values in delays.items()} | {
        f"{name}_behind_most_s": max(values) for name, values in delays.items()
    }


def while_the_line_is_cut(wire: TcpProxy, near: Page, later: Page) -> dict[str, float]:
    """What both saw of six seconds without the instructor's connection."""
    figures = {}
    for name, viewer in (("nearly", near), ("segments", later)):
        seen(viewer)
        figures[f"{name}_buffered_s"] = buffered(viewer)
    wire.cut()
    time_passes(CUT_SECONDS, "how the seconds without a connection are bridged", near)
    wire.mend()
    mended = clock_of(near)
    for name, viewer in (("nearly", near), ("segments", later)):
        pictures = seen_past(viewer, mended)
        figures[f"{name}_cut_stood_s"] = stood_still(pictures)
        figures[f"{name}_cut_missed_s"] = missed(pictures)
    return figures


def while_the_encoder_is_killed(folder: Path, near: Page, later: Page) -> dict[str, float]:
    figures = {}
    for process in wait_until(lambda: encoders(folder)):
        os.kill(process, signal.SIGKILL)
    wait_until(lambda: encoders(folder))
    back = clock_of(near)
    for name, viewer in (("nearly", near), ("segments", later)):
        pictures = seen_past(viewer, back)
        figures[f"{name}_kill_stood_s"] = stood_still(pictures)
        figures[f"{name}_kill_missed_s"] = missed(pictures)
    return figures


@pytest.mark.browser(
    "a minute of measuring, with a line that is away and an encoder that is killed", nightly=True
)
def test_camera_and_slides_reach_near_live_viewers_and_players_of_segments(
    devices: Browser,
    small_site: str,
    wire_to: Callable[[str], TcpProxy],
    session: LiveSession,
    trainee: User,
    instructor: User,
):
    second = enrolled(session)
    deck = ready_deck(session, instructor)
    folder, _ = live_stream_folders(stream_path(session))
    wire = wire_to(small_site)
    desk = entered(devices, wire.address, instructor, viewport=DESK)
    desk.add_init_script(CLOCK)
    staff = room_of(desk, wire.address, session)
    near, later = (
        room_of(entered(devices, small_site, user, viewport=PHONE), small_site, session)
        for user in (trainee, second)
    )

    on_air(staff)
    watches(near, "nearly")
    watches(later, "auto")
    for page in (1, 2):
        show_slide(session_id=session.pk, by=instructor, deck=deck.public_id, page=page)
        for viewer in (near, later):
            shows_slide(viewer, deck, page)
    figures = fallen_behind(near, later)
    keep(near, "nearly-live-phone-ar")
    keep(staff, "nearly-live-desk-ar")
    figures |= while_the_line_is_cut(wire, near, later)
    figures |= while_the_encoder_is_killed(folder, near, later)
    end_class(staff, folder)
    gaps = [(after - before) / 1000 for before, after in pairwise(clocks(folder / "360p.m3u8"))]
    figures["recording_missed_s"] = max(gaps)
    print(f"\nFIGURES {json.dumps({name: round(value, 2) for name, value in figures.items()})}")

    # Order and completeness; how many seconds is for the bench to tell.
    assert figures["nearly_behind_s"] < figures["segments_behind_s"]
    assert figures["recording_missed_s"] <= 1
    assert min(gaps) >= -0.2
    wait_until(lambda: not (folder / "flow_").exists())


def goes_on(page: Page) -> None:
    """Wait until two more seconds are played, still nearly live."""
    at = place(page)
    wait_until(lambda: place(page) > at + 2)
    expect(page.locator("[data-video][data-plays=nearly]")).to_be_attached()


def corner(page: Page) -> list[int]:
    return page.evaluate(
        """() => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 36 });
          const pen = canvas.getContext("2d");
          pen.drawImage(document.querySelector("[data-picture]"), 0, 0, 64, 36);
          return Array.from(pen.getImageData(4, 4, 1, 1).data.slice(0, 3));
        }"""
    )


def is_card(color: list[int]) -> bool:
    """Dark green: the card of an instructor who is heard and not seen."""
    return all(abs(one - other) < 25 for one, other in zip(color, (9, 74, 68), strict=True))


def test_near_live_playback_survives_a_disconnect_and_another_camera_and_ends_with_the_right_to_watch(
    devices: Browser,
    site: str,
    wire_to: Callable[[str], TcpProxy],
    session: LiveSession,
    trainee: User,
    instructor: User,
):
    staff = room_of(entered(devices, site, instructor, viewport=DESK), site, session)
    line = wire_to(site)
    near = room_of(entered(devices, line.address, trainee, viewport=PHONE), line.address, session)
    on_air(staff)
    watches(near, "nearly")

    line.cut()
    time_passes(
        1.5, "longer than a fragment, shorter than what the page waits before it plays segments", near
    )
    line.mend()
    goes_on(near)

    assert not is_card(corner(near))
    staff.select_option("[data-cameras]", "none")
    wait_until(lambda: is_card(corner(near)))
    goes_on(near)

    said = send_message(session_id=session.pk, by=trainee, text="x", client_id=uuid.uuid4())
    remove_person(session_id=session.pk, by=instructor, seq=said.seq)
    wait_until(lambda: page_is_silent(near))
    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")
    folder, _ = live_stream_folders(stream_path(session))
    until_ended(folder)


def page_is_silent(page: Page) -> bool:
    return page.evaluate("document.querySelector('[data-picture]').readyState") == 0
