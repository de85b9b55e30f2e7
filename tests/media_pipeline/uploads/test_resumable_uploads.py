"""Quotas, limits and duplicates of uploads."""

import datetime as dt
import os
import shutil
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files import File
from django.utils import timezone, translation
from pytest_django.fixtures import Settings

from accounts.enums import RoleName
from accounts.models import Center, User
from media_pipeline.enums import UploadState
from media_pipeline.errors import (
    CenterUnknown,
    DiskFull,
    QuotaReached,
    TooManyUploads,
    UploadRefused,
    UploadWithoutDecision,
)
from media_pipeline.folders import part_path
from media_pipeline.models import MediaQuota, Upload, Video
from media_pipeline.queries.uploads import arrived_bytes, uploads_of
from media_pipeline.services.arrived_uploads import keep_duplicate, process_upload, recover_uploads
from media_pipeline.services.resumable_uploads import drop_upload, record_received_bytes, start_upload
from media_pipeline.services.storage_quota import ACTIVE_FOR, guard_chunk
from media_pipeline.services.uploads import upload_video
from media_pipeline.uploading.parts import ReserveReached, Writer, create_part
from tests.factories.accounts import CenterFactory, MembershipFactory
from tests.factories.media_pipeline import UploadFactory, VideoFactory, published_video

pytestmark = pytest.mark.django_db(transaction=True)
GIGABYTE = 1_000_000_000
Start = Callable[..., Upload]


@pytest.fixture
def start(manager: User) -> Start:
    def start(length: int = 1000, **facts: object) -> Upload:
        usual = {"center_id": None, "title": "درس", "name": "lesson.mp4", "by": manager}
        return start_upload(**{**usual, "length": length, **facts})

    return start


@pytest.fixture
def arrive(start: Start) -> Callable[[Path], Upload]:
    """A file that has arrived whole and was checked."""

    def arrive(file: Path) -> Upload:
        upload = start(file.stat().st_size)
        shutil.copyfile(file, part_path(upload.public_id))
        record_received_bytes(upload=upload, offset=upload.length, previous_offset=0)
        process_upload(upload_id=upload.pk)
        upload.refresh_from_db()
        return upload

    return arrive


def test_the_same_file_again_waits_for_a_decision(arrive: Callable[[Path], Upload], landscape: Path):
    first, second = arrive(landscape), arrive(landscape)

    assert (first.state, second.state) == (UploadState.DONE, UploadState.DUPLICATE)
    assert Video.objects.get() == first.video


def test_a_duplicate_is_kept_if_the_person_says_so(
    arrive: Callable[[Path], Upload], landscape: Path, manager: User
):
    arrive(landscape)
    second = arrive(landscape)

    keep_duplicate(upload=second, by=manager)
    process_upload(upload_id=second.pk)
    process_upload(upload_id=second.pk)

    second.refresh_from_db()
    assert second.state == UploadState.DONE
    assert Video.objects.count() == 2


def test_a_duplicate_is_dropped_if_the_person_says_so(
    arrive: Callable[[Path], Upload], landscape: Path, manager: User
):
    arrive(landscape)
    second = arrive(landscape)

    drop_upload(upload=second, by=manager)

    assert Video.objects.count() == 1
    assert not part_path(second.public_id).exists()
    with pytest.raises(UploadWithoutDecision):
        keep_duplicate(upload=second, by=manager)


def test_the_same_file_in_another_center_is_no_duplicate(arrive: Callable[[Path], Upload], landscape: Path):
    first = arrive(landscape)
    Video.objects.update(center=VideoFactory(sha256="1" * 64).center)

    assert first.video.sha256 == first.sha256
    assert arrive(landscape).state == UploadState.DONE


def test_a_file_that_is_not_a_video_is_refused_and_deleted(
    arrive: Callable[[Path], Upload], tmp_path: Path, manager: User
):
    text = tmp_path / "lesson.mp4"
    text.write_text("ffconcat version 1.0\nfile victim.mp4\n")

    upload = arrive(text)

    assert (upload.state, upload.refusal) == (UploadState.REFUSED, {"reason": "text", "facts": {}})
    assert not part_path(upload.public_id).exists()
    assert list(uploads_of(manager)) == [upload]


