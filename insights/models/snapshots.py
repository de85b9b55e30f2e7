"""What was true of every enrollment on every day, and the figures counted from it.

Both tables hold intervals of days in which nothing changed: a row is written when something changes, and the one before it is
ended. So a figure of any day can be counted, and its rows listed, as they were on that day (docs/adr/0083). Triggers in the
migrations let a row be ended once and changed in no other way.
"""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Sex
from insights.enums import REASON_CHOICES, AgeBand, Stage
from jobs.enums import JobState
from jobs.models import LeasedJob

# The last day of what is still true.
LAST_DAY = dt.date(9999, 12, 31)


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def complete(self) -> "SnapshotQuerySet":
        return self.filter(state=JobState.DONE)


class Snapshot(LeasedJob):
    """A day whose figures are recorded, during the day after it. A day that was not recorded then never is."""

    # Jobs of the whole ministry.
    center_path = None
    task_name = "insights.tasks.take_snapshot"
    lease = dt.timedelta(minutes=5)
    max_attempts = 10
    backoff: ClassVar[tuple[dt.timedelta, ...]] = (
        dt.timedelta(seconds=30),
        dt.timedelta(minutes=5),
        dt.timedelta(hours=1),
    )

    day = models.DateField(_("day"), unique=True)
    # The highest keys of the cohorts in which it was found who is at risk, and of the enrollments that are recorded. Another worker goes
    # on from there.
    cohort_position = models.BigIntegerField(default=0, editable=False)
    position = models.BigIntegerField(default=0, editable=False)
    enrollments = models.PositiveIntegerField(_("enrollments"), default=0, editable=False)
    # How many of them were not as on the day before.
    changed = models.PositiveIntegerField(_("changed"), default=0, editable=False)

    objects = SnapshotQuerySet.as_manager()

    class Meta(LeasedJob.Meta):
        ordering = ("-day",)
        verbose_name = _("figures of a day")
        verbose_name_plural = _("figures of days")

    def __str__(self) -> str:
        return f"{self.day}"


class EnrollmentRisk(models.Model):
    """Who was found at risk at the end of a day, from then until the day is recorded (`EnrollmentSpan.reason`)."""

    center_path = "enrollment__cohort__center"
    person_path = "enrollment__person"
    # The row whose page shows this one.
    page_path = "enrollment"

    enrollment = models.OneToOneField(
        "courses.Enrollment",
        models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name=_("enrollment"),
    )
    day = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=12, choices=REASON_CHOICES)

    class Meta:
        verbose_name = _("enrollment at risk")
        verbose_name_plural = _("enrollments at risk")

    def __str__(self) -> str:
        return f"{self.enrollment_id}: {self.reason}"


class Facts(models.Model):
    """What figures are broken down by, from the first to the last day on which it was so.

    The keys have no constraints of the database: the rows they name are protected by the enrollments, which are never deleted.
    """

    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), default=LAST_DAY)
    governorate = models.ForeignKey(
        "accounts.Governorate",
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("governorate"),
    )
    center = models.ForeignKey(
        "accounts.Center",
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("center"),
    )
    program = models.ForeignKey(
        "courses.ProgramPage",
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("program"),
    )
    # A code of ISCO-08; empty where the program names none.
    occupation = models.CharField(_("occupation"), max_length=8, blank=True)
    # Empty where it is not on record; so is the age.
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    age_band = models.CharField(_("age at enrollment"), max_length=6, choices=AgeBand, blank=True)
    # Its first day.
    enrolled_month = models.DateField(_("month of enrollment"))
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    # Of those who withdrew, and of those at risk.
    reason = models.CharField(_("reason"), max_length=12, choices=REASON_CHOICES, blank=True)
    # Classes: those attended, of those that count (`courses.queries.evidence.AttendanceEvidence`).
    attended = models.PositiveIntegerField(_("classes attended"), default=0)
    held = models.PositiveIntegerField(_("classes held"), default=0)

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="%(app_label)s_%(class)s_days_in_order"
            ),
        )


class EnrollmentSpan(Facts):
    """An enrollment in the days in which nothing about it changed: the rows behind every figure."""

    center_path = "center"
    person_path = "enrollment__person"
    # The row whose page shows this one.
    page_path = "enrollment"

    enrollment = models.ForeignKey(
        "courses.Enrollment",
        models.PROTECT,
        related_name="spans",
        db_index=False,
        verbose_name=_("enrollment"),
    )
    cohort = models.ForeignKey(
        "courses.Cohort",
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("cohort"),
    )
    enrolled_on = models.DateField(_("enrolled on"))
    completed_on = models.DateField(_("completed on"), null=True)

    class Meta(Facts.Meta):
        ordering = ("enrollment_id", "first_day")
        verbose_name = _("enrollment on its days")
        verbose_name_plural = _("enrollments on their days")
        constraints = (
            *Facts.Meta.constraints,
            models.UniqueConstraint(fields=("enrollment", "first_day"), name="span_once_per_day"),
            models.UniqueConstraint(
                fields=("enrollment",), condition=Q(last_day=LAST_DAY), name="span_current_once"
            ),
        )
        indexes = (models.Index(fields=("center", "last_day"), name="span_of_center"),)

    def __str__(self) -> str:
        return f"{self.enrollment_id}: {self.stage}"


class FigureSnapshot(Facts):
    """How many enrollments had the same facts, in the days in which their number did not change."""

    center_path = "center"

    people = models.PositiveIntegerField(_("people"))

    class Meta(Facts.Meta):
        ordering = ("pk",)
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = (
            *Facts.Meta.constraints,
            models.UniqueConstraint(
                fields=(
                    "center",
                    "program",
                    "enrolled_month",
                    "governorate",
                    "occupation",
                    "sex",
                    "age_band",
                    "stage",
                    "reason",
                    "first_day",
                ),
                name="figure_once_per_day",
            ),
        )
        indexes = (models.Index(fields=("last_day", "center"), name="figure_of_day"),)

    def __str__(self) -> str:
        return f"{self.center_id}: {self.people} {self.stage}"
