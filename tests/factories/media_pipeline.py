"""Videos, without files unless a test makes them."""

import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.enums import RoleName
from accounts.models import Center
from jobs.enums import OPEN_STATES
from media_pipeline.enums import (
    LIVE_JOB_STATES,
    CaptionKind,
    CaptionLanguage,
    JobState,
    StepKind,
    StepState,
    UploadState,
    VideoState,
)
from media_pipeline.models import (
    CaptionTrack,
    MediaQuota,
    PublishedVersion,
    Rendition,
    TranscodeJob,
    TranscodeStep,
    Transcription,
    Upload,
    Video,
)
from media_pipeline.services.captions import start_captions
from tests.factories.accounts import CenterFactory, MembershipFactory, UserFactory
from tests.factories.jobs import job_of
from tests.factories.rows import Visit, public, row_of, visit

WORDS = "WEBVTT\n\n00:00.000 --> 00:01.500\nافصل القاطع الرئيسي\n\n00:01.500 --> 00:02.000\nتأكد\n"


class VideoFactory(DjangoModelFactory):
    class Meta:
        model = Video

    center = factory.SubFactory(CenterFactory)
    title = factory.Sequence(lambda n: f"درس {n}")
    original_name = "lesson.mp4"
    sha256 = "0" * 64
    byte_size = 1_000


class TranscodeJobFactory(DjangoModelFactory):
    class Meta:
        model = TranscodeJob

    video = factory.SubFactory(VideoFactory)
    finished_at = factory.LazyAttribute(lambda job: None if job.state in LIVE_JOB_STATES else timezone.now())
    state = JobState.QUEUED


class TranscodeStepFactory(DjangoModelFactory):
    """A step as `services` leaves it in the given state."""

    class Meta:
        model = TranscodeStep

    job = factory.SubFactory(TranscodeJobFactory)
    center = factory.SelfAttribute("job.video.center")
    kind = StepKind.CHUNK
    phase = 1
    number = factory.Sequence(lambda n: n)
    state = StepState.WAITING

    @factory.lazy_attribute
    def lease_until(self) -> dt.datetime | None:
        return timezone.now() + dt.timedelta(minutes=1) if self.state == StepState.RUNNING else None

    @factory.lazy_attribute
    def worker(self) -> str:
        return "one/1" if self.state == StepState.RUNNING else ""

    @factory.lazy_attribute
    def checkpoint(self) -> dict | None:
        return {"files": {}} if self.state == StepState.DONE else None

    @factory.lazy_attribute
    def finished_at(self) -> dt.datetime | None:
        return None if self.state in OPEN_STATES else timezone.now()


@job_of(TranscodeStep)
def step_to_be_done(center: Center) -> TranscodeStep:
    return TranscodeStepFactory(job__video__center=center)


class UploadFactory(DjangoModelFactory):
    class Meta:
        model = Upload

    center = factory.SubFactory(CenterFactory)
    person = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"درس {n}")
    original_name = "lesson.mp4"
    length = 1_000
    expires_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(hours=24))


def published_video(*, seconds: float = 60.0, sound_bytes: int = 360_000, **facts: object) -> Video:
    """A video that can be signed for playing: rows as `run_job` leaves them, no files."""
    video = VideoFactory(**facts)
    path = f"{video.public_id.hex}/1"
    version = PublishedVersion.objects.create(
        video=video, number=1, path=path, seconds=seconds, has_poster=True, plan={}
    )
    for name, width, height, size in (
        ("144p", 256, 144, 1_100_000),
        ("240p", 426, 240, 2_000_000),
        ("audio", 0, 0, sound_bytes),
    ):
        Rendition.objects.create(
            version=version,
            name=name,
            width=width,
            height=height,
            codecs="avc1.4D400C,mp4a.40.2",
            peak_bps=size,
            average_bps=size,
            bytes=size,
        )
    video.published, video.state = version, VideoState.PUBLISHED
    video.save()
    return video


@row_of(Video)
def video_in(center: Center) -> Video:
    return published_video(center=center)


def caption_track(center: Center, **facts: object) -> CaptionTrack:
    """Arabic captions of a new published video, as an unpublished draft."""
    return start_captions(
        video=published_video(center=center),
        language=facts.get("language", CaptionLanguage.ARABIC),
        kind=facts.get("kind", CaptionKind.CAPTIONS),
        data=WORDS.encode(),
        by=None,
    )


@job_of(Transcription)
@row_of(Transcription)
def transcription_in(center: Center) -> Transcription:
    return Transcription.objects.create(
        video=published_video(center=center), language=CaptionLanguage.ENGLISH
    )


@row_of(CaptionTrack)
def captions_in(center: Center) -> CaptionTrack:
    return caption_track(center)


@row_of(MediaQuota)
def quota_in(center: Center) -> MediaQuota:
    return MediaQuota.objects.create(center=center, gigabytes=50)


@visit("uploads:keep")
@visit("uploads:drop")
def decision(center: Center) -> Visit:
    user = MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user
    upload = UploadFactory(center=center, person=user, state=UploadState.DUPLICATE)
    return Visit(user=user, kwargs={"public_id": upload.public_id}, method="post", status=302)


public(
    "media_pipeline:stream",
    "The signature in the address answers for it: tests/media_pipeline/playback/test_signed_addresses.py.",
)
public(
    "media_pipeline:bucket_stream",
    "The signature in the address answers for it: tests/media_pipeline/bucket/test_playing.py.",
)
public(
    "media_pipeline:telemetry",
    "The signature in the address answers for it: tests/media_pipeline/watching/test_telemetry.py.",
)
public(
    "media_pipeline:live_stream",
    "The signature in the address answers for it: tests/live/sockets/test_sender_socket.py.",
)
