"""Three choices of data use under the video, and a picture that fits its box."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from media_pipeline.services.playback import Playback
from tests.media_pipeline.player.page import PLAYING, Lesson
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("a player written in JavaScript on Media Source Extensions"),
    PLAYING,
]
PHONE = {"viewport": {"width": 360, "height": 640}}


@pytest.fixture
def lesson(browser: Browser, package: Path) -> Iterator[Lesson]:
    lesson = Lesson(browser, package, **PHONE)
    lesson.open()
    yield lesson
    lesson.page.context.close()


class Upright(Lesson):
    """A portrait video of a phone."""

    def playback(self) -> Playback:
        return replace(super().playback(), is_upright=True)


class SmallSound(Lesson):
    """A video whose sound has fewer bytes than its smallest rendition, as in longer ones."""

    def playback(self) -> Playback:
        playback = super().playback()
        cheap = [
            rendition if rendition.height else replace(rendition, bytes=1000)
            for rendition in playback.renditions
        ]
        return replace(playback, renditions=cheap)


def test_three_choices_say_what_they_cost_and_the_rest_is_behind_one_button(browser: Browser, package: Path):
    lesson = SmallSound(browser, package, **PHONE)
    lesson.open()
    choices = lesson.page.locator("[data-ways] label:visible")

    expect(choices).to_have_count(3)
    expect(lesson.page.locator("[data-ways] .ways__size")).to_have_text([re.compile("ب")] * 3)
    expect(lesson.page.locator("#player-quality")).to_be_hidden()
    lesson.page.click("[data-quality-button]")
    expect(lesson.page.locator("#player-quality")).to_be_visible()
    lesson.page.context.close()


@pytest.mark.parametrize(("width", "height"), [(360, 640), (390, 844)])
def test_the_settings_open_above_the_bar_at_the_foot_of_a_phone(
    browser: Browser, package: Path, width: int, height: int
):
    lesson = Lesson(browser, package, viewport={"width": width, "height": height})
    lesson.open()
    lesson.page.evaluate(
        """() => {
          const bar = document.createElement("nav");
          bar.className = "nav";
          bar.innerHTML = '<div style="block-size: 71px"></div>';
          document.body.append(bar);
          document.querySelector("main").style.minBlockSize = "1600px";
        }"""
    )
    # As low as a thumb still reaches it.
    lesson.page.evaluate("document.querySelector('[data-settings]').scrollIntoView({ block: 'end' })")

    lesson.page.click("[data-settings]")

    expect(lesson.page.locator("#player-settings")).to_be_visible()
    panel = lesson.page.locator("#player-settings").bounding_box()
    assert panel["y"] >= 0
    assert panel["y"] + panel["height"] <= height - 71
    assert lesson.page.locator("#player-settings").evaluate(
        "panel => panel.scrollHeight <= panel.clientHeight"
    )
    lesson.page.context.close()


def test_saving_plays_the_lightest_picture_and_is_remembered(lesson: Lesson):
    lesson.page.check("[data-ways] input[value=save]")
    lesson.play()

    assert lesson.fetched("144p-low.mp4")
    assert not lesson.fetched("240p.mp4")
    lesson.open()
    expect(lesson.page.locator("[data-ways] input[value=save]")).to_be_checked()


def test_one_of_the_other_qualities_unchecks_the_three(lesson: Lesson):
    lesson.choose("240p")

    expect(lesson.page.locator("[data-ways] input:checked")).to_have_count(0)


def test_automatic_quality_goes_no_higher_than_the_box(lesson: Lesson):
    box = lesson.page.locator("video").bounding_box()
    limit = lesson.page.locator("[data-ways] label:has(input[value=normal])").get_attribute("data-limit")

    assert box["height"] < 240
    assert 0 < int(limit) <= 240


def test_an_upright_video_fills_its_height(browser: Browser, package: Path):
    lesson = Upright(browser, package, **PHONE)
    lesson.open()

    box = lesson.page.locator("video").bounding_box()

    assert box["height"] > 400
    assert 0.5 < box["width"] / box["height"] < 0.6
    assert box["height"] <= 640 * 0.75 + 1
    lesson.page.context.close()


def test_the_page_shows_the_progress_in_the_response_at_once(lesson: Lesson):
    lesson.answer_to_progress = {"percent": 100, "completed": True, "program_percent": 50}
    lesson.page.evaluate(
        "addEventListener('player:progress', ({ detail }) => (window.told = [...(window.told ?? []), detail]))"
    )
    lesson.page.evaluate("localStorage.setItem('player:rate', '2')")
    lesson.page.click("button[data-play]")
    lesson.wait_for_end()

    # Before the end: nine parts of ten are enough.
    progress = wait_until(lambda: lesson.page.evaluate("window.told?.[0]"), page=lesson.page)
    assert (progress["completed"], progress["programPercent"]) == (True, 50)
