"""Videos, their last jobs and what went wrong with them."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from media_pipeline.enums import LIVE_JOB_STATES, JobState, RefusalReason
from media_pipeline.errors import UploadRefused
from media_pipeline.models import TranscodeJob, Video


def with_progress(rows: QuerySet[Video]) -> QuerySet[Video]:
    """The same videos, each with the `percent` of its last job and whether that `is_live`."""
    jobs = TranscodeJob.objects.filter(video=OuterRef("pk"))
    return rows.annotate(
        percent=Subquery(jobs.order_by("-pk").values("percent")[:1]),
        is_live=Exists(jobs.filter(state__in=LIVE_JOB_STATES)),
    )


def outdated_videos(ladder: str) -> QuerySet[Video]:
    """Published videos without a live job whose last finished one was made with another ladder than `ladder`."""
    jobs = TranscodeJob.objects.filter(video=OuterRef("pk"))
    return Video.objects.filter(
        ~Exists(jobs.filter(state__in=LIVE_JOB_STATES)),
        ~Exists(jobs.filter(state=JobState.DONE, ladder=ladder)),
        published__isnull=False,
    ).order_by("-uploaded_at", "-pk")


def last_job_of(video: Video) -> TranscodeJob | None:
    return video.jobs.order_by("-pk").first()


def refusal_sentence(video: Video) -> str:
    """Why the file of a refused video was not taken, in the reader's language; empty for others."""
    return refused_because(video.refusal)


def refused_because(refusal: dict[str, Any] | None) -> str:
    """The sentence of a stored refusal, `{"reason": RefusalReason, "facts": {...}}`; empty for none."""
    if not refusal:
        return ""
    return str(UploadRefused(RefusalReason(refusal["reason"]).label, **refusal["facts"]))
