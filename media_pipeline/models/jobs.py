"""The work of preparing a video, as a row: a message only rings the bell."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from media_pipeline.enums import LIVE_JOB_STATES, JobState


class TranscodeJob(models.Model):
    """Who works on a video, until when, and how far.

    A worker holds the job while its lease runs; each taking raises `fence`, and a worker whose fence is old may
    neither report nor publish.
    """

    center_path = "video__center"

    video = models.ForeignKey(
        "media_pipeline.Video", models.CASCADE, related_name="jobs", verbose_name=_("video")
    )
    # `transcoding.plan.Plan.as_json`.
    plan = models.JSONField(null=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    # When the bell was last rung; a job that nobody took is rung again.
    rung_at = models.DateTimeField(default=timezone.now)
    percent = models.PositiveSmallIntegerField(_("percent"), default=0)
    error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("preparation of a video")
        verbose_name_plural = _("preparations of videos")
        constraints = (
            models.UniqueConstraint(
                fields=("video",),
                condition=models.Q(state__in=LIVE_JOB_STATES),
                name="video_has_one_live_job",
            ),
            models.CheckConstraint(
                condition=models.Q(state=JobState.RUNNING, lease_until__isnull=False)
                | (~models.Q(state=JobState.RUNNING) & models.Q(lease_until__isnull=True)),
                name="job_runs_under_a_lease",
            ),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="job_percent_is_a_percent"),
        )
        indexes = (
            models.Index(
                fields=("rung_at",), condition=models.Q(state__in=LIVE_JOB_STATES), name="job_live_rung_at"
            ),
        )

    def __str__(self) -> str:
        return f"{self.video_id}/{self.pk}"
