"""Chromium uploads a real video over a connection that breaks twice."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect

from accounts.models import Center, User
from media_pipeline.enums import UploadState
from media_pipeline.models import Upload, Video
from media_pipeline.services.arrived_uploads import process_upload
from tests.browser_pages import entered
from tests.bundles import bundle
from tests.factories.media_pipeline import UploadFactory, VideoFactory
from tests.live.conftest import Server, start_server, stop_server
from tests.media_pipeline import clips
from tests.media_pipeline.uploads.tus_client import part_of
from tests.media_pipeline.uploads.unreliable_connection import UnreliableConnection
from tests.waiting import time_passes, wait_until

pytestmark = [
    pytest.mark.browser("tus-js-client on a broken connection"),
    # One worker starts the server and makes the video.
    pytest.mark.xdist_group("uploads"),
    pytest.mark.django_db(transaction=True),
]
# Bytes that may be between our proxy and the disk when a connection breaks: buffers of sockets and of the server.
LOST_IN_A_CUT = 1_000_000
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[Server]:
    server = start_server(PRIVATE_ROOT=str(settings.PRIVATE_ROOT))
    yield server
    stop_server(server)


@pytest.fixture(scope="module")
def video_file(clip_folder: Path) -> Path:
    """Several megabytes: near lossless."""
    return clips.make_video(clip_folder / "درس اللحام.mp4", size="1280x720", seconds=4, options=("-qp", "1"))


LOOKS = [
    pytest.param((360, 640), "page", id="page-phone"),
    *(
        pytest.param(
            size,
            place,
            id=f"{place}-{name}",
            marks=pytest.mark.browser("another look of the same list", nightly=True),
        )
        for size, place, name in (
            ((1280, 800), "page", "desk"),
            ((360, 640), "admin", "phone"),
            ((1280, 800), "admin", "desk"),
        )
    ),
]


def answer_static(route: Route) -> None:
    name = route.request.url.split("/static/")[1].partition("?")[0]
    route.fulfill(path=find(name), content_type=TYPES.get(Path(name).suffix, "text/plain"))


def opened(
    browser: Browser, address: str, user: User, *, size: tuple[int, int] = (360, 640), path: str = ""
) -> Page:
    context = entered(browser, address, user, viewport={"width": size[0], "height": size[1]}, locale="ar-EG")
    page = context.new_page()
    bundle()
    page.route("**/static/**", answer_static)
    page.goto(address + (path or reverse("uploads:page")))
    page.wait_for_selector("[data-uploader][data-ready]")
    return page


def test_a_video_arrives_whole_over_a_connection_that_breaks_twice(
    browser: Browser, server: Server, manager: User, video_file: Path
):
    size = video_file.stat().st_size
    line = UnreliableConnection(server.port, size * 3 // 10, size * 7 // 10)
    page = opened(browser, line.address, manager)

    page.fill("[data-title-field]", "اللحام بالقوس")
    page.set_input_files("[data-files]", video_file)
    expect(page.locator(".uploader__row .badge")).to_have_text("قيد الفحص", timeout=60_000)

    upload = Upload.objects.get()
    process_upload(upload_id=upload.pk)
    expect(page.locator("[data-do=open]")).to_be_visible()
    video = Video.objects.get()
    stored = Path(video.source.path).read_bytes()
    patches = [said for said in line.log if said.method == "PATCH"]
    refused = [patch for patch in patches if line.is_repeat(patch)]
    lost = []
    for cut in [patch for patch in patches if patch.status is None and patch not in refused]:
        later = line.log[line.log.index(cut) + 1 :]
        acknowledged = next(said.answered_offset for said in later if said.method == "HEAD")
        following = next(said for said in later if said.method == "PATCH" and said not in refused)
        # It goes on at the very byte that the server says it has.
        assert following.offset == acknowledged
        lost.append(cut.offset + cut.carried - acknowledged)
    repeated = sum(patch.carried for patch in refused)
    carried = sum(patch.carried for patch in patches)
    assert (line.broken, len(lost)) == (2, 2)
    assert all(0 <= one < LOST_IN_A_CUT for one in lost)
    assert carried == size + sum(lost) + repeated
    assert (
        hashlib.sha256(stored).hexdigest()
        == hashlib.sha256(video_file.read_bytes()).hexdigest()
        == video.sha256
    )
    assert (video.title, video.original_name) == ("اللحام بالقوس", "درس اللحام.mp4")
    expect(page.locator("[data-do=open]")).to_have_attribute(
        "href", reverse("video:inspect", args=[video.pk])
    )
    line.close()
    page.context.close()


@pytest.mark.browser("a film once more, over another broken line", nightly=True)
def test_an_upload_goes_on_after_a_reload_when_the_same_file_is_chosen(
    browser: Browser, server: Server, manager: User, video_file: Path, tmp_path: Path
):
    size = video_file.stat().st_size
    line = UnreliableConnection(server.port, size // 2)
    page = opened(browser, line.address, manager)
    page.set_input_files("[data-files]", video_file)
    wait_until(lambda: line.broken, page=page)
    page.click("[data-do=pause]")
    page.context.close()

    other_browser = opened(browser, line.address, manager)
    row = other_browser.locator(".uploader__row")
    expect(row.locator("[data-of=title]")).to_have_text("درس اللحام")
    arrived = part_of(f"/{Upload.objects.get().public_id.hex}").stat().st_size
    wrong = tmp_path / "درس اللحام.mp4"
    wrong.write_bytes(os.urandom(1000))
    row.locator("[data-of=again]").set_input_files(wrong)
    expect(row.locator("[data-of=note]")).to_contain_text("ملف آخر")
    line.sent = 0
    other_browser.set_input_files("[data-files]", video_file)

    expect(row.locator(".badge")).to_have_text("قيد الفحص", timeout=60_000)
    assert 0 < arrived < size
    assert line.sent < size - arrived + 500_000
    assert part_of(f"/{Upload.objects.get().public_id.hex}").read_bytes() == video_file.read_bytes()
    line.close()
    other_browser.context.close()


def test_an_upload_can_be_paused_and_goes_on(
    browser: Browser, server: Server, manager: User, video_file: Path
):
    page = opened(browser, server.origin, manager)
    page.route("**/media/uploads/*", lambda route: route.abort() if is_patch(route) else route.continue_())
    page.set_input_files("[data-files]", video_file)
    page.click("[data-do=pause]")
    expect(page.locator(".uploader__row .badge")).to_have_text("متوقف مؤقتًا")

    page.unroute("**/media/uploads/*")
    page.click("[data-do=resume]")

    expect(page.locator(".uploader__row .badge")).to_have_text("قيد الفحص", timeout=60_000)
    page.context.close()


@pytest.mark.browser("a race with the server", nightly=True)
def test_a_pause_while_the_server_makes_room_asks_for_it_only_once(
    browser: Browser, server: Server, manager: User, video_file: Path
):
    page = opened(browser, server.origin, manager)
    held: list[Route] = []
    page.route("**/media/uploads/", lambda route: hold(held, route))
    page.set_input_files("[data-files]", video_file)
    wait_until(lambda: held, page=page)
    page.click("[data-do=pause]")
    page.click("[data-do=resume]")
    page.click("[data-do=pause]")
    with page.expect_response("**/media/uploads/"):
        held[0].continue_()
    time_passes(0.2, "a request now would violate the pause", page)
    arrived = part_of(f"/{Upload.objects.get().public_id.hex}").stat().st_size

    page.click("[data-do=resume]")

    expect(page.locator(".uploader__row .badge")).to_have_text("قيد الفحص", timeout=60_000)
    assert (len(held), arrived, Upload.objects.count()) == (1, 0, 1)
    page.context.close()


@pytest.mark.browser("a race with the server", nightly=True)
def test_an_upload_canceled_while_the_server_makes_room_is_gone_there_too(
    browser: Browser, server: Server, manager: User, video_file: Path
):
    page = opened(browser, server.origin, manager)
    held: list[Route] = []
    page.route("**/media/uploads/", lambda route: hold(held, route))
    page.set_input_files("[data-files]", video_file)
    wait_until(lambda: held, page=page)

    page.click("[data-do=cancel]")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        held[0].continue_()

    expect(page.locator(".uploader__row")).to_have_count(0)
    assert Upload.objects.get().state == UploadState.DROPPED
    page.context.close()


def hold(held: list[Route], route: Route) -> None:
    """Hold a request until the test releases it."""
    held.append(route)


def is_patch(route: Route) -> bool:
    return route.request.method == "PATCH"


@pytest.mark.browser("a film once more, over another broken line", nightly=True)
def test_an_upload_goes_on_where_it_was_after_logging_in_again(
    browser: Browser, server: Server, manager: User, video_file: Path
):
    line = UnreliableConnection(server.port, video_file.stat().st_size // 2)
    page = opened(browser, line.address, manager)
    page.route(
        "**/media/uploads/*", lambda route: route.fulfill(status=403) if line.broken else route.continue_()
    )
    page.route(
        "**/media/uploads/", lambda route: route.fulfill(status=403) if line.broken else route.continue_()
    )
    page.set_input_files("[data-files]", video_file)
    expect(page.locator("[data-of=note]")).to_contain_text("سجّل الدخول")
    arrived = part_of(f"/{Upload.objects.get().public_id.hex}").stat().st_size

    page.unroute("**/media/uploads/*")
    page.unroute("**/media/uploads/")
    page.click("[data-do=resume]")

    expect(page.locator(".uploader__row .badge")).to_have_text("قيد الفحص", timeout=60_000)
    offsets = [said.offset for said in line.log if said.method == "PATCH"]
    answers = [request.answered_offset for request in line.log if request.method == "HEAD"]
    assert (Upload.objects.count(), offsets[-1]) == (1, answers[-1])
    # The server may have been writing what arrived last.
    assert 0 < arrived <= answers[-1]
    line.close()
    page.context.close()


def test_a_canceled_upload_is_gone(browser: Browser, server: Server, manager: User, center: Center):
    UploadFactory(center=center, person=manager, title="قديم")
    page = opened(browser, server.origin, manager)

    page.click("[data-do=cancel]")

    expect(page.locator(".uploader__row")).to_have_count(0)
    assert Upload.objects.get().state == UploadState.DROPPED
    page.context.close()


def test_a_refusal_is_shown_in_the_readers_language(
    browser: Browser, server: Server, manager: User, tmp_path: Path
):
    page = opened(browser, server.origin, manager)
    empty = tmp_path / "empty.mp4"
    empty.touch()

    page.set_input_files("[data-files]", empty)

    expect(page.locator("[data-of=note]")).to_contain_text("الملف فارغ")
    expect(page.locator(".uploader__row .badge")).to_have_text("مرفوض")
    page.context.close()


@pytest.mark.browser("one more answer of the list", nightly=True)
def test_a_duplicate_asks_for_a_decision(browser: Browser, server: Server, manager: User, center: Center):
    VideoFactory(center=center, title="اللحام", sha256="a" * 64)
    UploadFactory(center=center, person=manager, state=UploadState.DUPLICATE, sha256="a" * 64)
    page = opened(browser, server.origin, manager)
    expect(page.locator(".uploader__alike a")).to_have_text("اللحام")

    page.click("[data-do=keep]")

    expect(page.locator(".uploader__row .badge")).to_have_text("قيد الفحص")
    assert (Upload.objects.get().state, Upload.objects.get().is_kept) == (UploadState.CHECKING, True)
    page.context.close()


@pytest.mark.parametrize(("size", "place"), LOOKS)
def test_a_screenshot_of_the_uploader(
    browser: Browser, server: Server, manager: User, center: Center, size: tuple[int, int], place: str
):
    VideoFactory(center=center, title="أمان الكهرباء في الورشة", sha256="a" * 64)
    for facts in (
        {"state": UploadState.DUPLICATE, "sha256": "a" * 64, "title": "أمان الكهرباء"},
        {"title": "توصيل لوحة التوزيع المنزلية خطوة بخطوة", "length": 1_850_000_000},
        {"state": UploadState.REFUSED, "refusal": {"reason": "text", "facts": {}}, "title": "قائمة تشغيل"},
    ):
        UploadFactory(center=center, person=manager, **facts)

    page = opened(
        browser, server.origin, manager, size=size, path=reverse("video:add") if place == "admin" else ""
    )

    folder = Path(settings.BASE_DIR) / "var" / "screenshots"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"uploads-{place}-{size[0]}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.context.close()
