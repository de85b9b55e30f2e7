"""Every way of adding a video checks the same: the container, duplicates and the quota."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEntry, Center, User
from media_pipeline.enums import UploadState
from media_pipeline.errors import DuplicateFile, QuotaReached, UploadRefused
from media_pipeline.folders import uploads_folder
from media_pipeline.models import MediaQuota, Upload, Video
from media_pipeline.services.intake import add_video, examine_file
from media_pipeline.services.uploads import upload_video

type Send = Callable[..., HttpResponse]


@pytest.fixture
def send(client: Client, center: Center, manager: User, landscape: Path) -> Send:
    """Sends the form that needs no JavaScript."""
    client.force_login(manager)

    def send_file(content: bytes = b"") -> HttpResponse:
        file = SimpleUploadedFile("درس.mp4", content or landscape.read_bytes())
        with translation.override("en"):
            return client.post(
                reverse("uploads:page"), {"center": center.pk, "title": "درس", "file": file}, follow=True
            )

    return send_file


def test_the_plain_form_asks_about_a_file_that_the_center_has_already(send: Send):
    send()

    page = send()

    assert Video.objects.count() == 1
    upload = Upload.objects.get(state=UploadState.DUPLICATE)
    assert f"{upload.public_id}/keep" in page.content.decode()


def test_the_plain_form_is_in_the_audit_log_like_a_resumable_upload(send: Send):
    send()

    upload = Upload.objects.get()
    assert (upload.state, upload.video) == (UploadState.DONE, Video.objects.get())
    assert upload.public_id == upload.video.public_id
    assert AuditEntry.objects.filter(action="media_pipeline.upload.start").count() == 1
    assert AuditEntry.objects.filter(action="media_pipeline.video.upload").count() == 1


def test_the_plain_form_says_why_a_file_is_refused(send: Send):
    page = send(b"ffconcat version 1.0\nfile victim.mp4\n")

    assert "This is a text or a playlist" in page.content.decode()
    assert not Video.objects.exists()
    assert Upload.objects.get().state == UploadState.REFUSED


def test_a_duplicate_in_the_workplace_is_refused_and_leaves_nothing(
    center: Center, manager: User, landscape: Path
):
    def upload() -> Video:
        with landscape.open("rb") as file:
            return upload_video(center=center, title="t", file=File(file, "a.mp4"), by=manager)

    first = upload()
    with pytest.raises(DuplicateFile):
        upload()

    assert (Video.objects.get(), Upload.objects.get().video) == (first, first)
    assert len(list(uploads_folder().iterdir())) <= 1


def test_a_recording_meets_the_quota_and_is_made_once(center: Center, landscape: Path):
    facts = {
        "file": examine_file(landscape),
        "public_id": uuid.uuid4(),
        "center_id": center.pk,
        "title": "تسجيل",
        "original_name": "a.mp4",
        "by": None,
    }
    quota = MediaQuota.objects.create(center=center, gigabytes=0)
    with pytest.raises(QuotaReached):
        add_video(**facts)
    quota.delete()

    assert add_video(**facts) == add_video(**facts)


def test_a_text_is_refused_by_the_service_itself(center: Center, manager: User, tmp_path: Path):
    text = tmp_path / "a.mp4"
    text.write_bytes(b"#EXTM3U\n#EXTINF:9,\nvictim.mp4\n")

    with text.open("rb") as file, pytest.raises(UploadRefused):
        upload_video(center=center, title="t", file=File(file, "a.mp4"), by=manager)

    assert not Upload.objects.exists()
    assert not list(uploads_folder().iterdir())
