"""Published versions: one after another, each complete and never changed."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from media_pipeline.enums import VideoState
from media_pipeline.errors import JobInProgress
from media_pipeline.folders import published_folder
from media_pipeline.models import PublishedVersion, Rendition
from media_pipeline.services.jobs.retiring import retire_versions
from media_pipeline.services.jobs.starting import reprocess_video
from media_pipeline.services.jobs.working import run_job, work_on_next
from tests.factories.media_pipeline import VideoFactory
from tests.media_pipeline.transcode_jobs.helpers import Upload, job_of

pytestmark = pytest.mark.engines("encodes a video more than once")


def test_reprocessing_keeps_the_old_version_until_the_new_one_is_whole(
    landscape: Path, upload: Upload, manager: User
):
    video = upload(landscape)
    run_job(job_id=job_of(video).pk)
    video.refresh_from_db()
    before = video.published

    again = reprocess_video(video=video, by=manager)
    with pytest.raises(JobInProgress):
        reprocess_video(video=video, by=manager)
    meanwhile = []
    while work_on_next("one/1", again.pk):
        video.refresh_from_db()
        meanwhile.append((video.state, video.published_id))

    assert set(meanwhile[:-1]) == {(VideoState.PUBLISHED, before.pk)}
    # One version, of all qualities: a first phase would take some away.
    assert list(video.versions.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    video.refresh_from_db()
    assert video.published.renditions.count() == before.renditions.count()


def test_a_new_ladder_asks_for_the_videos_of_the_old_one_once(
    landscape: Path, upload: Upload, settings: Settings
):
    video = upload(landscape)
    run_job(job_id=job_of(video).pk)

    call_command("reprocess_videos")
    unchanged = video.jobs.count()
    settings.MEDIA_FULL_HD = True
    call_command("reprocess_videos", "--dry-run")
    told = video.jobs.count()
    call_command("reprocess_videos")
    call_command("reprocess_videos")

    assert (unchanged, told, video.jobs.count()) == (1, 1, 2)
    assert video.jobs.first().is_redo


def test_old_versions_are_removed_when_all_their_addresses_have_expired(landscape: Path, upload: Upload):
    video = upload(landscape)
    run_job(job_id=job_of(video).pk)
    folder = published_folder() / video.public_id.hex

    retire_versions(now=timezone.now() + dt.timedelta(hours=6))
    kept = sorted(path.name for path in folder.iterdir())
    retire_versions(now=timezone.now() + dt.timedelta(hours=9))

    assert kept == ["1", "2"]
    assert [path.name for path in folder.iterdir()] == ["2"]
    assert list(video.versions.values_list("number", flat=True)) == [2]


def test_a_published_version_never_changes(db: None):
    version = PublishedVersion.objects.create(
        video=VideoFactory(), number=1, path="x/1", seconds=2, has_poster=False, plan={}
    )

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        PublishedVersion.objects.update(seconds=3)

    version.refresh_from_db()
    assert version.seconds == 2
    assert not Rendition.objects.exists()


def test_a_folder_left_by_an_unfinished_publication_is_replaced(landscape: Path, upload: Upload):
    video = upload(landscape)
    orphan = published_folder() / video.public_id.hex / "1"
    orphan.mkdir(parents=True)
    (orphan / "half.mp4").write_bytes(b"half")

    run_job(job_id=job_of(video).pk)

    assert not (orphan / "half.mp4").exists()
    assert (orphan / "master.m3u8").exists()
