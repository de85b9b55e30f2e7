"""Code pages of class sessions, and who used their codes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LATE_AFTER_MINUTES = 15


class AttendanceCode(models.Model):
    """An opening of the code page of a session. Each has a secret of its own: a code of an earlier opening is none of this."""

    center_path = "session__cohort__center"
    # The row whose page shows this one.
    page_path = "session"

    session = models.ForeignKey(
        "courses.ClassSession",
        models.PROTECT,
        related_name="codes",
        verbose_name=pgettext_lazy("of a timetable", "session"),
    )
    secret_encrypted = models.BinaryField(editable=False)
    late_after = models.PositiveSmallIntegerField(
        _("late after so many minutes"),
        default=LATE_AFTER_MINUTES,
        help_text=_("After the planned beginning."),
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        ordering = ("session_id", "opened_at")
        verbose_name = _("attendance code")
        verbose_name_plural = _("attendance codes")
        constraints = (
            models.UniqueConstraint(
                fields=("session",), condition=Q(closed_at__isnull=True), name="attendance_code_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id}: {self.opened_at}"


class CodeCheckIn(models.Model):
    """What one trainee sent to the code page of one session: refused codes are counted, and one code marks."""

    center_path = "session__cohort__center"
    person_path = "enrollment__person"
    # The row whose page shows this one.
    page_path = "session"

    session = models.ForeignKey("courses.ClassSession", models.PROTECT, related_name="check_ins")
    enrollment = models.ForeignKey("courses.Enrollment", models.PROTECT, related_name="check_ins")
    refused = models.PositiveSmallIntegerField(default=0)
    marked_at = models.DateTimeField(null=True)
    # The name of the device in its own cookie (`accounts.devices`); empty where it has none.
    device = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("session", "enrollment"), name="code_check_in_once"),)

    def __str__(self) -> str:
        return f"{self.session_id}/{self.enrollment_id}"
