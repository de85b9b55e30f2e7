"""A page with the player, served from disk without a server; it records what the player requests and reports."""

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override
from playwright.sync_api import Browser, Page, Route

from media_pipeline.services.playback import Playback, PlaybackCaptions, PlaybackRendition, PlaybackSound
from media_pipeline.transcoding.playlist import read_media_playlist
from tests.bundles import bundled
from tests.waiting import wait_until

# One worker makes the video that all of these tests play.
PLAYING = pytest.mark.xdist_group("player")
SITE = "http://lesson.test"
STATIC = Path(settings.BASE_DIR) / "lms" / "static"
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mp4": "video/mp4",
    ".jpg": "image/jpeg",
    ".vtt": "text/vtt",
    ".woff2": "font/woff2",
}
ARABIC = """WEBVTT

00:00.000 --> 00:03.000
السَّلامُ عليكم، اليوم نوصّل لوحة التوزيع

00:03.000 --> 00:06.500
أولًا: افصل التيار من القاطع الرئيسي

00:06.500 --> 00:13.000
ثم اختبر الأسلاك بمفك الاختبار، رقم ١٢
"""
ENGLISH = """WEBVTT

00:00.000 --> 00:05.000
Today we wire the distribution board

00:05.000 --> 00:13.000
First: switch off the main breaker
"""
CHAPTERS = """WEBVTT

00:00.000 --> 00:06.000
السلامة أولًا

00:06.000 --> 00:13.000
الاختبار
"""
STORYBOARD = """WEBVTT

00:00.000 --> 00:06.000
poster.jpg#xywh=0,0,160,90

00:06.000 --> 00:13.000
poster.jpg#xywh=160,0,160,90
"""


