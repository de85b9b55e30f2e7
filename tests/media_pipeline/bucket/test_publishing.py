"""Renditions are stored in the bucket completely or not at all, and removed when no version names them."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from accounts.models import User
from jobs.errors import LeaseLost
from media_pipeline import stores
from media_pipeline.bucket.checks import check_bucket
from media_pipeline.enums import CaptionKind, CaptionLanguage, JobState, StepState
from media_pipeline.folders import published_folder
from media_pipeline.models import PublishedVersion, TranscodeStep, Video
from media_pipeline.services.auditing import VideoAudit
from media_pipeline.services.bucket_renditions import ABANDONED, purge_rendition_sets
from media_pipeline.services.captions import add_captions
from media_pipeline.services.jobs.retiring import BUCKET_GRACE, GRACE, retire_versions
from media_pipeline.services.jobs.working import run_job
from media_pipeline.services.publishing import publish_version
from media_pipeline.stores import StoreFailed
from media_pipeline.transcoding.plan import Plan
from tests.factories.media_pipeline import WORDS
from tests.media_pipeline.bucket.asking import folder_of, rendition_address
from tests.media_pipeline.bucket.server import BUCKET, KEY, REGION, SECRET, BucketServer

pytestmark = [
    pytest.mark.engines("a bucket on a server of its own"),
    pytest.mark.xdist_group("bucket"),
]


Upload = Callable[..., Video]


def published(video: Video) -> Video:
    run_job(job_id=video.jobs.first().pk)
    video.refresh_from_db()
    return video


def test_renditions_go_to_the_bucket_and_the_small_files_stay(bucket: BucketServer, video: Video):
    objects = bucket.objects()
    version = video.published
    here = {path.name for path in folder_of(video).iterdir()}

    assert {key for key in objects if version.rendition_set in key} == {
        f"films/{version.rendition_set}/{name}.mp4"
        for name in version.renditions.values_list("name", flat=True)
    }
    assert {"master.m3u8", "240p.m3u8", "poster.jpg", "storyboard.jpg", "storyboard.vtt"} <= here
    assert not any(name.endswith(".mp4") for name in here)
    for row in version.renditions.all():
        assert len(objects[f"films/{version.rendition_set}/{row.name}.mp4"]) == row.bytes
    with bucket.client() as client:
        head = client.head_object(Bucket=BUCKET, Key=f"films/{version.rendition_set}/240p.mp4")
    assert head["ContentType"] == "video/mp4"
    assert head["CacheControl"] == "private, max-age=31536000, immutable"


def test_new_captions_share_the_renditions_of_the_version_before(
    bucket: BucketServer,
    video: Video,
    manager: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
):
    before, sent = video.published, len(bucket.requests)

    add_captions(
        video=video,
        language=CaptionLanguage.ARABIC,
        kind=CaptionKind.CAPTIONS,
        data=WORDS.encode(),
        by=manager,
    )
    video.refresh_from_db()

    assert (video.published.number, video.published.rendition_set) == (
        before.number + 1,
        before.rendition_set,
    )
    assert len(bucket.requests) == sent
    with django_capture_on_commit_callbacks(execute=True):
        retire_versions(now=timezone.now() + BUCKET_GRACE + dt.timedelta(hours=1))
    assert not PublishedVersion.objects.filter(pk=before.pk).exists()
    assert requests.get(rendition_address(video), timeout=10).status_code == 200


@pytest.mark.engines("encodes a video")
def test_an_upload_that_fails_midway_publishes_nothing_and_leaves_nothing(
    bucket: BucketServer, landscape: Path, upload: Upload
):
    video = upload(landscape)
    bucket.refuse = lambda method, path: method in {"PUT", "POST"} and path.endswith("/240p.mp4")

    run_job(job_id=video.jobs.get().pk)

    video.refresh_from_db()
    step = TranscodeStep.objects.exclude(error="").get()
    assert video.published is None
    assert not published_folder().exists()
    assert bucket.objects() == {}
    assert (step.state, step.attempts) == (StepState.WAITING, 1)
    assert "refused by the test" in step.error
    # Something had arrived before.
    assert any(method == "PUT" and status == 200 for method, _, _, status in bucket.requests)

    bucket.refuse = lambda method, path: False
    TranscodeStep.objects.filter(pk=step.pk).update(due_at=timezone.now())
    published(video)
    assert video.jobs.get().state == JobState.DONE
    assert requests.get(rendition_address(video), timeout=10).status_code == 200


def test_an_abandoned_rendition_set_is_purged_a_day_later(bucket: BucketServer, video: Video, prepared: Path):
    before = set(bucket.objects())
    bucket.refuse = lambda method, path: (
        method == "DELETE" or (method == "PUT" and path.endswith("/240p.mp4"))
    )
    with pytest.raises(StoreFailed):
        stores.current_store().put(prepared, owner=uuid.uuid4().hex, on_tick=lambda: None)
    bucket.refuse = lambda method, path: False
    left = set(bucket.objects()) - before
    with bucket.client() as client:
        client.put_object(Bucket=BUCKET, Key="films/notes.txt", Body=b"the operator's own")
        client.create_multipart_upload(Bucket=BUCKET, Key=f"films/{'a' * 32}/{'b' * 32}/144p.mp4")

        early = purge_rendition_sets()
        late = purge_rendition_sets(now=timezone.now() + ABANDONED + dt.timedelta(minutes=1))

        unfinished = client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
    assert left
    assert (early, len(late)) == (set(), 1)
    assert set(bucket.objects()) == before | {"films/notes.txt"}
    assert unfinished == []


def test_a_worker_that_loses_its_lease_in_the_upload_stops_and_leaves_nothing(
    bucket: BucketServer, prepared: Path
):
    def lose() -> None:
        if any(status == 200 for *_, status in bucket.requests):
            raise LeaseLost

    with pytest.raises(LeaseLost):
        stores.current_store().put(prepared, owner="d" * 32, on_tick=lose)

    assert bucket.objects() == {}
    assert len({key for method, key, _, _ in bucket.requests if method == "PUT"}) == 1


@pytest.mark.engines("encodes a video")
def test_renditions_of_a_version_that_could_not_be_written_are_removed_at_once(
    bucket: BucketServer, landscape: Path, upload: Upload
):
    video = upload(landscape)
    published_folder().mkdir(parents=True)
    # A file where the folder of the video has to be created.
    (published_folder() / video.public_id.hex).write_text("in the way")

    run_job(job_id=video.jobs.get().pk)

    video.refresh_from_db()
    assert any(method == "PUT" and status == 200 for method, _, _, status in bucket.requests)
    assert video.published is None
    assert bucket.objects() == {}


def test_an_upload_is_read_in_parts(bucket: BucketServer, tmp_path: Path):
    media_file = tmp_path / "720p.mp4"
    media_file.write_bytes(bytes(range(256)) * 4096 * 20)
    ticks: list[int] = []

    rendition_set = stores.current_store().put(tmp_path, owner="c" * 32, on_tick=lambda: ticks.append(1))

    parts = [key for method, key, _, _ in bucket.requests if method == "PUT"]
    assert len(parts) == 3
    assert len(ticks) >= 3
    assert bucket.objects() == {f"films/{rendition_set}/720p.mp4": media_file.read_bytes()}
    copy = stores.current_store().fetch(tmp_path, rendition_set, "720p.mp4", folder=staging(tmp_path))
    assert copy.read_bytes() == media_file.read_bytes()


def staging(folder: Path) -> Path:
    (folder / "copy").mkdir()
    return folder / "copy"


def test_renditions_of_a_retired_version_are_removed(
    bucket: BucketServer,
    video: Video,
    plan: Plan,
    prepared: Path,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
):
    old = set(bucket.objects())
    package = shutil.copytree(prepared, tmp_path / "again")
    rendition_set = stores.current_store().put(package, owner=video.public_id.hex, on_tick=lambda: None)
    publish_version(video=video, plan=plan, package=package, rendition_set=rendition_set)

    with django_capture_on_commit_callbacks(execute=True):
        retire_versions(now=timezone.now() + GRACE + dt.timedelta(hours=1))
    kept = set(bucket.objects())
    with django_capture_on_commit_callbacks(execute=True):
        retire_versions(now=timezone.now() + BUCKET_GRACE + dt.timedelta(hours=1))

    assert old <= kept
    assert video.versions.get() == video.published
    assert {key.rpartition("/")[0] for key in bucket.objects()} == {f"films/{video.published.rendition_set}"}


def test_a_half_configured_bucket_is_an_error(bucket: BucketServer, settings: Settings):
    settings.MEDIA_BUCKET_ENDPOINT, settings.MEDIA_BUCKET_REGION = bucket.endpoint, REGION
    settings.MEDIA_BUCKET_KEY, settings.MEDIA_BUCKET_SECRET = KEY, SECRET
    whole = check_bucket(None)
    settings.MEDIA_BUCKET_ENDPOINT, settings.MEDIA_BUCKET_SECRET = "s3.example/films", ""

    assert whole == []
    assert [error.msg for error in check_bucket(None)] == [
        "MEDIA_BUCKET is set and MEDIA_BUCKET_SECRET is not.",
        "MEDIA_BUCKET_ENDPOINT must be a scheme and a host, without a path.",
    ]


def test_a_bucket_comes_from_the_environment_and_opens_the_policy_for_its_origin_alone():
    bucket = {
        "MEDIA_BUCKET": "films-of-eg",
        "MEDIA_BUCKET_ENDPOINT": "https://s3.example",
        "MEDIA_BUCKET_REGION": "eg-1",
        "MEDIA_BUCKET_KEY": "key",
        "MEDIA_BUCKET_SECRET": "secret",
    }
    ask = (
        "import json\nfrom lms import settings as s\n"
        "print(json.dumps([s.STORAGES.get('films'), s.SECURE_CSP, s.ADMIN_CSP]))"
    )

    def read(**environment: str) -> list[dict]:
        run = subprocess.run(
            [sys.executable, "-c", ask], env={**os.environ, **environment}, capture_output=True, check=True
        )
        return json.loads(run.stdout)

    nothing, plain, _ = read()
    rendition_set, public, staff = read(**bucket)

    assert plain["media-src"] == ["'self'", "blob:"]
    assert nothing is None
    assert rendition_set["OPTIONS"] == {
        "bucket_name": "films-of-eg",
        "endpoint_url": "https://s3.example",
        "region_name": "eg-1",
        "access_key": "key",
        "secret_key": "secret",
    }
    for policy in (public, staff):
        assert policy["media-src"] == ["'self'", "blob:", "https://s3.example"]
        assert policy["connect-src"] == ["'self'", "https://s3.example"]
    changed = {name for name in public if public[name] != plain[name]}
    assert changed == {"media-src", "connect-src"}


def test_the_audit_finds_damaged_missing_and_stray_renditions_in_the_bucket(
    bucket: BucketServer, video: Video
):
    rendition_set = video.published.rendition_set
    stray = f"{video.public_id.hex}/{'0' * 32}"
    assert list(VideoAudit().findings()) == []

    with bucket.client() as client:
        body = bytearray(bucket.objects()[f"films/{rendition_set}/240p.mp4"])
        body[-1] ^= 0xFF
        client.put_object(Bucket=BUCKET, Key=f"films/{rendition_set}/240p.mp4", Body=bytes(body))
        client.delete_object(Bucket=BUCKET, Key=f"films/{rendition_set}/144p.mp4")
        client.put_object(Bucket=BUCKET, Key=f"films/{stray}/240p.mp4", Body=b"x")
    tomorrow = timezone.now() + ABANDONED + dt.timedelta(minutes=1)

    kinds = [finding.kind for finding in VideoAudit(now=tomorrow).findings()]

    assert sorted(kinds) == ["damaged", "missing", "stray"]
