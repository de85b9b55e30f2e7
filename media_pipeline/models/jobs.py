"""The preparation of a video, as rows; a message only wakes a worker."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jobs.models import LeasedJob
from media_pipeline.enums import LIVE_JOB_STATES, JobState, StepKind, StepState


class TranscodeJob(models.Model):
    """One preparation of a video, from reading the file to the last published version.

    `state`, `percent` and `error` are what `services.jobs.recomputing.recompute_state` computes from the steps.
    """

    center_path = "video__center"

    video = models.ForeignKey(
        "media_pipeline.Video", models.CASCADE, related_name="jobs", verbose_name=_("video")
    )
    # `transcoding.plan.Plan.as_json`.
    plan = models.JSONField(null=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=JobState, default=JobState.QUEUED)
    percent = models.PositiveSmallIntegerField(_("percent"), default=0)
    error = models.TextField(_("last error"), blank=True)
    # Viewers have a version already: the new one is published when it is whole, and new videos come first.
    is_redo = models.BooleanField(default=False)
    # Which ladder the plan was made with (`services.jobs.starting.ladder_fingerprint`).
    ladder = models.CharField(max_length=16, blank=True)
    # Disk space reserved for this job until it ends.
    reserved_bytes = models.PositiveBigIntegerField(default=0)
    # What a held job waits for: {"needed": bytes, "free": bytes}.
    hold = models.JSONField(null=True, editable=False)
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
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="job_percent_is_a_percent"),
            models.CheckConstraint(
                condition=models.Q(state__in=LIVE_JOB_STATES, finished_at__isnull=True)
                | (~models.Q(state__in=LIVE_JOB_STATES) & models.Q(finished_at__isnull=False)),
                name="job_ends_once_it_has_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=LIVE_JOB_STATES) | models.Q(reserved_bytes=0),
                name="job_ended_reserves_nothing",
            ),
        )
        indexes = (
            models.Index(fields=("id",), condition=models.Q(state__in=LIVE_JOB_STATES), name="job_live"),
        )

    def __str__(self) -> str:
        return f"{self.video_id}/{self.pk}"


class TranscodeStep(LeasedJob):
    """A part of a job that one worker does in one go; it is a leased job itself.

    A step is created when its inputs exist, so every waiting step may be leased once it is due. A worker leases
    the next one (`services.jobs.leasing`), and works on one step after the other: one message is enough for many.
    """

    center_path = "job__video__center"
    task_name = "media_pipeline.tasks.work"
    lease = dt.timedelta(seconds=settings.MEDIA_LEASE_SECONDS)
    # What a full machine or a restarting server may need before the next attempt.
    backoff = (dt.timedelta(seconds=20),)
    grace = dt.timedelta(seconds=30)
    message_key = ""
    # Enough messages to wake the idle workers of several machines.
    dispatched_at_once = 8
    # Messages never pile up; recovery dispatches again.
    message_expires = 60.0
    part_of = "job"

    job = models.ForeignKey(TranscodeJob, models.CASCADE, related_name="steps")
    # Copies of the video's center and length: the order of leasing is read from one index of this table.
    center = models.ForeignKey("accounts.Center", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=StepKind)
    # 0 until there is a plan, 1 for what makes the video watchable, 2 for the other qualities.
    phase = models.PositiveSmallIntegerField(_("phase"))
    number = models.PositiveIntegerField(_("number"), default=0)
    # The order inside a phase: seconds of the video, 0 for a step that others wait for.
    rank = models.FloatField(default=0)
    # The share of the job's work, in seconds of video times a weight.
    cost = models.FloatField(default=0)
    worker = models.CharField(_("worker"), max_length=120, blank=True)
    # Its output in the job's folder: {"files": {name: bytes}}.
    checkpoint = models.JSONField(null=True, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True)

    class Meta(LeasedJob.Meta):
        ordering = ("phase", "kind", "number")
        verbose_name = _("step of a preparation")
        verbose_name_plural = _("steps of preparations")
        constraints = (
            *LeasedJob.Meta.constraints,
            models.UniqueConstraint(fields=("job", "phase", "kind", "number"), name="step_once"),
            models.CheckConstraint(condition=models.Q(phase__lte=2), name="step_is_of_a_phase"),
            models.CheckConstraint(
                condition=~models.Q(state=StepState.DONE) | models.Q(checkpoint__isnull=False),
                name="step_done_left_a_checkpoint",
            ),
        )
        indexes = (
            *LeasedJob.Meta.indexes,
            # The time last: steps that are not due are passed over without reading their rows.
            models.Index(
                fields=("center", "phase", "rank", "job", "number", "due_at"),
                condition=models.Q(state=StepState.WAITING),
                name="step_lease",
            ),
            models.Index(
                fields=("center", "lease_until"),
                condition=models.Q(state=StepState.RUNNING),
                name="step_running",
            ),
        )

    def __str__(self) -> str:
        return f"{self.job_id}/{self.kind}-{self.phase}-{self.number}"

    @property
    def what(self) -> str:
        """The step as a phrase; the parts of the video are counted from 1."""
        label = str(StepKind(self.kind).label)
        return f"{label} {self.number + 1}" if self.kind == StepKind.CHUNK else label
