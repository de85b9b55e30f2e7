"""The player in a real browser: it loads nothing before play, and counts only what was played."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.media_pipeline.player.page import PLAYING, Lesson

pytestmark = [
    pytest.mark.browser("a player written in JavaScript on Media Source Extensions"),
    PLAYING,
]


@pytest.fixture
def lesson(browser: Browser, package: Path) -> Iterator[Lesson]:
    lesson = Lesson(browser, package)
    lesson.open()
    yield lesson
    lesson.page.context.close()


def test_nothing_but_the_poster_is_fetched_before_play(lesson: Lesson):
    lesson.settle()

    assert [path for path in lesson.asked if path.startswith("/media/")] == ["/media/one/poster.jpg"]
    assert not any("hls" in path for path in lesson.asked)


def test_a_video_played_to_its_end_is_counted_whole(lesson: Lesson):
    lesson.play(rate=2)
    lesson.wait_for_end()

    assert lesson.counted == {0, 1, 2}
    assert lesson.reports[-1]["position"] == 13
    text = lesson.page.locator("[data-coverage] .tape__text")
    expect(text).to_have_text(re.compile("^\u061c?شاهدت ١٠٠٪\u061c?$"))


@pytest.mark.browser("another way through the same film", nightly=True)
def test_what_was_skipped_is_not_counted(lesson: Lesson):
    lesson.play()
    lesson.page.evaluate("document.querySelector('video').currentTime = 9.9")
    lesson.wait_for_end()

    assert lesson.counted == {2}


@pytest.mark.browser("the same film once more, without its picture", nightly=True)
def test_sound_alone_counts_like_the_video(lesson: Lesson):
    lesson.choose("audio")
    lesson.play(rate=2)
    lesson.wait_for_end()

    assert lesson.counted == {0, 1, 2}
    assert not any("p.mp4" in path for path in lesson.asked)
    assert lesson.fetched("hls.light.min.mjs") == []


def test_what_was_watched_offline_is_sent_when_the_page_opens_again(lesson: Lesson):
    lesson.is_server_away = True
    lesson.play(rate=2)
    lesson.wait_for_end()
    before = list(lesson.reports)

    lesson.is_server_away = False
    lesson.open()
    lesson.until(lambda: lesson.reports)
    lesson.settle()

    assert before == []
    assert lesson.counted == {0, 1, 2}
    assert len(lesson.reports) == 1


@pytest.mark.browser("the same report, sent by another page", nightly=True)
def test_another_lesson_sends_what_this_one_left_behind_once(lesson: Lesson):
    lesson.is_server_away = True
    lesson.play(rate=2)
    lesson.wait_for_end()
    lesson.is_server_away = False
    lesson.facts = {"progress_url": "/progress/of-the-next"}

    for _visit in range(2):
        lesson.open()
        lesson.settle()

    assert [(report["path"], report["buckets"]) for report in lesson.reports] == [("/progress", [0, 1, 2])]
    assert 0 <= lesson.reports[0]["age"] < 60


@pytest.mark.browser("another way through the same film", nightly=True)
def test_a_lesson_goes_on_from_where_it_was_left(lesson: Lesson):
    lesson.facts = {"position": 8}
    lesson.open()
    name = lesson.page.locator("button[data-play]").inner_text()
    lesson.page.click("button[data-play]")
    lesson.wait_for_end()

    assert name.replace("\u061c", "") == "المتابعة من ٠:٠٨"
    assert lesson.counted == {2}


def test_a_lesson_may_be_begun_again(lesson: Lesson):
    lesson.facts = {"position": 8}
    lesson.open()
    lesson.page.click("[data-from-start]")
    lesson.page.wait_for_function("!document.querySelector('video').paused")
    lesson.wait_until(0.2)

    assert lesson.position < 5


@pytest.mark.browser("another way through the same film", nightly=True)
def test_the_player_events_say_what_was_watched(lesson: Lesson):
    lesson.page.add_init_script(
        """window.heard = [];
        for (const name of ["start", "play", "tick", "seek", "pause", "end", "quality", "stall-begin"]) {
          document.addEventListener(`player:${name}`, ({ detail }) => heard.push([name, detail]));
        }"""
    )
    lesson.play(rate=2)
    # In the page itself: a slow machine would play the second part to its end.
    lesson.page.wait_for_function(
        "(({ currentTime: at }) => at > 5 && document.querySelector('video').pause() === undefined)"
        "(document.querySelector('video'))"
    )
    lesson.page.keyboard.press("0")
    lesson.page.keyboard.press("k")
    lesson.wait_for_end()

    heard = lesson.page.evaluate("window.heard")
    ticks = [detail["bucket"] for name, detail in heard if name == "tick"]
    seek = next(detail for name, detail in heard if name == "seek")
    assert ticks == [0, 0, 1, 2]
    assert (seek["position"], seek["from"] > 5) == (0, True)
    assert [name for name, _detail in heard if name in {"start", "end"}] == ["start", "end"]
    assert next(detail for name, detail in heard if name == "start")["quality"] == "144p-low"
