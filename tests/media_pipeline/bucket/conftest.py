"""A bucket on this machine, and a film in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages
from pytest_django.fixtures import Settings

from accounts.models import Center
from media_pipeline import stores
from media_pipeline.models import Video
from media_pipeline.services.publishing import publish_version
from media_pipeline.transcoding.plan import Plan, make_plan
from media_pipeline.transcoding.probe import probe
from media_pipeline.transcoding.produce import produce_package
from tests.factories.media_pipeline import VideoFactory
from tests.media_pipeline import clips
from tests.media_pipeline.bucket.server import BUCKET, KEY, REGION, SECRET, BucketServer


@pytest.fixture(scope="module")
def server() -> Iterator[BucketServer]:
    with BucketServer().running() as server:
        yield server


@pytest.fixture
def bucket(server: BucketServer, settings: Settings) -> Iterator[BucketServer]:
    """An empty bucket that the settings name."""
    server.empty()
    settings.MEDIA_BUCKET = BUCKET
    settings.STORAGES = {
        **settings.STORAGES,
        "films": {
            "BACKEND": "media_pipeline.stores.bucket.BucketStore",
            "OPTIONS": {
                "bucket_name": BUCKET,
                "endpoint_url": server.endpoint,
                "region_name": REGION,
                "access_key": KEY,
                "secret_key": SECRET,
            },
        },
    }
    yield server
    storages["films"].connection.meta.client.close()


@pytest.fixture(scope="module")
def plan(landscape: Path, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return make_plan(probe(landscape, folder=tmp_path_factory.mktemp("probe"), binaries=clips.BINARIES))


@pytest.fixture(scope="module")
def prepared(landscape: Path, plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the engine makes of two seconds."""
    folder = tmp_path_factory.mktemp("prepared")
    produce_package(landscape, plan, folder=folder, binaries=clips.BINARIES, on_percent=lambda _: None)
    return folder / "package"


@pytest.fixture
def video(bucket: BucketServer, center: Center, plan: Plan, prepared: Path, tmp_path: Path) -> Video:
    """Published as a worker does it."""
    video = VideoFactory(center=center)
    package = shutil.copytree(prepared, tmp_path / "package")
    films = stores.current_store().take(package, owner=video.public_id.hex, on_tick=lambda: None)
    publish_version(video=video, plan=plan, package=package, films=films)
    return video
