"""Staff upload, watch the progress of and retry the videos of their own centers, and see no others."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.enums import RoleName
from accounts.models import Center
from media_pipeline.enums import JobState, StepKind, StepState, VideoState
from media_pipeline.models import TranscodeJob, Video
from media_pipeline.queries.jobs import seconds_left
from media_pipeline.services.jobs.working import run_job
from tests.factories.accounts import MembershipFactory
from tests.factories.media_pipeline import (
    TranscodeJobFactory,
    TranscodeStepFactory,
    VideoFactory,
    published_video,
)


@pytest.fixture
def here(center: Center) -> Video:
    return published_video(center=center, title="هنا")


@pytest.fixture
def elsewhere(other_center: Center) -> Video:
    return published_video(center=other_center, title="هناك")


def test_an_upload_by_a_manager_is_queued_and_shown(manager_client: Client, center: Center, landscape: Path):
    file = SimpleUploadedFile("درس.mp4", landscape.read_bytes(), "text/html")

    answer = manager_client.post(
        reverse("video:add"), {"center": center.pk, "title": "درس", "file": file}, follow=True
    )

    video = Video.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("video:inspect", args=[video.pk])
    assert video.jobs.get().state == JobState.QUEUED
    assert "data-video-progress" in answer.content.decode()


def test_a_wrong_file_comes_back_with_the_reason(manager_client: Client, center: Center):
    file = SimpleUploadedFile("lesson.mp4", b"ffconcat version 1.0\nfile x.mp4\n", "video/mp4")

    answer = manager_client.post(reverse("video:add"), {"center": center.pk, "title": "درس", "file": file})

    assert "هذا نص أو قائمة تشغيل" in answer.content.decode()
    assert not Video.objects.exists()


def test_an_upload_into_a_foreign_center_is_refused(
    manager_client: Client, other_center: Center, landscape: Path
):
    file = SimpleUploadedFile("lesson.mp4", landscape.read_bytes(), "video/mp4")

    answer = manager_client.post(
        reverse("video:add"), {"center": other_center.pk, "title": "درس", "file": file}
    )

    assert answer.status_code == 200
    assert not Video.objects.exists()


@pytest.mark.parametrize("page", ["inspect", "edit", "history", "progress"])
def test_a_page_of_one_video_opens_inside_the_fence_only(
    manager_client: Client, here: Video, elsewhere: Video, page: str
):
    own = manager_client.get(reverse(f"video:{page}", args=[here.pk]))
    foreign = manager_client.get(reverse(f"video:{page}", args=[elsewhere.pk]))

    assert (own.status_code, foreign.status_code) == (200, 404)


@pytest.mark.parametrize("act", ["retry", "cancel", "reprocess"])
def test_a_foreign_job_cannot_be_touched(manager_client: Client, other_center: Center, act: str):
    job = TranscodeJobFactory(video=VideoFactory(center=other_center))

    answer = manager_client.post(reverse(f"video:{act}", args=[job.video_id]))

    job.refresh_from_db()
    assert (answer.status_code, job.state) == (404, JobState.QUEUED)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_and_the_chooser_hold_own_videos_at_one_cost(
    manager_client: Client,
    center: Center,
    elsewhere: Video,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
):
    own = {TranscodeJobFactory(video__center=center, percent=40).video for _ in range(rows)}
    for name in ("video:index", "video_chooser:choose"):
        manager_client.get(reverse(name))

    with django_assert_num_queries(LIST_QUERIES):
        listed = manager_client.get(reverse("video:index"))
    with django_assert_num_queries(CHOOSER_QUERIES):
        offered = manager_client.get(reverse("video_chooser:choose"))

    assert set(listed.context["object_list"]) == own
    assert "هناك" not in offered.content.decode()
    assert all(video.title in offered.json()["html"] for video in own)


LIST_QUERIES = 13
CHOOSER_QUERIES = 5


def test_a_foreign_video_cannot_be_chosen(manager_client: Client, here: Video, elsewhere: Video):
    own = manager_client.get(reverse("video_chooser:chosen", args=[here.pk]))
    foreign = manager_client.get(reverse("video_chooser:chosen", args=[elsewhere.pk]))

    assert (own.status_code, foreign.status_code) == (200, 404)


def test_people_without_the_media_role_find_no_videos(center: Center, here: Video):
    client = Client()
    client.force_login(MembershipFactory(role=RoleName.REGISTRAR, center=center).user)

    answers = [
        client.get(reverse(f"video:{page}", args=args))
        for page, args in (("index", []), ("inspect", [here.pk]))
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_a_quarantined_video_is_retried_with_one_button(manager_client: Client, center: Center):
    video = VideoFactory(center=center, state=VideoState.FAILED)
    job = TranscodeJobFactory(video=video, state=JobState.QUARANTINED, error="no room left")
    failed = TranscodeStepFactory(job=job, state=StepState.FAILED, attempts=3, error="no room left")
    done = TranscodeStepFactory(job=job, kind=StepKind.PROBE, phase=0, state=StepState.DONE, attempts=1)
    page = manager_client.get(reverse("video:inspect", args=[video.pk])).content.decode()

    manager_client.post(reverse("video:retry", args=[video.pk]))

    job.refresh_from_db()
    assert "no room left" in page
    assert reverse("video:retry", args=[video.pk]) in page
    failed.refresh_from_db()
    done.refresh_from_db()
    assert (job.state, failed.state, failed.attempts) == (JobState.RUNNING, StepState.WAITING, 0)
    assert (done.state, done.attempts) == (StepState.DONE, 1)


def test_the_progress_is_json(manager_client: Client, center: Center):
    job = TranscodeJobFactory(video__center=center, percent=40, state=JobState.RUNNING)
    TranscodeStepFactory(
        job=job, number=2, state=StepState.RUNNING, worker="one@a/7", progress=30, attempts=2
    )
    TranscodeStepFactory(job=job, number=3)

    told = manager_client.get(reverse("video:progress", args=[job.video_id])).json()

    assert (told["state"], told["percent"], told["is_live"]) == ("running", 40, True)
    assert (told["steps_done"], told["steps_known"]) == (0, 2)
    assert len(told["running"]) == 1
    assert "30" in told["running"][0] and "one@a/7" in told["running"][0]


def test_the_time_left_is_what_the_pace_says_and_nothing_before_there_is_one(db: None):
    now = timezone.now()
    job = TranscodeJobFactory(state=JobState.RUNNING)
    begun = {"cost": 10, "started_at": now - dt.timedelta(minutes=10)}
    first = TranscodeStepFactory(job=job, state=StepState.RUNNING, progress=1, **begun)
    TranscodeStepFactory(job=job, cost=30)

    too_early = seconds_left(job, now=now)
    first.progress = 100
    first.save()

    assert too_early is None
    assert seconds_left(job, now=now) == pytest.approx(30 * 60)


@pytest.mark.parametrize("rows", [1, 40])
def test_the_page_of_a_video_costs_the_same_however_many_steps_it_has(
    manager_client: Client, center: Center, rows: int, django_assert_num_queries: DjangoAssertNumQueries
):
    job = TranscodeJobFactory(video__center=center, state=JobState.RUNNING)
    for _ in range(rows):
        TranscodeStepFactory(job=job, state=StepState.RUNNING)
    page = reverse("video:inspect", args=[job.video_id])
    manager_client.get(page)

    with django_assert_num_queries(INSPECT_QUERIES):
        shown = manager_client.get(page)

    assert len(shown.context["steps"]) == min(rows, 20)


INSPECT_QUERIES = 24


def test_a_finished_video_is_prepared_again_with_one_button(manager_client: Client, here: Video):
    TranscodeJobFactory(video=here, state=JobState.DONE)
    page = manager_client.get(reverse("video:inspect", args=[here.pk])).content.decode()

    manager_client.post(reverse("video:reprocess", args=[here.pk]))

    here.refresh_from_db()
    assert reverse("video:reprocess", args=[here.pk]) in page
    assert here.state == VideoState.PUBLISHED
    assert here.jobs.filter(state=JobState.QUEUED, is_redo=True).count() == 1


def test_a_refused_file_says_why_on_its_page(
    manager_client: Client, upload: Callable[..., Video], landscape: Path, clip_folder: Path
):
    cut = clip_folder / "half.mp4"
    cut.write_bytes(landscape.read_bytes()[:20_000])
    video = upload(cut)
    run_job(job_id=video.jobs.get().pk)

    page = manager_client.get(reverse("video:inspect", args=[video.pk])).content.decode()

    assert "الملف تالف" in page
    assert TranscodeJob.objects.get().state == JobState.REFUSED
