"""Fixtures of all media tests."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files import File
from pytest_django.fixtures import Settings

from accounts.models import Center, User
from media_pipeline.enums import JobState, UploadState, VideoState
from media_pipeline.folders import part_path, published_folder, staging_folder
from media_pipeline.models import Video
from media_pipeline.services.arrived_uploads import keep_duplicate, process_upload
from media_pipeline.services.jobs.working import run_job
from media_pipeline.services.uploads import receive_upload
from media_pipeline.transcoding.plan import Plan, make_plan
from media_pipeline.transcoding.probe import probe
from media_pipeline.transcoding.produce import produce_package
from media_pipeline.transcoding.validate import validate_package
from media_pipeline.uploading.parts import drop_part
from tests.factories.media_pipeline import VideoFactory
from tests.media_pipeline import clips
from tests.media_pipeline.outcomes import Prepare, folder_of, plan_of
from tests.media_pipeline.publishing import publish_prepared


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="session")
def landscape(clip_folder: Path) -> Path:
    """Two seconds of 640x360 at 25 pictures a second, with sound."""
    return clips.make_video(clip_folder / "landscape.mp4")


@pytest.fixture(scope="session")
def thirteen_seconds(clip_folder: Path) -> Path:
    """Long enough for three segments."""
    return clips.make_video(clip_folder / "thirteen.mp4", size="320x240", seconds=13)


@pytest.fixture(scope="session")
def package(thirteen_seconds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of the clip of thirteen seconds."""
    folder = tmp_path_factory.mktemp("played")
    plan = make_plan(probe(thirteen_seconds, folder=folder, binaries=clips.BINARIES))
    produce_package(thirteen_seconds, plan, folder=folder, binaries=clips.BINARIES, on_percent=lambda _: None)
    return folder / "package"


@pytest.fixture(scope="session")
def plan(landscape: Path, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return make_plan(probe(landscape, folder=tmp_path_factory.mktemp("probe"), binaries=clips.BINARIES))


@pytest.fixture(scope="session")
def prepared(landscape: Path, plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of two seconds, made once for all tests that only need a published video."""
    folder = tmp_path_factory.mktemp("prepared")
    produce_package(landscape, plan, folder=folder, binaries=clips.BINARIES, on_percent=lambda _: None)
    return folder / "package"


@pytest.fixture
def stored_video(center: Center, plan: Plan, prepared: Path, private_root: Path, tmp_path: Path) -> Video:
    """A published video of two seconds, with its files."""
    return publish_prepared(
        VideoFactory(center=center), plan, shutil.copytree(prepared, tmp_path / "package")
    )


@pytest.fixture(scope="session")
def silent(clip_folder: Path) -> Path:
    return clips.make_video(clip_folder / "silent.mp4", has_sound=False)


@pytest.fixture(scope="session")
def sound_only(clip_folder: Path) -> Path:
    return clips.sound(clip_folder / "sound.m4a")


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    folder = tmp_path / "job"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def private_root(settings: Settings) -> Path:
    """The private files, as empty as before any upload."""
    root = Path(settings.PRIVATE_ROOT)
    shutil.rmtree(root / "media", ignore_errors=True)
    return root


@pytest.fixture
def upload(center: Center, manager: User) -> Callable[..., Video]:
    """Upload a file as its center's manager would."""

    def upload_file(path: Path, *, name: str = "", title: str = "توصيل لوحة التوزيع") -> Video:
        with path.open("rb") as file:
            row = receive_upload(center=center, title=title, file=File(file, name or path.name), by=manager)
        if row.state == UploadState.DUPLICATE:
            process_upload(upload_id=keep_duplicate(upload=row, by=manager).pk)
            row.refresh_from_db()
        drop_part(part_path(row.public_id))
        assert row.video is not None
        return row.video

    return upload_file


@pytest.fixture
def prepare(upload: Callable[..., Video]) -> Prepare:
    """Upload a file and run all its steps as a worker does. It ends published or refused, and no other file is left."""

    def run_all_steps(path: Path) -> Video:
        video = upload(path)
        job = video.jobs.get()
        run_job(job_id=job.pk)
        video.refresh_from_db()
        job.refresh_from_db()
        assert (video.state, job.state) in {
            (VideoState.PUBLISHED, JobState.DONE),
            (VideoState.REFUSED, JobState.REFUSED),
        }, job.error
        assert not list(staging_folder().iterdir())
        if video.published:
            validate_package(folder_of(video), plan_of(video))
        else:
            assert not list(published_folder().rglob("*"))
        return video

    return run_all_steps
