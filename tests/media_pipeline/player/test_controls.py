"""The player's buttons, menus, text and keys: by hand, by keyboard and by screen reader, in both directions."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser_pages import AXE, DESK, PHONE
from tests.media_pipeline.player.page import PLAYING, Lesson
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser("buttons, keys and layout of the player"), PLAYING]


@pytest.fixture
def lesson(browser: Browser, package: Path) -> Iterator[Lesson]:
    lesson = Lesson(browser, package, viewport=PHONE)
    lesson.open()
    yield lesson
    lesson.page.context.close()


LOOKS = [
    pytest.param(
        size,
        language,
        scheme,
        id=f"{name}-{language}-{scheme}",
        marks=[]
        if (name, language, scheme) == ("phone", "ar", "light")
        else [pytest.mark.browser("another look of the same player", nightly=True)],
    )
    for name, size in (("phone", PHONE), ("desk", DESK))
    for language in ("ar", "en")
    for scheme in ("light", "dark")
]


def focused(lesson: Lesson) -> str:
    return lesson.page.evaluate(
        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.name"
    )


@pytest.mark.parametrize(("size", "language", "scheme"), LOOKS)
def test_axe_finds_nothing_before_play_and_with_everything_open(
    browser: Browser, package: Path, size: dict[str, int], language: str, scheme: str
):
    lesson = Lesson(
        browser, package, language=language, viewport=size, color_scheme=scheme, reduced_motion="reduce"
    )
    found = {}

    def look(place: str) -> None:
        lesson.page.evaluate(AXE.read_text(encoding="utf-8"))
        result = lesson.page.evaluate("axe.run()")
        found[place] = [(one["id"], one["nodes"][0]["html"]) for one in result["violations"]]
        assert lesson.page.evaluate("document.documentElement.scrollWidth") == size["width"], place

    lesson.facts = {"position": 8}
    lesson.open()
    look("before play")
    lesson.page.click("[data-from-start]")
    lesson.wait_until(0.3)
    lesson.page.evaluate("document.querySelector('video').pause()")
    lesson.page.click("[data-captions-button]")
    lesson.page.click("[data-transcript-button]")
    expect(lesson.page.locator("[data-lines] li")).to_have_count(3 if language == "ar" else 2)
    for name in ("quality", "chapters", "settings"):
        lesson.page.click(f"[aria-controls=player-{name}]")
        look(name)
    lesson.page.click("[data-help]")
    look("help")

    assert found == {place: [] for place in found}
    lesson.page.context.close()


def test_every_control_is_large_enough_for_a_thumb(lesson: Lesson):
    lesson.play()
    lesson.page.click("[data-transcript-button]")
    lesson.page.wait_for_selector("[data-lines] button")

    small = lesson.page.evaluate(
        """[...document.querySelectorAll(".player button, .player select, .player input:not([type=radio])")]
        .filter((part) => part.checkVisibility())
        .map((part) => [part.outerHTML.slice(0, 80), part.getBoundingClientRect()])
        .filter(([, box]) => box.height < 44 || box.width < 44).map(([name]) => name)"""
    )

    assert small == []


def test_the_whole_player_is_walked_by_keyboard(lesson: Lesson):
    lesson.page.locator("button[data-play]").focus()
    lesson.page.keyboard.press("Enter")
    lesson.wait_until(0.3)
    after_start = focused(lesson)
    lesson.page.keyboard.press("k")
    lesson.page.wait_for_function("document.querySelector('video').paused")
    lesson.page.keyboard.press("5")
    half = lesson.position
    # Towards the end of the seek bar, which is on the left in Arabic.
    lesson.page.keyboard.press("ArrowLeft")
    on = lesson.position
    lesson.page.keyboard.press("j")
    back = lesson.position
    lesson.page.keyboard.press("Shift+Period")
    lesson.page.keyboard.press("m")
    lesson.page.keyboard.press("c")
    expect(lesson.page.locator("[data-captions-button]")).to_have_attribute("aria-pressed", "true")

    state = lesson.page.evaluate(
        "(({ playbackRate, muted }) => [playbackRate, muted])(document.querySelector('video'))"
    )
    assert after_start == "إيقاف مؤقت"
    assert (round(half - 6.5), round(on - half), round(on - back)) == (0, 5, 10)
    assert state == [1.25, True]


@pytest.mark.browser("one more control", nightly=True)
def test_the_seek_bar_says_where_it_is(lesson: Lesson):
    lesson.play()
    lesson.page.evaluate("document.querySelector('video').pause()")
    lesson.page.locator("[data-seek]").focus()
    lesson.page.keyboard.press("End")
    lesson.page.keyboard.press("Home")
    lesson.page.keyboard.press("ArrowLeft")

    position = re.compile("^٠:٠٥ من ٠:١٣")
    expect(lesson.page.locator("[data-seek]")).to_have_attribute("aria-valuetext", position)


@pytest.mark.browser("one more way by keyboard", nightly=True)
def test_a_menu_gives_the_focus_back(lesson: Lesson):
    lesson.play()
    button = lesson.page.locator("[data-quality-button]")
    button.focus()
    lesson.page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    wait_until(lambda: focused(lesson) == "quality")
    lesson.page.keyboard.press("Escape")

    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(lesson.page.locator("#player-quality")).to_be_hidden()


@pytest.mark.browser("one more way by keyboard", nightly=True)
def test_letters_typed_into_the_search_do_not_control_the_player(lesson: Lesson):
    lesson.play()
    lesson.page.click("[data-transcript-button]")
    lesson.page.locator("[data-search]").press_sequentially("km5")
    expect(lesson.page.locator("[data-search]")).to_have_value("km5")

    assert not lesson.page.evaluate("document.querySelector('video').muted")
    assert not lesson.page.evaluate("document.querySelector('video').paused")


def test_the_text_is_searched_as_arabic_is_typed_and_leads_to_its_place(lesson: Lesson):
    lesson.play()
    lesson.page.click("[data-transcript-button]")
    lines = lesson.page.locator("[data-lines] li:visible")
    expect(lines).to_have_count(3)

    lesson.page.fill("[data-search]", "اولا افصل")
    expect(lines).to_have_count(0)
    lesson.page.fill("[data-search]", "السلام")
    expect(lines).to_have_count(1)
    expect(lesson.page.locator("[data-lines] mark")).to_have_text("السَّلامُ")
    lesson.page.fill("[data-search]", "رقم 12")
    expect(lines).to_have_count(1)
    lines.locator("button").click()
    lesson.wait_until(6.5)
    lesson.page.fill("[data-search]", "")

    expect(lesson.page.locator("[data-lines] [aria-current]")).to_contain_text("مفك الاختبار")


@pytest.mark.browser("one more layout", nightly=True)
def test_the_text_is_next_to_the_picture_on_a_desktop_and_below_it_on_a_phone(lesson: Lesson):
    lesson.play()
    lesson.page.click("[data-transcript-button]")

    def boxes() -> tuple[dict, dict]:
        return tuple(
            lesson.page.locator(part).bounding_box() for part in ("[data-frame]", "[data-transcript]")
        )

    def is_below(frame: dict, text: dict) -> bool:
        return text["y"] >= frame["y"] + frame["height"]

    def is_left_and_as_high(frame: dict, text: dict) -> bool:
        is_left = text["x"] + text["width"] <= frame["x"]
        return is_left and frame["width"] > 700 and abs(text["height"] - frame["height"]) < 2

    expect(lesson.page.locator("[data-transcript]")).to_be_visible()
    wait_until(lambda: is_below(*boxes()))
    lesson.page.set_viewport_size(DESK)
    wait_until(lambda: is_left_and_as_high(*boxes()))


def test_captions_are_drawn_as_the_reader_wants_them_and_remembered(lesson: Lesson):
    lesson.play()
    lesson.page.click("[data-settings]")
    lesson.page.select_option("[data-captions-language]", "en")
    lesson.page.select_option("[data-captions-size]", "large")
    lesson.page.select_option("[data-captions-ground]", "half")
    lesson.open()
    lesson.page.click("button[data-play]")

    box = lesson.page.locator("[data-captions]")
    expect(box).to_contain_text("Today we wire")
    expect(box).to_have_attribute("data-size", "large")
    expect(box).to_have_attribute("data-ground", "half")
    expect(box).to_have_attribute("lang", "en")


def test_chapters_are_marks_on_the_seek_bar_and_links(lesson: Lesson):
    lesson.play()
    expect(lesson.page.locator("[data-marks] span")).to_have_count(1)
    lesson.page.click("[data-chapters-button]")
    lesson.page.locator("[data-chapters-list] button", has_text="الاختبار").click()
    lesson.wait_until(6)

    expect(lesson.page.locator("[data-chapters-list] [aria-current]")).to_contain_text("الاختبار")


@pytest.mark.browser("one more control", nightly=True)
def test_the_seek_bar_previews_the_picture_at_the_pointer(lesson: Lesson):
    lesson.play()
    before = lesson.fetched("storyboard.vtt")
    lesson.page.hover("[data-seekbar]")

    picture = lesson.page.locator("[data-peek-picture]")
    expect(picture).to_be_visible()
    assert before == []
    expect(picture).to_have_css("background-image", re.compile("poster.jpg"))


@pytest.mark.browser("one more layout", nightly=True)
def test_a_video_without_captions_has_no_buttons_for_them(lesson: Lesson):
    lesson.has_texts = False
    lesson.play()
    lesson.page.hover("[data-seekbar]")
    lesson.page.keyboard.press("c")

    expect(
        lesson.page.locator("[data-captions-button], [data-chapters-button], [data-transcript]")
    ).to_have_count(0)
    expect(lesson.page.locator("[data-peek-picture]")).to_be_hidden()
    expect(lesson.page.locator("[data-live]")).to_contain_text("بلا نص مكتوب")


@pytest.mark.browser("the whole film once more", nightly=True)
def test_the_size_shown_for_a_quality_is_the_size_fetched(lesson: Lesson):
    said = {}
    for name in ("audio", "144p", "240p"):
        choice = lesson.page.locator(f"label:has(input[value='{name}']) .quality__size")
        number = re.search(
            r"[\d.,٫]+", choice.text_content().translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
        )[0]
        said[name] = float(number.replace("٫", ".").replace(",", ".")) * 1024
    lesson.choose("144p")
    sizes = []
    lesson.page.on("response", lambda answer: sizes.append(answer) if ".mp4" in answer.url else None)
    lesson.play(rate=2)
    lesson.wait_for_end()

    used = sum(len(answer.body()) for answer in sizes)
    assert said["audio"] < said["144p"] < said["240p"]
    assert used == pytest.approx(said["144p"], rel=0.1)


@pytest.mark.browser("another way to play", nightly=True)
def test_data_saving_plays_the_smallest_rendition_without_a_library(browser: Browser, package: Path):
    lesson = Lesson(browser, package, viewport=PHONE)
    lesson.page.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
    )
    lesson.open()
    lesson.page.click("button[data-play]")
    lesson.wait_until(1)

    expect(lesson.page.locator("input[value='144p-low']")).to_be_checked()
    assert lesson.fetched("hls.light.min.mjs") == []
    assert {path.split("/")[-1] for path in lesson.asked if path.endswith(".mp4")} == {"144p-low.mp4"}
    lesson.page.context.close()


@pytest.mark.browser("the whole film once more", nightly=True)
def test_automatic_quality_stays_below_the_remembered_limit(browser: Browser, package: Path):
    lesson = Lesson(browser, package, viewport=DESK)
    lesson.open()
    lesson.page.click("[data-quality-button]")
    lesson.page.select_option("[data-cap]", "144")
    lesson.open()
    lesson.page.click("button[data-play]")
    lesson.wait_for_end()

    assert {path.split("/")[-1] for path in lesson.asked if path.endswith(".mp4")} <= {
        "144p.mp4",
        "144p-low.mp4",
    }
    assert lesson.fetched("hls.light.min.mjs")
    lesson.page.context.close()


def test_a_changed_quality_continues_at_the_same_position(lesson: Lesson):
    lesson.play()
    lesson.wait_until(3)
    at, since = lesson.position, time.monotonic()
    lesson.choose("240p")
    lesson.until(lambda: lesson.fetched("240p.mp4"))
    lesson.page.wait_for_function("document.querySelector('video').readyState >= 3")

    assert at - 0.1 <= lesson.position <= at + time.monotonic() - since + 1


@pytest.mark.parametrize(
    "quality", [pytest.param("auto", marks=pytest.mark.browser("another way to play", nightly=True)), "144p"]
)
def test_expired_addresses_are_renewed_and_the_video_continues(lesson: Lesson, quality: str):
    lesson.choose(quality)
    lesson.page.add_init_script("window.MOST = 1")
    lesson.play()
    lesson.signed = "two"
    lesson.page.evaluate("document.querySelector('video').currentTime = 12.2")
    lesson.wait_for_end()

    # Not enough of any part was played.
    assert lesson.counted == set()
    expect(lesson.page.locator("[data-message]:visible")).to_have_count(0)


@pytest.mark.browser("one more refusal", nightly=True)
def test_a_revoked_video_shows_a_message(lesson: Lesson):
    lesson.choose("144p")
    lesson.play()
    lesson.package = lesson.package / "gone"
    lesson.signed, lesson.refused = "one", 410
    lesson.page.route("**/media/**", lambda route: route.fulfill(status=410))
    lesson.page.route("**/lesson", lambda route: route.fulfill(body="<!doctype html><title>Catalog</title>"))
    lesson.choose("240p")

    expect(lesson.page.locator("[data-message=revoked]")).to_be_visible()
