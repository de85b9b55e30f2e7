"""The migrations of media run on a database that is in use: what was there is there afterwards, in its new shape.

One test for all of it: each walk through the migrations commits, as on a server, where a table cannot be altered while
checks of its rows are pending.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Center, User
from media_pipeline.enums import CaptionOrigin, JobState, StepKind, StepState, VideoState
from media_pipeline.models import CaptionRevision, CaptionTrack, TranscodeJob, TranscodeStep, Video
from media_pipeline.queries.videos import with_progress
from media_pipeline.queries.watching import watching_of
from tests.migrating import migrate_fully, migrate_to
from tests.ownership import run_as_owner

pytestmark = pytest.mark.engines("replays the migrations of all apps")

APP = "media_pipeline"
BEFORE = "0003_watching"
LONG_AGO = timezone.now() - dt.timedelta(days=30)
WORDS = "WEBVTT\n\n00:00.000 --> 00:01.500\nافصل القاطع الرئيسي\n"


@pytest.fixture
def old(transactional_db: None) -> Iterator[Any]:
    """The models of `BEFORE`, on whose tables the test begins; afterwards the tables are today's again, and empty."""
    yield migrate_to(APP, BEFORE)
    run_as_owner("TRUNCATE media_pipeline_video CASCADE")
    migrate_fully()


def old_video(old: Any, center: Center, by: User, **facts: object) -> Any:
    return old.get_model(APP, "Video").objects.create(
        center_id=center.pk,
        uploaded_by_id=by.pk,
        original_name="a.mp4",
        sha256="0" * 64,
        byte_size=9,
        **facts,
    )


def old_jobs(old: Any, center: Center, by: User) -> dict[str, Any]:
    jobs = {}
    for state in ("queued", "running", "done", "refused", "quarantined", "canceled"):
        is_running = state == "running"
        jobs[state] = old.get_model(APP, "TranscodeJob").objects.create(
            video=old_video(old, center, by, title=state),
            state=state,
            plan={"rungs": []},
            percent=40 if is_running else 0,
            attempts=1,
            fence=2,
            lease_until=timezone.now() if is_running else None,
            error="the codec is on holiday" if state == "quarantined" else "",
            # Some jobs never said when they ended.
            finished_at=LONG_AGO if state == "done" else None,
        )
    return jobs


def old_watching(old: Any, video: Any) -> None:
    old.get_model(APP, "WatchTally").objects.create(
        video=video, views=7, finished=3, viewer_bits=0b111111, stalls=2, stalled=900, starts_1=7
    )
    for bucket in range(12):
        old.get_model(APP, "BucketTally").objects.create(video=video, bucket=bucket, views=7, plays=8)
    old.get_model(APP, "RungTally").objects.create(video=video, rung="144p", played=60_000)
    old.get_model(APP, "WatchSession").objects.create(
        video=video, viewer="v" * 16, key="k" * 22, received=b"\x01", seen=b"\x03", opened_at=LONG_AGO
    )


def test_a_database_in_use_comes_through_all_migrations(old: Any, center: Center, manager: User):
    video = old_video(old, center, manager, title="منشور")
    publish(old, video)
    jobs = old_jobs(old, center, manager)
    track = old_captions(old, video)
    old_watching(old, video)

    migrate_fully()

    captions_keep_their_words(track)
    jobs_under_way_begin_again_and_ended_ones_stay_ended(jobs)
    what_was_published_and_watched_stays(video)
    the_code_of_today_reads_and_writes_it(len(jobs) + 1)


def publish(old: Any, video: Any) -> None:
    version = old.get_model(APP, "PublishedVersion").objects.create(
        video=video, number=3, path="a/3", seconds=60, has_poster=True, plan={"segment_seconds": 6}
    )
    old.get_model(APP, "Rendition").objects.create(
        version=version,
        name="144p",
        width=256,
        height=144,
        codecs="avc1",
        peak_bps=9,
        average_bps=7,
        bytes=5,
    )
    video.published, video.state = version, "published"
    video.save()


def old_captions(old: Any, video: Any) -> Any:
    """Captions with their file; beside them others whose file was lost."""
    tracks = old.get_model(APP, "CaptionTrack").objects
    kept = tracks.create(video=video, language="ar", kind="captions")
    kept.file.save("media/captions/kept.vtt", ContentFile(WORDS.encode()))
    tracks.create(video=video, language="en", kind="subtitles", file="media/captions/lost.vtt")
    return kept


def captions_keep_their_words(before: Any) -> None:
    track, revision = CaptionTrack.objects.get(), CaptionRevision.objects.get()
    assert track.pk == before.pk
    assert (revision.number, revision.text, revision.origin) == (1, WORDS, CaptionOrigin.UPLOADED)
    assert track.draft == track.published == revision
    assert (track.edits, revision.published_at) == (1, track.changed_at)


def jobs_under_way_begin_again_and_ended_ones_stay_ended(before: dict[str, Any]) -> None:
    jobs = {name: TranscodeJob.objects.get(pk=job.pk) for name, job in before.items()}
    for name in ("queued", "running"):
        job = jobs[name]
        assert (job.state, job.percent, job.plan, job.finished_at) == (JobState.QUEUED, 0, None, None)
        step = TranscodeStep.objects.get(job=job)
        assert (step.kind, step.phase, step.state) == (StepKind.PROBE, 0, StepState.WAITING)
        assert step.center_id == job.video.center_id
    assert TranscodeStep.objects.count() == 2
    assert (jobs["done"].finished_at, jobs["done"].plan) == (LONG_AGO, {"rungs": []})
    for name in ("refused", "quarantined", "canceled"):
        assert (jobs[name].state, jobs[name].finished_at) == (name, jobs[name].created_at)
    assert jobs["quarantined"].error == "the codec is on holiday"


def what_was_published_and_watched_stays(before: Any) -> None:
    video = Video.objects.get(pk=before.pk)
    assert (video.state, video.published.number) == (VideoState.PUBLISHED, 3)
    assert list(video.published.renditions.values_list("name", "bytes")) == [("144p", 5)]
    watching = watching_of(video)
    assert (watching.views, watching.is_shown, len(watching.parts)) == (7, True, 12)
    assert watching.qualities[0].name == "144p"
    assert bytes(video.watch_sessions.get().seen) == b"\x03"


def the_code_of_today_reads_and_writes_it(videos: int) -> None:
    rows = list(with_progress(Video.objects.all()))
    assert len(rows) == videos
    for video in rows:
        video.full_clean(exclude=["source"])
        video.save()
