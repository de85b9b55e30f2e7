"""Printed attendance sheets, typed by one person and again by another one who does not see the first marks."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.enums import AttendanceStatus, PaperState

OPEN_STATES = (PaperState.TYPED, PaperState.COMPARED)


class PaperSheet(models.Model):
    """The typing of one sheet. Nothing of it is attendance before it is `RECORDED`."""

    center_path = "session__cohort__center"
    # The row whose page shows this one.
    page_path = "session"

    session = models.ForeignKey(
        "courses.ClassSession",
        models.PROTECT,
        related_name="paper_sheets",
        verbose_name=pgettext_lazy("of a timetable", "session"),
    )
    state = models.CharField(_("state"), max_length=10, choices=PaperState, default=PaperState.TYPED)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("typed by")
    )
    first_at = models.DateTimeField(_("typed at"))
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("typed again by"),
    )
    second_at = models.DateTimeField(_("typed again at"), null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("session_id", "first_at")
        verbose_name = _("paper sheet")
        verbose_name_plural = _("paper sheets")
        constraints = (
            models.UniqueConstraint(
                fields=("session",), condition=Q(state__in=OPEN_STATES), name="paper_sheet_open_once"
            ),
            models.CheckConstraint(
                name="paper_sheet_typed_by_two",
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("first_by")),
            ),
            models.CheckConstraint(
                name="paper_sheet_recorded_after_two",
                condition=~Q(state__in=(PaperState.COMPARED, PaperState.RECORDED))
                | Q(second_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id}: {self.state}"


class PaperMark(models.Model):
    """One line of a sheet as each of the two read it. An empty status is a line that the paper leaves empty."""

    center_path = "sheet__session__cohort__center"
    person_path = "enrollment__person"
    # The row whose page shows this one.
    page_path = "sheet__session"

    sheet = models.ForeignKey(PaperSheet, models.PROTECT, related_name="marks")
    enrollment = models.ForeignKey("courses.Enrollment", models.PROTECT, related_name="paper_marks")
    first_status = models.CharField(max_length=10, choices=AttendanceStatus, blank=True)
    first_minutes = models.PositiveSmallIntegerField(default=0)
    second_status = models.CharField(max_length=10, choices=AttendanceStatus, blank=True)
    second_minutes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("sheet_id", "enrollment__person__folded_name", "enrollment_id")
        constraints = (models.UniqueConstraint(fields=("sheet", "enrollment"), name="paper_mark_once"),)

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.enrollment_id}"
