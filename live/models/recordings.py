"""Recordings of classes, and the lessons made of them."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jobs.enums import JobState
from jobs.models import LeasedJob
from live.enums import RecordingProblem
from live.models.rooms import LiveSession


class Recording(LeasedJob):
    """A class, or the part of it between two moments, as a video. Each part is cut once, for any number of lessons."""

    center_path = "session__class_session__cohort__center"
    task_name = "live.tasks.make_recording"
    lease = dt.timedelta(minutes=3)
    backoff = (dt.timedelta(minutes=1),)
    about_related = ("session__class_session",)

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="recordings")
    # Also the video's id, so that passing it to the media pipeline can be repeated after a crash.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Positions in the broadcast, in milliseconds; None: to its end.
    start_ms = models.PositiveIntegerField(default=0)
    end_ms = models.PositiveIntegerField(null=True)
    # Why it was deferred last.
    problem = models.CharField(max_length=10, choices=RecordingProblem, blank=True)
    video = models.OneToOneField(
        "media_pipeline.Video", models.SET_NULL, null=True, related_name="recording", verbose_name=_("video")
    )
    # `live.broadcast.timeline.Timeline` as JSON: which moment of the class is where in it.
    spans = models.JSONField(default=list)
    # Its slides and polls, `live.queries.replay.shown_during_recording`.
    shown = models.JSONField(default=dict)

    class Meta(LeasedJob.Meta):
        ordering = ("session_id", "pk")
        verbose_name = _("recording of a class")
        verbose_name_plural = _("recordings of classes")
        constraints = (
            *LeasedJob.Meta.constraints,
            models.UniqueConstraint(
                fields=("session", "start_ms", "end_ms"), nulls_distinct=False, name="recording_part_once"
            ),
            models.CheckConstraint(
                condition=Q(end_ms__isnull=True) | Q(end_ms__gt=F("start_ms")),
                name="recording_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id}/{self.start_ms}-{self.end_ms or ''}"

    @property
    def is_whole(self) -> bool:
        return self.start_ms == 0 and self.end_ms is None

    @property
    def about(self) -> str:
        return self.session.class_session.title

    @property
    def why_not(self) -> str:
        """Why it has not become a video, for the instructor."""
        if self.state == JobState.FAILED:
            return str(RecordingProblem.ERROR.label)
        return self.get_problem_display() if self.state == JobState.WAITING else ""


class RecordedLesson(models.Model):
    """A lesson requested of a recording: it becomes a draft in the course once the video is made."""

    center_path = "recording__session__class_session__cohort__center"

    recording = models.ForeignKey(Recording, models.PROTECT, related_name="lessons")
    title = models.CharField(_("title"), max_length=120)
    course = models.ForeignKey(
        "courses.CoursePage", models.SET_NULL, null=True, related_name="+", verbose_name=_("course")
    )
    # The `translation_key` of the draft, the same in all languages; None until it exists.
    unit_key = models.UUIDField(null=True, unique=True, editable=False)
    has_chat = models.BooleanField(_("with messages"), default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title


class RecordingNotice(models.Model):
    """A person was informed that a class is recorded, by which text version; and when they acknowledged it."""

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="recording_notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text_version = models.CharField(max_length=20)
    shown_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("session_id", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "user", "text_version"), name="recording_notice_once_a_text"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(acknowledged_at__gte=F("shown_at")),
                name="recording_acknowledged_after_shown",
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id}/{self.user_id}"
