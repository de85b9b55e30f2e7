"""The player in a real browser: it costs nothing before play, and counts what was played and nothing else."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, Route

from media_pipeline.services.playback import Playback, PlaybackRendition
from media_pipeline.transcoding.plan import make_plan
from media_pipeline.transcoding.probe import probe
from media_pipeline.transcoding.produce import produce_package
from tests.media_pipeline import clips

pytestmark = pytest.mark.browser
SITE = "http://lesson.test"
STATIC = Path(settings.BASE_DIR) / "lms" / "static"
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
}


@pytest.fixture(scope="module")
def package(thirteen_seconds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("played")
    plan = make_plan(probe(thirteen_seconds, folder=folder, binaries=clips.BINARIES))
    produce_package(thirteen_seconds, plan, folder=folder, binaries=clips.BINARIES, on_percent=lambda _: None)
    return folder / "package"


class Lesson:
    """A site of one page, answered from disk without a server."""

    def __init__(self, browser: Browser, package: Path) -> None:
        self.package = package
        self.asked: list[str] = []
        self.reports: list[dict] = []
        self.is_server_away = False
        self.page: Page = browser.new_context().new_page()
        self.page.route("**/*", self.answer)

    def open(self) -> None:
        self.page.goto(f"{SITE}/lesson")
        self.page.wait_for_selector("[data-play]:not([hidden])")

    def html(self) -> str:
        def rendition(name: str, height: int) -> PlaybackRendition:
            size = (self.package / f"{name}.mp4").stat().st_size
            return PlaybackRendition(name, height, size, f"/media/{name}.m3u8", f"/media/{name}.mp4")

        playback = Playback(
            title="درس",
            seconds=13.0,
            master_url="/media/master.m3u8",
            poster_url="/media/poster.jpg",
            audio_url="/media/audio.m3u8",
            renditions=[rendition("audio", 0), rendition("144p", 144), rendition("240p", 240)],
            captions=[],
            expires_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
        )
        context = {
            "playback": playback,
            "progress_url": "/progress",
            "watched_buckets": [],
            "csrf_token": "token",
        }
        player = render_to_string("media_pipeline/player.html", context)
        script = '<script type="module" src="/static/js/player.js"></script>'
        return f'<!doctype html><html lang="ar" dir="rtl"><head>{script}</head><body>{player}</body></html>'

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        self.asked.append(path)
        if path == "/lesson":
            route.fulfill(body=self.html(), content_type="text/html; charset=utf-8")
        elif path == "/progress" and self.is_server_away:
            route.abort()
        elif path == "/progress":
            assert route.request.headers["x-csrftoken"] == "token"
            self.reports.append(json.loads(route.request.post_data or "{}"))
            route.fulfill(json={})
        else:
            self.fulfill_file(route, path)

    def fulfill_file(self, route: Route, path: str) -> None:
        folder = {"static": STATIC, "media": self.package}[path.split("/")[1]]
        file = folder / path.split("/", 2)[2]
        data, headers = file.read_bytes(), {"Content-Type": TYPES[file.suffix], "Accept-Ranges": "bytes"}
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", route.request.headers.get("range", ""))
        if wanted is None:
            route.fulfill(body=data, headers=headers)
            return
        first, last = int(wanted[1]), int(wanted[2] or len(data) - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
        route.fulfill(status=206, body=data[first : last + 1], headers=headers)

    def play(self, *, rate: float = 1) -> None:
        self.page.select_option("[data-speed]", str(rate))
        self.page.click("[data-play]")
        self.page.wait_for_function("document.querySelector('video').currentTime > 0.3")

    def wait_for_end(self) -> None:
        self.page.wait_for_function("document.querySelector('video').ended", timeout=30_000)
        self.page.wait_for_timeout(500)

    @property
    def counted(self) -> set[int]:
        return {bucket for report in self.reports for bucket in report["buckets"]}


@pytest.fixture
def lesson(browser: Browser, package: Path) -> Iterator[Lesson]:
    lesson = Lesson(browser, package)
    lesson.open()
    yield lesson
    lesson.page.context.close()


def test_nothing_but_the_poster_is_fetched_before_play(lesson: Lesson):
    lesson.page.wait_for_timeout(500)

    assert [path for path in lesson.asked if path.startswith("/media/")] == ["/media/poster.jpg"]
    assert not any("hls" in path for path in lesson.asked)


def test_a_film_played_to_its_end_is_counted_whole(lesson: Lesson):
    lesson.play(rate=2)
    lesson.wait_for_end()

    assert lesson.counted == {0, 1, 2}
    assert lesson.reports[-1]["position"] == 13
    assert lesson.page.locator("[data-coverage] .tape__text").inner_text().strip("\u061c") == "شاهدت ١٠٠٪"


def test_what_was_skipped_is_not_counted(lesson: Lesson):
    lesson.play()
    lesson.page.evaluate("document.querySelector('video').currentTime = 9.9")
    lesson.wait_for_end()

    assert lesson.counted == {2}


def test_sound_alone_counts_like_the_film(lesson: Lesson):
    lesson.page.check("input[value=audio]")
    lesson.play(rate=2)
    lesson.wait_for_end()

    assert lesson.counted == {0, 1, 2}
    assert not any("p.mp4" in path for path in lesson.asked)


def test_what_was_watched_off_line_is_sent_when_the_page_opens_again(lesson: Lesson):
    lesson.is_server_away = True
    lesson.play(rate=2)
    lesson.wait_for_end()
    before = list(lesson.reports)

    lesson.is_server_away = False
    lesson.open()
    lesson.page.wait_for_timeout(500)

    assert before == []
    assert lesson.counted == {0, 1, 2}
