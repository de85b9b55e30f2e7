"""The work of preparing a video, as rows: a message only rings the bell."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from media_pipeline.enums import LIVE_JOB_STATES, JobState, StepKind, StepState


class TranscodeJob(models.Model):
    """One preparation of a video, from reading the file to the last published version.

    `state`, `percent` and `error` are what `services.jobs.settling.settle` reads from the steps.
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
    # Viewers have a version already: this one is published when it is whole, and takes its turn after new videos.
    is_redo = models.BooleanField(default=False)
    # Which ladder the plan was made with (`services.jobs.starting.ladder_mark`).
    ladder = models.CharField(max_length=16, blank=True)
    # Room on the disk that is set aside for this job until it ends.
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


class TranscodeStep(models.Model):
    """A piece of a job that one worker does in one go.

    A worker holds it while its lease runs; each taking raises `fence`, and a worker whose fence is old may neither
    report nor publish. A step is made when all it needs is there, so every waiting step may be taken.
    """

    center_path = "job__video__center"

    job = models.ForeignKey(TranscodeJob, models.CASCADE, related_name="steps")
    # The center and the length of the video, again: the order of claiming is read from one index of this table.
    center = models.ForeignKey("accounts.Center", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=StepKind)
    # 0 until there is a plan, 1 for what makes the video watchable, 2 for the other qualities.
    phase = models.PositiveSmallIntegerField(_("phase"))
    number = models.PositiveIntegerField(_("number"), default=0)
    # What comes first inside a phase: seconds of the video, 0 for a step that others wait for.
    rank = models.FloatField(default=0)
    # The share of the job's work, in seconds of film times a weight.
    cost = models.FloatField(default=0)
    state = models.CharField(_("state"), max_length=12, choices=StepState, default=StepState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(_("worker"), max_length=120, blank=True)
    percent = models.PositiveSmallIntegerField(_("percent"), default=0)
    # When a step held after a failure may be taken again; empty for one that waits for room on the disk.
    held_until = models.DateTimeField(null=True)
    # What it left in the job's folder: {"files": {name: bytes}}.
    checkpoint = models.JSONField(null=True, editable=False)
    error = models.TextField(_("last error"), blank=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        ordering = ("phase", "kind", "number")
        verbose_name = _("step of a preparation")
        verbose_name_plural = _("steps of preparations")
        constraints = (
            models.UniqueConstraint(fields=("job", "phase", "kind", "number"), name="step_once"),
            models.CheckConstraint(condition=models.Q(phase__lte=2), name="step_is_of_a_phase"),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="step_percent_is_a_percent"),
            models.CheckConstraint(
                condition=models.Q(state=StepState.RUNNING, lease_until__isnull=False) & ~models.Q(worker="")
                | (~models.Q(state=StepState.RUNNING) & models.Q(lease_until__isnull=True)),
                name="step_runs_under_a_lease",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=StepState.DONE)
                | models.Q(checkpoint__isnull=False, finished_at__isnull=False),
                name="step_done_left_a_checkpoint",
            ),
        )
        indexes = (
            models.Index(
                fields=("center", "phase", "rank", "job", "number"),
                condition=models.Q(state=StepState.WAITING),
                name="step_claim",
            ),
            models.Index(
                fields=("center", "lease_until"),
                condition=models.Q(state=StepState.RUNNING),
                name="step_running",
            ),
            models.Index(fields=("job",), condition=models.Q(state=StepState.HELD), name="step_held"),
        )

    def __str__(self) -> str:
        return f"{self.job_id}/{self.kind}-{self.phase}-{self.number}"

    @property
    def what(self) -> str:
        """The step in words; the parts of the film are counted from 1."""
        label = str(StepKind(self.kind).label)
        return f"{label} {self.number + 1}" if self.kind == StepKind.CHUNK else label
