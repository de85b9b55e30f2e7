"""The audit finds damaged, missing and stray files, and nothing else."""

import json
import os
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from accounts.models import Center, User
from media_pipeline.enums import CaptionKind, CaptionLanguage
from media_pipeline.folders import published_folder
from media_pipeline.models import PublishedFile, PublishedVersion, Video
from media_pipeline.services.auditing import VideoAudit
from media_pipeline.services.captions import add_captions
from media_pipeline.transcoding.plan import Plan
from media_pipeline.transcoding.playlist import read_media_playlist
from tests.factories.media_pipeline import WORDS, VideoFactory
from tests.media_pipeline.outcomes import folder_of
from tests.media_pipeline.publishing import publish_prepared

pytestmark = pytest.mark.django_db


def findings() -> list[tuple[str, str]]:
    return [(finding.kind, finding.what) for finding in VideoAudit().findings()]


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)


def a_segment(folder: Path) -> int:
    """The offset of a segment in the rendition 240p."""
    return read_media_playlist(folder / "240p.m3u8").segments[0].range.offset


def test_nothing_is_found_where_all_is_well(stored_video: Video):
    audit = VideoAudit()
    folder = folder_of(stored_video)

    assert list(audit.findings()) == []
    assert (audit.versions, audit.unrecorded, audit.last) == (1, 0, stored_video.published_id)
    assert audit.files == len(list(folder.iterdir()))
    assert audit.bytes == sum(path.stat().st_size for path in folder.iterdir())


def test_a_flipped_byte_in_a_segment_is_found(stored_video: Video):
    folder = folder_of(stored_video)
    flip(folder / "240p.mp4", a_segment(folder) + 100)

    where = f"{stored_video.published.path}/240p.mp4 of video {stored_video.pk}"
    assert findings() == [("damaged", f"{where} is not, byte for byte, what was published")]


def test_files_that_are_missing_shorter_or_of_no_version_are_found(stored_video: Video):
    folder = folder_of(stored_video)
    (folder / "poster.jpg").unlink()
    os.truncate(folder / "144p.mp4", 1000)
    (folder / "left.tmp").write_bytes(b"x")
    lost = published_folder() / ("0" * 32) / "1"
    lost.mkdir(parents=True)
    os.utime(lost, (0, 0))

    assert sorted(kind for kind, _ in findings()) == ["missing", "size", "stray", "stray"]


def test_new_captions_keep_the_digests_of_the_renditions(stored_video: Video, manager: User):
    before = dict(stored_video.published.files.values_list("name", "sha256"))

    add_captions(
        video=stored_video,
        language=CaptionLanguage.ARABIC,
        kind=CaptionKind.CAPTIONS,
        data=WORDS.encode(),
        by=manager,
    )
    stored_video.refresh_from_db()

    after = dict(stored_video.published.files.values_list("name", "sha256"))
    assert {name for name in after if after[name] != before.get(name)} >= {"captions-ar.vtt", "master.m3u8"}
    assert after["240p.mp4"] == before["240p.mp4"]
    assert findings() == []


def test_only_the_sizes_of_versions_without_digests_are_compared(stored_video: Video):
    PublishedFile.objects.all().delete()
    audit = VideoAudit()
    os.truncate(folder_of(stored_video) / "240p.mp4", 1000)

    assert [finding.kind for finding in audit.findings()] == ["size"]
    assert audit.unrecorded == 1


def test_a_recorded_digest_never_changes(stored_video: Video):
    with pytest.raises(DatabaseError), transaction.atomic():
        stored_video.published.files.update(sha256="0" * 64)


def test_an_audit_resumes_after_the_last_version(
    center: Center, stored_video: Video, plan: Plan, prepared: Path, tmp_path: Path
):
    second = publish_prepared(
        VideoFactory(center=center), plan, shutil.copytree(prepared, tmp_path / "second")
    )
    flip(folder_of(second) / "240p.mp4", 0)
    first = VideoAudit(limit=1)

    assert list(first.findings()) == []
    assert (first.versions, first.last) == (1, stored_video.published_id)
    assert [finding.kind for finding in VideoAudit(after=first.last).findings()] == ["damaged"]


def test_the_command_prints_its_findings_and_fails(stored_video: Video):
    (folder_of(stored_video) / "240p.mp4").unlink()
    errors, output = StringIO(), StringIO()

    with pytest.raises(SystemExit) as end:
        call_command("audit_videos", stdout=output, stderr=errors)

    assert end.value.code == 1
    assert f"missing: {stored_video.published.path}/240p.mp4" in errors.getvalue()
    answer = json.loads(output.getvalue())
    assert (answer["versions"], answer["findings"], answer["found"]) == (1, 1, {"missing": 1})


def test_the_video_of_a_damaged_rendition_is_prepared_again_on_request(stored_video: Video):
    other = VideoFactory(center=stored_video.center)

    call_command("reprocess_videos", "--video", str(stored_video.pk))

    assert (stored_video.jobs.count(), other.jobs.count()) == (1, 0)


def test_a_version_removed_during_the_audit_is_not_a_finding(stored_video: Video):
    audit = VideoAudit()
    version = stored_video.published
    shutil.rmtree(folder_of(stored_video))
    Video.objects.filter(pk=stored_video.pk).update(published=None, state="uploaded")
    PublishedVersion.objects.filter(pk=version.pk).delete()

    assert list(audit._version(version)) == []
