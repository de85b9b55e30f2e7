"""The instructor's page in a real browser, and playing that is counted."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import Center, User
from media_pipeline.models import Video
from tests.browser_pages import AXE, entered
from tests.factories.accounts import CenterFactory
from tests.factories.media_pipeline import published_video
from tests.media_pipeline.watching.test_page import watch

pytestmark = [
    pytest.mark.browser("what a browser counts as watched, and a screenshot"),
    pytest.mark.django_db(transaction=True),
]


def crowd(center: Center) -> Video:
    """Eight minutes: thirty viewers drop off one by one, and come back to the wiring at 2:30."""
    video = published_video(center=center, title="توصيل لوحة التوزيع خطوة بخطوة مع فحص القاطع", seconds=480.0)
    for viewer in range(30):
        last = 96 if viewer % 3 == 0 else 20 + viewer * 2
        rungs = {"144p": 60_000, "240p": 90_000 + viewer * 1_000, "audio": 20_000}
        plays = dict.fromkeys(range(last), 1) | (dict.fromkeys(range(30, 34), 3) if viewer % 2 else {})
        watch(
            video,
            viewer,
            plays,
            elapsed=300_000,
            rungs=rungs,
            start=700 + viewer * 400,
            stalls={"count": viewer % 3, "milliseconds": viewer * 300},
        )
    return video


def open_page(
    browser: Browser, server: LiveServer, user: User, address: str, *, language: str, width: int, scheme: str
) -> Page:
    context = entered(
        browser,
        server.url,
        user,
        viewport={"width": width, "height": 640 if width < 500 else 800},
        locale=language,
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(server.url + address)
    return page


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [
        ("ar", 360, "light"),
        *(
            pytest.param(*look, marks=pytest.mark.browser("another look of the same page", nightly=True))
            for look in (
                ("ar", 1280, "light"),
                ("ar", 1280, "dark"),
                ("en", 360, "dark"),
                ("en", 1280, "light"),
            )
        ),
    ],
)
def test_how_a_video_is_watched_is_readable_for_everybody(
    browser: Browser, live_server: LiveServer, superuser: User, language: str, width: int, scheme: str
):
    video = crowd(CenterFactory())
    address = reverse("video:watching", args=[video.pk])

    page = open_page(browser, live_server, superuser, address, language=language, width=width, scheme=scheme)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run('.watching')")
    folder = Path(settings.BASE_DIR) / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": width, "height": 1700 if width > 500 else 2600})
    page.screenshot(path=folder / f"watching-{language}-{width}-{scheme}.png")

    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert page.locator(".curve__line").bounding_box()["width"] > 200
    assert page.evaluate("document.querySelector('.watching').scrollWidth") <= width
    page.context.close()
