"""The pictures of the manual, from the pages that they show.

`make manual-pictures` writes them. An ordinary run takes each again and compares its size alone: the days of the demo are those around
today, so that no two pictures have the same dates.
"""

import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from lms.demo.people import DemoPeople, build_people
from lms.demo.world import build_world
from manual.queries import PICTURES, PIXEL_RATIO
from tests.bundles import bundle
from tests.factories.insights import record_day
from tests.factories.media_pipeline import published_video
from tests.factories.pages import root_page
from tests.manual.pictures import SHOTS, save, take

pytestmark = [
    pytest.mark.browser("what pages look like", nightly=True),
    pytest.mark.django_db(transaction=True),
    # Wagtail leaves the temporary file of a picture's rendition to the garbage collector.
    pytest.mark.filterwarnings(
        "ignore:Exception ignored in. <function SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"
    ),
]

IS_WRITTEN = os.environ.get("MANUAL_PICTURES") == "write"


@pytest.fixture
def cast() -> DemoPeople:
    """The world of the demo, and the figures of yesterday."""
    bundle()
    root_page()
    cast = build_people()
    build_world(cast, {key: published_video(title=key) for key in ("slides", "camera", "phone")})
    record_day()
    return cast


def test_each_picture_is_of_a_page_that_opens_and_shows_it(
    browser: Browser, live_server: LiveServer, cast: DemoPeople
):
    sizes = {}
    for name, shot in SHOTS.items():
        for language, picture in take(browser, live_server.url, shot, cast).items():
            path = PICTURES / language / f"{name}.webp"
            sizes[path] = picture.size
            if IS_WRITTEN:
                save(picture, path)

    committed = {path: committed_size(path) for path in sizes}
    assert {path for path in sizes if not are_near(sizes[path], committed[path])} == set()


def are_near(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """But for a pixel or two of rounding at the edges."""
    return all(abs(mine - theirs) <= 2 * PIXEL_RATIO for mine, theirs in zip(one, other, strict=True))


def committed_size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size
