"""Objections to attendance, and the snapshot frozen after them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from live.models.rooms import LiveSession


class AttendanceObjection(models.Model):
    """A trainee's objection to the count. Answered once; if granted, the record is amended."""

    center_path = "session__class_session__cohort__center"

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="objections")
    enrollment = models.ForeignKey("courses.Enrollment", models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    is_granted = models.BooleanField(_("granted"), null=True)
    answer = models.CharField(max_length=200, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("session_id", "made_at")
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = (
            models.UniqueConstraint(fields=("session", "enrollment"), name="attendance_objection_once"),
            models.CheckConstraint(
                condition=Q(
                    is_granted__isnull=True, answered_by__isnull=True, answered_at__isnull=True, answer=""
                )
                | (
                    Q(is_granted__isnull=False, answered_by__isnull=False, answered_at__isnull=False)
                    & ~Q(answer="")
                ),
                name="attendance_objection_answered_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id}/{self.enrollment_id}"


class AttendanceSnapshot(models.Model):
    """The attendance of one session when its term for objections ended: a link of its center's hash chain.

    `digest` is the SHA-256 of this row's data, of `parts` (a digest for each kind of row, person by person, so that a
    later change can be named) and of the digest before it in the center. A trigger refuses to change or delete it.
    """

    center_path = "center"

    session = models.OneToOneField(LiveSession, models.PROTECT, related_name="snapshot")
    center = models.ForeignKey("accounts.Center", models.PROTECT, related_name="live_attendance_snapshots")
    number = models.PositiveIntegerField()
    policy_version = models.PositiveSmallIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    parts = models.JSONField()
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ("center_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("center", "number"), name="attendance_snapshot_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.center_id}#{self.number}"
