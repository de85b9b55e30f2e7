"""A bucket on this machine with a published video."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages
from pytest_django.fixtures import Settings

from accounts.models import Center
from media_pipeline.bucket.store import BucketStore
from media_pipeline.models import Video
from media_pipeline.transcoding.plan import Plan
from tests.factories.media_pipeline import VideoFactory
from tests.media_pipeline.bucket.server import BUCKET, KEY, REGION, SECRET, BucketServer
from tests.media_pipeline.publishing import publish_prepared


def options(server: BucketServer) -> dict[str, str]:
    return {
        "bucket_name": BUCKET,
        "endpoint_url": server.endpoint,
        "region_name": REGION,
        "access_key": KEY,
        "secret_key": SECRET,
    }


@pytest.fixture(scope="module")
def server() -> Iterator[BucketServer]:
    with BucketServer().running() as server:
        # The first client loads boto3's model of S3.
        BucketStore(**options(server)).connection.meta.client.close()
        server.empty()
        yield server


@pytest.fixture
def bucket(server: BucketServer, settings: Settings) -> Iterator[BucketServer]:
    """The configured bucket, empty."""
    server.empty()
    settings.MEDIA_BUCKET = BUCKET
    settings.STORAGES = {
        **settings.STORAGES,
        "films": {
            "BACKEND": "media_pipeline.bucket.store.BucketStore",
            "OPTIONS": options(server),
        },
    }
    rendition_set = storages["films"]
    yield server
    rendition_set.connection.meta.client.close()


@pytest.fixture
def video(bucket: BucketServer, center: Center, plan: Plan, prepared: Path, tmp_path: Path) -> Video:
    return publish_prepared(
        VideoFactory(center=center), plan, shutil.copytree(prepared, tmp_path / "package")
    )