def test_a_file_whose_first_chunk_is_not_a_video_is_refused_at_once(start: Start):
    upload = start(1_000_000)
    part_path(upload.public_id).write_text("#EXTM3U\n" * 1000)

    with pytest.raises(UploadRefused):
        record_received_bytes(upload=upload, offset=8000, previous_offset=0)

    upload.refresh_from_db()
    assert upload.state == UploadState.REFUSED
    assert not part_path(upload.public_id).exists()


def test_a_check_that_died_halfway_is_repeated(start: Start, landscape: Path, private_root: Path):
    upload = start(landscape.stat().st_size)
    shutil.copyfile(landscape, part_path(upload.public_id))
    record_received_bytes(upload=upload, offset=upload.length, previous_offset=0)
    left = private_root / "media" / "sources" / upload.public_id.hex / "source.mp4"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a cop")
    Upload.objects.update(dispatched_at=timezone.now() - dt.timedelta(hours=1))

    recover_uploads()
    process_upload(upload_id=upload.pk)

    assert Path(Video.objects.get().source.path).read_bytes() == landscape.read_bytes()
    assert Upload.objects.get().dispatched_at > timezone.now() - dt.timedelta(minutes=1)


def test_a_center_over_its_quota_sees_how_much_is_left(start: Start, center: Center):
    MediaQuota.objects.create(center=center, gigabytes=1)
    published = published_video(center=center, byte_size=400_000_000)
    streams = sum(rendition.bytes for rendition in published.published.renditions.all())
    # It has just sent its first byte: the others are expected.
    part_path(start(500_000_000).public_id).write_bytes(b"x")

    with pytest.raises(QuotaReached) as caught:
        start(100_000_000)

    assert caught.value.facts == {"free": (100_000_000 - streams) // 1_000_000, "needed": 100}
    assert "بقي لمركزك 96 ميجابايت" in str(caught.value)
    with translation.override("en"):
        assert "has 96 MB of storage left and this file has 100 MB" in str(caught.value)
    assert Upload.objects.count() == 1


def test_uploads_that_were_announced_and_never_sent_block_no_other_upload(
    start: Start, center: Center, settings: Settings, private_root: Path
):
    settings.MEDIA_QUOTA_GB = 22
    settings.MEDIA_DISK_RESERVE_BYTES = shutil.disk_usage(private_root.parent).free - 2 * GIGABYTE
    for _ in range(22):
        start(GIGABYTE)
    colleague, elsewhere = (
        MembershipFactory(role=RoleName.INSTRUCTOR, center=where).user for where in (center, CenterFactory())
    )

    uploads = [start(GIGABYTE, by=person) for person in (colleague, elsewhere)]

    assert {upload.state for upload in uploads} == {UploadState.RECEIVING}


def test_a_stopped_upload_counts_only_the_bytes_that_arrived(start: Start, center: Center):
    MediaQuota.objects.create(center=center, gigabytes=1)
    halted = part_path(start(GIGABYTE).public_id)
    halted.write_bytes(bytes(1_000_000))
    long_ago = time.time() - ACTIVE_FOR.total_seconds() - 60
    os.utime(halted, (long_ago, long_ago))

    with pytest.raises(QuotaReached):
        start(GIGABYTE)

    assert start(GIGABYTE - 1_000_000).state == UploadState.RECEIVING


def test_a_chunk_that_exceeds_the_quota_is_refused_when_it_arrives(start: Start, center: Center):
    first, second = start(GIGABYTE), start(GIGABYTE)
    MediaQuota.objects.create(center=center, gigabytes=1)
    part_path(first.public_id).write_bytes(bytes(1_000_000))

    guard_chunk(upload=second, size=GIGABYTE - 1_000_000)
    with pytest.raises(QuotaReached):
        guard_chunk(upload=second, size=GIGABYTE)


def test_the_reserve_of_the_disk_stops_a_chunk_before_it_is_written(private_root: Path):
    part = part_path(uuid.uuid4())
    create_part(part)
    free = shutil.disk_usage(part.parent).free
    begun = Writer(part, offset=0, length=GIGABYTE)
    begun.append(b"first")
    begun.reserve = 2 * free

    with pytest.raises(ReserveReached):
        begun.append(b"second")
    with pytest.raises(ReserveReached):
        Writer(part, offset=5, length=GIGABYTE, reserve=2 * free)

    assert part.read_bytes() == b"first"


def test_a_quota_counts_no_other_center_and_no_canceled_upload(
    start: Start, center: Center, other_center: Center, manager: User
):
    MediaQuota.objects.create(center=center, gigabytes=1)
    VideoFactory(center=other_center, byte_size=50 * GIGABYTE)
    drop_upload(upload=start(GIGABYTE), by=manager)

    assert start(GIGABYTE).state == UploadState.RECEIVING


def test_without_a_limit_of_its_own_a_center_has_the_usual_one(start: Start, settings: Settings):
    settings.MEDIA_QUOTA_GB = 1

    with pytest.raises(QuotaReached):
        start(GIGABYTE + 1)


def test_the_plain_form_meets_the_same_limit(center: Center, manager: User, landscape: Path):
    MediaQuota.objects.create(center=center, gigabytes=0)

    with landscape.open("rb") as file, pytest.raises(QuotaReached):
        upload_video(center=center, title="t", file=File(file, "a.mp4"), by=manager)

    assert not Video.objects.exists()


def test_a_file_larger_than_the_free_disk_space_is_refused(
    start: Start, settings: Settings, private_root: Path
):
    settings.MEDIA_QUOTA_GB = settings.MEDIA_MAX_UPLOAD_BYTES = 10**15
    free = shutil.disk_usage(private_root.parent).free
    settings.MEDIA_DISK_RESERVE_BYTES = free // 2
    start(free // 4)

    with pytest.raises(DiskFull):
        start(free * 3 // 4)


@pytest.mark.parametrize("length", [0, 10**15])
def test_a_file_of_no_or_too_many_bytes_is_refused(start: Start, length: int):
    with pytest.raises(UploadRefused):
        start(length)

    assert not Upload.objects.exists()


def test_a_person_has_so_many_unfinished_uploads_and_no_more(
    start: Start, center: Center, manager: User, settings: Settings
):
    settings.MEDIA_OPEN_UPLOADS_PER_PERSON = 3
    UploadFactory.create_batch(3, center=center, person=manager)

    with pytest.raises(TooManyUploads):
        start()


def test_who_uploads_in_two_centers_has_to_name_one(start: Start, manager: User, other_center: Center):
    MembershipFactory(user=manager, role=RoleName.INSTRUCTOR, center=other_center)

    with pytest.raises(CenterUnknown):
        start()

    assert start(center_id=other_center.pk).center == other_center


@pytest.mark.parametrize(
    ("title", "name", "shown"),
    [
        ("  درس ", "a.mp4", "درس"),
        ("", "درس اللحام.mp4", "درس اللحام"),
        ("a\r\nb\u202e", "a.mp4", "ab"),
        ("x" * 300, "a.mp4", "x" * 200),
        ("", "", "video"),
    ],
)
def test_a_title_is_cleaned_and_never_missing(start: Start, title: str, name: str, shown: str):
    assert start(title=title, name=name).title == shown


def test_the_own_uploads_are_listed_with_how_far_they_are(start: Start, manager: User, center: Center):
    mine = start(1000)
    part_path(mine.public_id).write_bytes(b"x" * 400)
    UploadFactory(center=center)
    drop_upload(upload=start(), by=manager)

    assert [(upload, arrived_bytes(upload)) for upload in uploads_of(manager)] == [(mine, 400)]
