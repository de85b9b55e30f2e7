"""Reports of the player in a real browser: in batches, when the page is left, and late after being offline."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.media_pipeline.player.page import PLAYING, Lesson
from tests.waiting import time_passes

pytestmark = [
    pytest.mark.browser("what a browser sends while it plays and when it leaves"),
    PLAYING,
]
HIDE = """Object.defineProperty(document, "hidden", { configurable: true, value: true });
document.dispatchEvent(new Event("visibilitychange"));"""

# A slow phone fires `timeupdate` late; here it never fires again.
SILENCE_THE_CLOCK = """addEventListener("timeupdate", (event) => event.stopImmediatePropagation(), true)"""


# Fires the events of leaving the page without closing it: Playwright sees no request of a closed page.
LEAVE = """() => {
  const sent = [];
  const real = window.fetch;
  window.fetch = (url, how) => {
    sent.push([url, how.keepalive]);
    return real(url, how);
  };
  dispatchEvent(new Event("pagehide"));
  return sent;
}"""


class Counted(Lesson):
    """A lesson whose watching also goes into the instructors' sums."""

    def __init__(self, browser: Browser, package: Path, **options: Any) -> None:
        super().__init__(browser, package, **options)
        self.batches: list[dict] = []
        self.telemetry_url = "/media/t/pass/signature/film/1"

    def answer(self, route: Route) -> None:
        if "/media/t/" not in route.request.url:
            super().answer(route)
        elif self.is_server_away:
            route.abort()
        else:
            self.batches.append(json.loads(route.request.post_data or "{}"))
            route.fulfill(status=204)

    @property
    def plays(self) -> list[int]:
        return sorted(bucket for batch in self.batches for bucket, _times in batch["plays"])


@pytest.fixture
def lesson(browser: Browser, package: Path) -> Iterator[Counted]:
    lesson = Counted(browser, package, viewport={"width": 360, "height": 640})
    lesson.open()
    yield lesson
    lesson.page.context.close()


@pytest.mark.browser("the whole film once more", nightly=True)
def test_buckets_are_reported_in_batches_and_not_one_by_one(lesson: Counted):
    lesson.play(rate=2)
    lesson.wait_until(11)
    during = list(lesson.reports)
    lesson.wait_for_end()

    assert during == []
    # The last report tells only where the video ended.
    assert [report["buckets"] for report in lesson.reports if report["buckets"]] == [[0, 1, 2]]


def test_a_hidden_page_reports_what_was_watched(lesson: Counted):
    lesson.play(rate=2)
    # Before the four seconds with which a bucket counts.
    lesson.wait_until(3.4)
    lesson.page.evaluate(SILENCE_THE_CLOCK)
    lesson.wait_until(5.2)
    lesson.page.evaluate(HIDE)
    lesson.until(lambda: lesson.reports and lesson.batches)

    assert lesson.reports[-1]["buckets"] == [0]
    assert lesson.reports[-1]["position"] >= 5
    assert lesson.plays == [0]
    assert sum(lesson.batches[0]["rungs"].values()) > 1000


@pytest.mark.browser("the same report at another end", nightly=True)
def test_a_closed_page_reports_what_was_watched_by_keepalive_requests(lesson: Counted):
    lesson.play(rate=2)
    lesson.wait_until(5.5)
    sent = lesson.page.evaluate(LEAVE)
    lesson.until(lambda: lesson.counted and lesson.batches)

    assert lesson.counted == {0}
    assert lesson.plays == [0]
    assert sorted(sent) == [["/media/t/pass/signature/film/1", True], ["/progress", True]]


@pytest.mark.browser("the whole film once more", nightly=True)
def test_what_was_watched_offline_is_reported_once_when_the_connection_returns(lesson: Counted):
    lesson.is_server_away = True
    lesson.play(rate=2)
    lesson.wait_until(5.5)
    lesson.page.evaluate(HIDE)
    lesson.wait_for_end()
    kept = lesson.page.evaluate("localStorage.getItem('telemetry')")

    lesson.is_server_away = False
    lesson.page.evaluate("dispatchEvent(new Event('online'))")
    lesson.until(lambda: lesson.reports and len(lesson.plays) == 3)
    lesson.page.wait_for_function("localStorage.getItem('telemetry') === null")
    lesson.page.evaluate("dispatchEvent(new Event('online'))")
    time_passes(0.1, "nothing is reported twice; a report is requested within the event", lesson.page)

    assert len(json.loads(kept)) == len(lesson.batches)
    assert lesson.plays == [0, 1, 2]
    # The last report tells only where the video ended.
    assert [report["buckets"] for report in lesson.reports if report["buckets"]] == [[0, 1, 2]]


@pytest.mark.parametrize(
    "quality", [pytest.param("auto", marks=pytest.mark.browser("another way to play", nightly=True)), "144p"]
)
def test_the_video_continues_when_the_connection_returns(lesson: Counted, quality: str):
    is_away = False

    def carry(route: Route) -> None:
        if is_away:
            route.abort("internetdisconnected")
        else:
            route.fallback()

    lesson.page.route("**/*.mp4", carry)
    lesson.page.route("**/*.m3u8", carry)
    lesson.choose(quality)
    is_away = True
    lesson.page.click("button[data-play]")
    expect(lesson.page.locator("[data-message=waiting]")).to_be_visible()
    is_away = False

    # The viewer does nothing.
    lesson.wait_until(1)

    expect(lesson.page.locator("[data-message]:visible")).to_have_count(0)


@pytest.mark.browser("one more menu", nightly=True)
def test_the_speed_is_chosen_by_menu_and_stays(lesson: Counted):
    lesson.play()
    lesson.page.click("[data-settings]")
    lesson.page.get_by_role("combobox", name="السرعة", exact=True).select_option("1.5")
    chosen = lesson.page.evaluate("document.querySelector('video').playbackRate")
    lesson.open()
    lesson.page.click("button[data-play]")
    lesson.wait_until(0.3)

    assert (chosen, lesson.page.evaluate("document.querySelector('video').playbackRate")) == (1.5, 1.5)


@pytest.mark.browser("one more button", nightly=True)
def test_captions_go_off_again_and_stay_off(lesson: Counted):
    lesson.play()
    button = lesson.page.get_by_role("button", name="النص المكتوب", exact=True)
    button.click()
    expect(lesson.page.locator("[data-captions]")).not_to_be_empty()
    button.click()
    lesson.play()

    expect(button).to_have_attribute("aria-pressed", "false")
    expect(lesson.page.locator("[data-captions]")).to_be_empty()