class Lesson:
    """One lesson in a browser context of its own. Requests and reports are recorded."""

    def __init__(self, browser: Browser, package: Path, *, language: str = "ar", **options: Any) -> None:
        self.package = package
        self.language = language
        self.asked: list[str] = []
        self.reports: list[dict] = []
        # The position in every report, failed ones included.
        self.told: list[int] = []
        self.facts: dict[str, Any] = {}
        self.is_server_away = False
        self.answer_to_progress: dict[str, Any] = {}
        # The prefix of valid addresses; others are answered as expired ones.
        self.signed = "one"
        self.refused = 410
        self.texts = {
            "captions-ar.vtt": ARABIC,
            "captions-en.vtt": ENGLISH,
            "chapters-ar.vtt": CHAPTERS,
            "storyboard.vtt": STORYBOARD,
        }
        self.has_texts = True
        self.sounds: list[PlaybackSound] = []
        self.telemetry_url = ""
        self.page: Page = browser.new_context(**options).new_page()
        self.page.route("**/*", self.answer)

    def open(self) -> None:
        self.page.goto(f"{SITE}/lesson")
        self.page.wait_for_selector("button[data-play]:visible")

    def playback(self) -> Playback:
        base = f"/media/{self.signed}"
        names = sorted(path.stem for path in self.package.glob("*.mp4") if not re.search(r"-\d$", path.stem))
        renditions = []
        for name in names:
            playlist = read_media_playlist(self.package / f"{name}.m3u8")
            height = int(re.match(r"(\d*)", name)[1] or 0)
            codecs = "avc1.4D400C,mp4a.40.2" if height else "mp4a.40.2"
            address = f"{base}/{name}"
            renditions.append(
                PlaybackRendition(name, height, playlist.bytes, f"{address}.m3u8", f"{address}.mp4", codecs)
            )
        playback = Playback(
            title="توصيل لوحة التوزيع",
            seconds=read_media_playlist(self.package / "audio.m3u8").seconds,
            master_url=f"{base}/master.m3u8",
            poster_url=f"{base}/poster.jpg",
            audio_url=f"{base}/audio.m3u8",
            renditions=sorted(renditions, key=lambda rendition: rendition.bytes),
            captions=[],
            expires_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
            sounds=self.sounds,
            telemetry_url=self.telemetry_url,
        )
        if not self.has_texts:
            return playback
        return replace(
            playback,
            captions=[
                PlaybackCaptions("ar", "العربية", "captions", f"{base}/captions-ar.vtt"),
                PlaybackCaptions("en", "English", "subtitles", f"{base}/captions-en.vtt"),
            ],
            chapters_url=f"{base}/chapters-ar.vtt",
            storyboard_url=f"{base}/storyboard.vtt",
        )

    def html(self) -> str:
        context = {"progress_url": "/progress", "watched_buckets": [], "csrf_token": "token", **self.facts}
        with override(self.language):
            player = render_to_string("media_pipeline/player.html", {"playback": self.playback(), **context})
        direction = "rtl" if self.language == "ar" else "ltr"
        return (
            f'<!doctype html><html lang="{self.language}" dir="{direction}"><head><title>Lesson</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<link rel="stylesheet" href="/css"><script type="module" src="/player.js"></script></head>'
            '<body><main class="page"><div class="lesson aside"><div class="stack lesson__main"><h1>Lesson</h1>'
            f'<div class="lesson__body"><div>{player}</div></div></div>'
            '<aside class="card lesson__side" aria-label="Units">Units</aside></div></main></body></html>'
        )

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        self.asked.append(path)
        if path == "/lesson":
            route.fulfill(body=self.html(), content_type="text/html; charset=utf-8")
        elif path == "/css":
            route.fulfill(body=bundled("css/site.css"), content_type="text/css")
        elif path == "/player.js":
            route.fulfill(body=bundled("js/player.js"), content_type="text/javascript")
        elif path.startswith("/progress") and self.is_server_away:
            self.told.append(json.loads(route.request.post_data)["position"])
            route.abort()
        elif path.startswith("/progress"):
            assert route.request.headers["x-csrftoken"] == "token"
            self.reports.append({"path": path, **json.loads(route.request.post_data)})
            self.told.append(self.reports[-1]["position"])
            route.fulfill(json=self.answer_to_progress)
        elif path.startswith("/media/") and not path.startswith(f"/media/{self.signed}/"):
            route.fulfill(status=self.refused, body="old")
        else:
            self.fulfill_file(route, path.split("/")[-1] if path.startswith("/media/") else path)

    def fulfill_file(self, route: Route, path: str) -> None:
        if path in self.texts:
            route.fulfill(body=self.texts[path], content_type="text/vtt; charset=utf-8")
            return
        file = STATIC / path.removeprefix("/static/") if path.startswith("/") else self.package / path
        if not file.is_file():
            route.fulfill(status=404)
            return
        data, headers = file.read_bytes(), {"Content-Type": TYPES[file.suffix], "Accept-Ranges": "bytes"}
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", route.request.headers.get("range", ""))
        if wanted is None:
            route.fulfill(body=data, headers=headers)
            return
        first, last = int(wanted[1]), int(wanted[2] or len(data) - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
        route.fulfill(status=206, body=data[first : last + 1], headers=headers)

    def choose(self, quality: str) -> None:
        """Choose one of the qualities in the menu."""
        self.page.click("[data-quality-button]")
        self.page.check(f"#player-quality input[value='{quality}']")

    def play(self, *, rate: float = 1) -> None:
        self.page.evaluate(f"localStorage.setItem('player:rate', '{rate}')")
        self.open()
        self.page.click("button[data-play]")
        self.wait_until(0.3)

    def wait_until(self, seconds: float) -> None:
        self.page.wait_for_function(f"document.querySelector('video').currentTime >= {seconds}")

    def wait_for_end(self) -> None:
        """Wait until the end was reported, or the report failed."""
        self.page.wait_for_function("document.querySelector('video').ended", timeout=30_000)
        self.until(lambda: self.told[-1:] == [13])

    def until(self, is_so: Callable[[], Any]) -> None:
        wait_until(is_so, page=self.page)

    def settle(self) -> None:
        """Wait until a newly opened page has requested nothing for half a second."""
        self.page.wait_for_load_state("networkidle")

    @property
    def position(self) -> float:
        return self.page.evaluate("document.querySelector('video').currentTime")

    @property
    def counted(self) -> set[int]:
        return {bucket for report in self.reports for bucket in report["buckets"]}

    def fetched(self, name: str) -> list[str]:
        return [path for path in self.asked if path.endswith(name)]
