"""The editor of captions in a real browser, from the first word to the lesson that shows it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from media_pipeline.enums import CaptionKind, CaptionLanguage
from media_pipeline.folders import published_folder
from media_pipeline.models import CaptionTrack, Video
from media_pipeline.services.captions import start_captions
from media_pipeline.services.jobs.working import run_job
from tests.browser_pages import entered
from tests.factories.media_pipeline import WORDS, VideoFactory
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("an editor written in JavaScript, next to a player"),
    pytest.mark.django_db(transaction=True),
]


def opened(browser: Browser, site: LiveServer, user: User, track: CaptionTrack) -> Page:
    context = entered(browser, site.url, user, viewport={"width": 1366, "height": 768}, locale="ar-EG")
    page = context.new_page()
    page.route("**/media/v/**", streamed)
    page.goto(site.url + reverse("captions:editor", args=[track.pk]))
    page.wait_for_selector("[data-captions-editor]:not([hidden])")
    return page


def streamed(route: Route) -> None:
    """A file of a published version, since the server of the tests does not stream."""
    public_id, number, name = route.request.url.rsplit("/", 3)[1:]
    data = (published_folder() / public_id / number / name).read_bytes()
    wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", route.request.headers.get("range", ""))
    if wanted is None:
        route.fulfill(body=data)
        return
    first, last = int(wanted[1]), int(wanted[2] or len(data) - 1)
    headers = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
    route.fulfill(status=206, body=data[first : last + 1], headers=headers)


@pytest.fixture
def track(manager: User) -> CaptionTrack:
    return start_captions(
        video=VideoFactory(center=manager.memberships.get().center),
        language=CaptionLanguage.ARABIC,
        kind=CaptionKind.CAPTIONS,
        data=WORDS.encode(),
        by=manager,
    )


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, manager: User, track: CaptionTrack) -> Iterator[Page]:
    page = opened(browser, live_server, manager, track)
    yield page
    page.context.close()


def shows(page: Page, words: list[str]) -> None:
    fields = page.locator(".cue textarea")
    wait_until(lambda: fields.evaluate_all("fields => fields.map(field => field.value)") == words)


def saved(page: Page, track: CaptionTrack) -> str:
    expect(page.locator("[data-status]")).to_contain_text("حُفظت")
    track.refresh_from_db()
    return track.text


def test_a_line_is_changed_published_and_shown_in_the_lesson(
    browser: Browser, live_server: LiveServer, manager: User, upload: Callable[..., Video], landscape: Path
):
    video = upload(landscape)
    run_job(job_id=video.jobs.get().pk)
    track = start_captions(
        video=video,
        language=CaptionLanguage.ARABIC,
        kind=CaptionKind.CAPTIONS,
        data=WORDS.encode(),
        by=manager,
    )
    page = opened(browser, live_server, manager, track)

    page.locator(".cue textarea").nth(1).fill("تأكد من انقطاع التيار")
    assert "انقطاع" in saved(page, track)
    video.refresh_from_db()
    assert video.published.captions == []
    page.get_by_role("button", name="نشر").click()
    page.wait_for_selector(".w-status--primary")

    video.refresh_from_db()
    file = published_folder() / video.published.path / "captions-ar.vtt"
    assert "تأكد من انقطاع التيار" in file.read_text()
    page.goto(live_server.url + reverse("video:inspect", args=[video.pk]))
    address = re.compile(f"/{video.published.path}/captions-ar.vtt$")
    expect(page.locator("video track[srclang=ar]")).to_have_attribute("src", address)
    page.context.close()


@pytest.mark.browser("another film to encode", nightly=True)
def test_a_line_takes_its_times_from_the_video(
    browser: Browser, live_server: LiveServer, manager: User, upload: Callable[..., Video], landscape: Path
):
    video = upload(landscape)
    run_job(job_id=video.jobs.get().pk)
    track = start_captions(
        video=video,
        language=CaptionLanguage.ARABIC,
        kind=CaptionKind.CAPTIONS,
        data=WORDS.encode(),
        by=manager,
    )
    page = opened(browser, live_server, manager, track)
    clock = page.locator("[data-clock]")
    expect(page.locator("video")).to_have_js_property("readyState", 4)

    page.locator(".cue__number").nth(1).click()
    expect(clock).to_have_text("00:00:01.500")
    expect(page.locator("[data-preview]")).to_have_text("تأكد")
    page.evaluate("document.querySelector('video').currentTime = 1.75")
    expect(clock).to_have_text("00:00:01.750")
    page.keyboard.press("Alt+BracketLeft")
    expect(page.locator(".cue").nth(1).locator("[data-start]")).to_have_value("00:00:01.750")
    page.locator(".cue textarea").first.focus()
    page.keyboard.press("Alt+KeyP")
    expect(clock).to_have_text(re.compile(r"00:00:01\.[5-9]"))
    expect(page.locator("video")).to_have_js_property("paused", True)

    assert "00:00:01.750 --> 00:00:02.000" in saved(page, track)
    page.context.close()


def test_lines_are_split_joined_added_deleted_and_brought_back_by_keyboard(page: Page, track: CaptionTrack):
    first = page.locator(".cue textarea").first
    first.focus()
    first.evaluate("field => field.setSelectionRange(4, 4)")

    page.keyboard.press("Alt+KeyX")
    shows(page, ["افصل", "القاطع الرئيسي", "تأكد"])
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+KeyM")
    shows(page, ["افصل\nالقاطع الرئيسي", "تأكد"])
    page.keyboard.press("Alt+KeyN")
    page.keyboard.type("جديد")
    shows(page, ["افصل\nالقاطع الرئيسي", "جديد", "تأكد"])
    page.keyboard.press("Alt+Delete")
    shows(page, ["افصل\nالقاطع الرئيسي", "تأكد"])
    page.keyboard.press("Control+KeyZ")
    shows(page, ["افصل\nالقاطع الرئيسي", "جديد", "تأكد"])

    assert "جديد" in saved(page, track)


@pytest.mark.browser("one more field of the editor", nightly=True)
def test_times_are_typed_in_any_digits_and_marked_where_they_clash(page: Page, track: CaptionTrack):
    second = page.locator(".cue").nth(1)

    second.locator("[data-start]").fill("٠٠:٠١.٢")
    second.locator("[data-end]").fill("0:1.3")
    second.locator("[data-end]").press("Tab")

    expect(second.locator("[data-start]")).to_have_value("00:00:01.200")
    expect(second.locator("[data-mark=overlap]")).to_be_visible()
    expect(second.locator("[data-mark=short]")).to_be_visible()
    assert "00:00:01.200 --> 00:00:01.300" in saved(page, track)


@pytest.mark.browser("one more mark of the editor", nightly=True)
def test_captions_too_fast_to_read_are_marked(page: Page):
    page.locator(".cue textarea").first.fill("كلام كثير جدا لا يقرؤه أحد في ثانية ونصف مهما أسرع")

    expect(page.locator("[data-mark=fast]")).to_contain_text("حرف")


@pytest.mark.browser("one more tool of the editor", nightly=True)
def test_a_word_is_replaced_everywhere(page: Page, track: CaptionTrack):
    page.keyboard.press("Alt+KeyR")
    page.locator("[data-wanted]").fill("القاطع")
    page.locator("[data-other]").fill("المفتاح")
    page.locator("[data-replace-all]").click()

    expect(page.locator(".cue textarea").first).to_have_value("افصل المفتاح الرئيسي")
    assert "المفتاح" in saved(page, track)


@pytest.mark.browser("one more tool of the editor", nightly=True)
def test_the_text_is_edited_as_a_whole_and_comes_back_as_lines(page: Page, track: CaptionTrack):
    page.locator("[data-act=text]").click()
    text = page.locator("textarea[name=text]")
    expect(text).to_have_value(re.compile("^WEBVTT"))
    text.fill(text.input_value() + "\nNOTE مراجعة\n\n00:00:03.000 --> 00:00:04.000 line:10%\nثالث\n")
    page.locator("[data-act=list]").click()

    expect(page.locator(".cue textarea").nth(2)).to_have_value("ثالث")
    kept = saved(page, track)
    assert "NOTE مراجعة\n\n00:00:03.000 --> 00:00:04.000 line:10%\nثالث\n" in kept


@pytest.mark.browser("one more refusal of the editor", nightly=True)
def test_text_that_is_no_webvtt_stays_text(page: Page):
    page.locator("[data-act=text]").click()
    page.locator("textarea[name=text]").fill("WEBVTT\n\n1,5 --> 2\nعكس\n")
    page.locator("[data-act=list]").click()

    expect(page.locator("textarea[name=text]")).to_be_visible()
    expect(page.locator("[data-problems]")).to_contain_text("السطر 3")


@pytest.mark.browser("two editors at once", nightly=True)
def test_the_second_to_save_chooses_which_text_stays(
    browser: Browser, live_server: LiveServer, page: Page, superuser: User, track: CaptionTrack
):
    other = opened(browser, live_server, superuser, track)
    other.locator(".cue textarea").first.fill("نص الزميل")
    saved(other, track)
    other.context.close()

    page.locator(".cue textarea").first.fill("نصي")
    expect(page.locator("[data-conflict]")).to_be_visible()
    page.locator("[data-mine]").click()

    assert "نصي" in saved(page, track)
    assert any("نص الزميل" in revision.text for revision in track.revisions.all())


def test_text_typed_offline_is_saved_when_the_connection_returns(page: Page, track: CaptionTrack):
    page.context.set_offline(True)
    page.locator(".cue textarea").first.fill("بلا شبكة")
    expect(page.locator("[data-status]")).to_contain_text("لا يوجد اتصال")

    page.context.set_offline(False)

    assert "بلا شبكة" in saved(page, track)


def test_without_javascript_the_page_is_a_form_with_the_file(
    browser: Browser, live_server: LiveServer, manager: User, track: CaptionTrack
):
    context = entered(browser, live_server.url, manager, java_script_enabled=False, locale="ar-EG")
    page = context.new_page()
    page.goto(live_server.url + reverse("captions:editor", args=[track.pk]))

    page.locator("textarea[name=text]").fill(WORDS.replace("تأكد", "تحقق"))
    page.get_by_role("button", name="نشر").click()

    expect(page.locator(".w-status--primary")).to_be_visible()
    track.refresh_from_db()
    assert "تحقق" in track.published.text
    context.close()
