"""Delivered bytes are counted by video, center and day, each response once, without the viewer."""

import datetime as dt
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from accounts.models import Center
from media_pipeline.folders import published_folder
from media_pipeline.models import DeliveredBytes, DeliveryLog, Video
from media_pipeline.queries.delivery import delivered
from media_pipeline.services import delivery_log
from media_pipeline.services.delivery_log import count_deliveries, log_delivery, log_path
from media_pipeline.services.playback import sign_playback
from media_pipeline.views import streams
from tests.factories.media_pipeline import published_video


@pytest.fixture(autouse=True)
def log(settings: Settings, tmp_path: Path) -> Path:
    settings.DELIVERY_LOG_ROOT = tmp_path / "delivery"
    log_path().parent.mkdir()
    log_path().touch()
    return log_path()


@pytest.fixture
def video(db: None) -> Video:
    return published_video()


def note(video: Video, length: int, status: int = 206) -> None:
    log_delivery(status=status, length=length, path=video.published.path)


def test_responses_add_up_by_video_and_each_counts_once(video: Video):
    other = published_video()
    note(video, 60_000)
    note(video, 40_000)
    note(other, 7)
    first = count_deliveries()
    note(video, 1_000, status=200)

    again = count_deliveries()

    assert (first, again, count_deliveries()) == (3, 1, 0)
    assert (delivered(video).bytes, delivered(other).bytes) == (101_000, 7)
    row = DeliveredBytes.objects.get(video=video)
    assert (row.center, row.day, row.answers) == (video.center, timezone.localdate(), 3)


def test_refusals_unknown_videos_and_broken_lines_are_left_out(video: Video, log: Path):
    note(video, 500, status=410)
    note(video, 0, status=304)
    with log.open("a") as file:
        file.write(f"1764060000.000 206 10 {'0' * 32}/1\nnonsense\n1 206 ten {video.published.path}\n")
        file.write(f"1764060000.000 206 10 ../../etc/1\n1e999 206 10 {video.published.path}\n\n")

    count_deliveries()

    assert not DeliveredBytes.objects.exists()


def test_an_incomplete_line_is_read_when_it_is_complete(video: Video, log: Path):
    line = f"{timezone.now().timestamp():.3f} 206 60000 {video.published.path}\n"
    log.write_text(line[:30])

    before = count_deliveries()
    log.write_text(line)

    assert (before, count_deliveries()) == (0, 1)
    assert delivered(video).bytes == 60_000


def test_a_day_ends_at_local_midnight(video: Video, log: Path):
    log.write_text(
        # 23:59:59 and 00:00:01 in Cairo.
        f"1764021599.000 206 1 {video.published.path}\n1764021601.000 206 2 {video.published.path}\n"
    )

    count_deliveries()

    assert list(DeliveredBytes.objects.order_by("day").values_list("day", "bytes")) == [
        (dt.date(2025, 11, 24), 1),
        (dt.date(2025, 11, 25), 2),
    ]


def test_a_long_log_is_emptied_when_it_is_read_and_counting_goes_on(
    video: Video,
    log: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
):
    monkeypatch.setattr(delivery_log, "FULL_BYTES", 100)
    monkeypatch.setattr(delivery_log, "MOST_BYTES", 150)
    for _ in range(4):
        note(video, 10)

    while log.stat().st_size:
        with django_capture_on_commit_callbacks(execute=True):
            count_deliveries()
    note(video, 10)
    count_deliveries()

    assert delivered(video).bytes == 50
    assert DeliveryLog.objects.get().offset == log.stat().st_size


@pytest.fixture
def rendition_path(video: Video) -> str:
    """The address of a rendition of 1,000 bytes."""
    folder = published_folder() / video.published.path
    folder.mkdir(parents=True)
    (folder / "144p.mp4").write_bytes(bytes(1_000))
    return sign_playback(video=video, viewer="user-7").master_url.replace("master.m3u8", "144p.mp4")


async def test_the_embedded_mode_logs_the_bytes_it_sent(video: Video, rendition_path: str, log: Path):
    answer = await AsyncClient().get(rendition_path, headers={"Range": "bytes=0-99"})
    assert b"".join([block async for block in answer]) == bytes(100)

    _moment, *words = (await sync_to_async(log.read_text)()).split()
    assert words == ["206", "100", video.published.path]


async def test_a_disconnected_client_is_counted_for_the_bytes_sent(video: Video, log: Path):
    file = published_folder() / "film.mp4"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytes(streams.BLOCK_BYTES * 3))
    sent: list[int] = []
    blocks = streams._blocks(file, 0, streams.BLOCK_BYTES * 3 - 1, sent.append)

    await anext(blocks)
    await blocks.aclose()

    assert sent == [streams.BLOCK_BYTES]


def test_the_page_of_a_video_shows_delivered_bytes_in_a_constant_number_of_queries(
    manager_client: Client, center: Center, django_assert_num_queries: DjangoAssertNumQueries
):
    video = published_video(center=center)
    page = reverse("video:inspect", args=[video.pk])
    unwatched = manager_client.get(page).content.decode()
    today = timezone.localdate()
    for days, size in ((0, 3_000_000), (29, 2_000_000), (30, 50_000_000)):
        DeliveredBytes.objects.create(
            video=video, center=center, day=today - dt.timedelta(days=days), bytes=size
        )

    with django_assert_num_queries(1):
        sums = delivered(video)
    shown = manager_client.get(page).content.decode()

    assert "لم يشاهد" in unwatched
    assert sums.bytes == 5_000_000
    assert [size for _day, size in sums.days] == [3_000_000, 2_000_000]
    assert "أُرسل خلال 30 يومًا" in shown
