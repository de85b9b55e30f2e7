"""An upload is recognized by its content, stored under a generated name, and queued."""

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files import File
from django.utils import translation
from pytest_django.fixtures import Settings

from accounts.models import Center, User
from media_pipeline.enums import JobState, VideoState
from media_pipeline.errors import UploadRefused
from media_pipeline.folders import part_path
from media_pipeline.models import Video
from media_pipeline.services.uploads import upload_video

Upload = Callable[..., Video]


def test_an_upload_is_stored_hashed_and_queued(landscape: Path, upload: Upload):
    video = upload(landscape)

    assert video.sha256 == hashlib.sha256(landscape.read_bytes()).hexdigest()
    assert Path(video.source.path).read_bytes() == landscape.read_bytes()
    assert video.byte_size == landscape.stat().st_size
    assert video.state == VideoState.UPLOADED
    assert [job.state for job in video.jobs.all()] == [JobState.QUEUED]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("درس ١ – تمديد الأسلاك.mp4", "درس ١ – تمديد الأسلاك.mp4"),
        ("د" * 300 + ".mp4", "د" * 251 + ".mp4"),
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\CON.mp4", "CON.mp4"),
        ("gnp.\u202e4pm.mp4", "gnp.4pm.mp4"),
        ("a\r\nSet-Cookie: x.mp4", "aSet-Cookie: x.mp4"),
        ("<img src=x onerror=alert(1)>.mp4", "<img src=x onerror=alert(1)>.mp4"),
    ],
)
def test_the_name_a_person_gave_is_shown_but_is_never_a_path(
    landscape: Path, center: Center, manager: User, given: str, shown: str, private_root: Path
):
    with landscape.open("rb") as stream:
        file = File(stream)
        file.name = given
        video = upload_video(center=center, title="t", file=file, by=manager)

    assert video.original_name == shown
    assert video.source.name == f"media/sources/{video.public_id.hex}/source.mp4"
    stored = {path for path in (private_root / "media").rglob("*") if path.is_file()}
    # The part file is removed after the commit.
    assert stored == {Path(video.source.path), part_path(video.public_id)}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"ffconcat version 1.0\nfile victim.mp4\n", "This is a text or a playlist"),
        (b"#EXTM3U\n#EXTINF:9,\nvictim.mp4\n", "This is a text or a playlist"),
        (b"%PDF-1.7\n\x00\x01" + bytes(99), "not a video or sound file we know"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "not a video or sound file we know"),
    ],
)
def test_a_wrong_file_is_refused_with_a_reason_and_leaves_nothing(
    center: Center, manager: User, private_root: Path, content: bytes, sentence: str
):
    with translation.override("en"), pytest.raises(UploadRefused, match=sentence):
        upload_video(center=center, title="t", file=File(BytesIO(content), "lesson.mp4"), by=manager)

    assert not Video.objects.exists()
    assert not [path for path in (private_root / "media").rglob("*") if path.is_file()]


def test_a_file_over_the_limit_is_refused_with_the_limit(landscape: Path, upload: Upload, settings: Settings):
    settings.MEDIA_MAX_UPLOAD_BYTES = 10_000

    with pytest.raises(UploadRefused) as caught:
        upload(landscape)

    assert caught.value.facts == {"limit": 0}


def test_the_reason_is_in_the_readers_language(center: Center, manager: User):
    with translation.override("ar"), pytest.raises(UploadRefused, match="الملف فارغ"):
        upload_video(center=center, title="t", file=File(BytesIO(b""), "lesson.mp4"), by=manager)

    assert not Video.objects.exists()
