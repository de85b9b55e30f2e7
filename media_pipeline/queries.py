"""What can be asked about videos."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import fenced
from media_pipeline.enums import RefusalReason
from media_pipeline.errors import UploadRefused
from media_pipeline.models import TranscodeJob, Video


def videos_for(user: User | AnonymousUser) -> QuerySet[Video]:
    """The videos of the centers whose media `user` manages, each with `percent` and `job_error` of its last job."""
    last_job = TranscodeJob.objects.filter(video=OuterRef("pk")).order_by("-pk")
    rows = fenced(Video.objects.all(), user=user, act=Act.MANAGE_MEDIA)
    return rows.select_related("center", "published").annotate(
        percent=Subquery(last_job.values("percent")[:1]), job_error=Subquery(last_job.values("error")[:1])
    )


def last_job_of(video: Video) -> TranscodeJob | None:
    return video.jobs.order_by("-pk").first()


def refusal_sentence(video: Video) -> str:
    """Why the file of a refused video was not taken, in the reader's language; empty for others."""
    if not video.refusal:
        return ""
    return str(UploadRefused(RefusalReason(video.refusal["reason"]), **video.refusal["facts"]))
