"""Machine transcription of a video."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from jobs.enums import OPEN_STATES
from jobs.models import LeasedJob
from media_pipeline.enums import CaptionLanguage


class Transcription(LeasedJob):
    """One request for a draft."""

    center_path = "video__center"
    task_name = "media_pipeline.tasks.transcribe"
    lease = dt.timedelta(seconds=60)
    max_attempts = 2
    backoff = (dt.timedelta(seconds=60),)
    about_related = ("video",)
    is_cancelable = True

    video = models.ForeignKey(
        "media_pipeline.Video", models.CASCADE, related_name="transcriptions", verbose_name=_("video")
    )
    language = models.CharField(_("language"), max_length=12, choices=CaptionLanguage)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by"))

    class Meta(LeasedJob.Meta):
        ordering = ("-pk",)
        verbose_name = _("draft by machine")
        verbose_name_plural = _("drafts by machine")
        constraints = (
            *LeasedJob.Meta.constraints,
            models.UniqueConstraint(
                fields=("video", "language"),
                condition=models.Q(state__in=OPEN_STATES),
                name="transcription_once_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.video_id} {self.language}"

    @property
    def about(self) -> str:
        return f"{self.video} ({self.get_language_display()})"
