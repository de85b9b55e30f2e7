"""The room of a class session."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from live.enums import LiveState

# How many minutes before its start trainees may enter a class, by default.
JOINS_BEFORE = 15


class LiveSession(models.Model):
    """The virtual room of one class session of a cohort."""

    center_path = "class_session__cohort__center"

    class_session = models.OneToOneField(
        "courses.ClassSession", models.PROTECT, related_name="live", verbose_name=_("class session")
    )
    state = models.CharField(_("state"), max_length=10, choices=LiveState, default=LiveState.SCHEDULED)
    # Number of the last event: dense, incremented in the transaction that writes the event.
    seq = models.PositiveBigIntegerField(default=0, editable=False)
    settings = models.JSONField(_("settings"), default=dict, blank=True)
    series = models.ForeignKey(
        "live.LiveSeries",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="sessions",
        verbose_name=_("series"),
    )
    joins_before = models.PositiveSmallIntegerField(
        _("doors open"),
        default=JOINS_BEFORE,
        help_text=_("How many minutes before the class its trainees may enter."),
    )
    capacity = models.PositiveSmallIntegerField(
        _("places"),
        null=True,
        blank=True,
        help_text=_("How many trainees fit into the room at once. Empty: as many as are enrolled."),
    )
    # The `sequence` of the class session up to which people were notified of changes.
    announced_sequence = models.PositiveIntegerField(default=0, editable=False)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)
    # The attendance policy that was applied, frozen when the room ends (`live.attendance.policy.AttendancePolicy`).
    attendance_policy = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("class_session__starts_at", "pk")
        verbose_name = _("live session")
        verbose_name_plural = _("live sessions")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=LiveState.SCHEDULED, opened_at__isnull=True, ended_at__isnull=True)
                | Q(state=LiveState.OPEN, opened_at__isnull=False, ended_at__isnull=True)
                | Q(state=LiveState.ENDED, ended_at__isnull=False)
                | Q(state=LiveState.CANCELED, opened_at__isnull=True, ended_at__isnull=True),
                name="live_session_state_matches_its_times",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True)
                | Q(opened_at__isnull=True)
                | Q(ended_at__gte=F("opened_at")),
                name="live_session_ends_after_it_opens",
            ),
        )

    def __str__(self) -> str:
        return str(self.class_session)

    @property
    def entry_opens_at(self) -> dt.datetime:
        """From when trainees may enter."""
        return self.class_session.starts_at - dt.timedelta(minutes=self.joins_before)
