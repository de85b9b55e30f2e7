"""Listening to a video by machine, as a row: a message only rings the bell."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from media_pipeline.enums import LIVE_TRANSCRIPTION_STATES, CaptionLanguage, TranscriptionState


class Transcription(models.Model):
    """One request for a draft. A worker holds it while its lease runs; each taking raises `fence`."""

    center_path = "video__center"

    video = models.ForeignKey(
        "media_pipeline.Video", models.CASCADE, related_name="transcriptions", verbose_name=_("video")
    )
    language = models.CharField(_("language"), max_length=12, choices=CaptionLanguage)
    state = models.CharField(
        _("state"), max_length=12, choices=TranscriptionState, default=TranscriptionState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(default=timezone.now)
    error = models.TextField(_("last error"), blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("draft by machine")
        verbose_name_plural = _("drafts by machine")
        constraints = (
            models.UniqueConstraint(
                fields=("video", "language"),
                condition=models.Q(state__in=LIVE_TRANSCRIPTION_STATES),
                name="transcription_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state=TranscriptionState.RUNNING, lease_until__isnull=False)
                | (~models.Q(state=TranscriptionState.RUNNING) & models.Q(lease_until__isnull=True)),
                name="transcription_under_a_lease",
            ),
        )
        indexes = (
            models.Index(
                fields=("rung_at",),
                condition=models.Q(state__in=LIVE_TRANSCRIPTION_STATES),
                name="transcription_live_rung_at",
            ),
        )

    def __str__(self) -> str:
        return f"{self.video_id} {self.language}"
