"""Class sessions, venues and attendance."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.enums import AttendanceSource, AttendanceStatus, SessionKind


class Venue(models.Model):
    """A classroom or workshop of a center."""

    center_path = "center"

    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, related_name="venues", verbose_name=_("center")
    )
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        ordering = ("center_id", "name")
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = (models.UniqueConstraint(fields=("center", "name"), name="venue_name_unique"),)

    def __str__(self) -> str:
        return self.name


def _same(field: str) -> Func:
    """An equality usable under GiST without btree_gist, which the embedded server does not ship."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


_HELD = Func(F("starts_at"), F("ends_at"), Value("[)"), function="tstzrange")


class ClassSessionQuerySet(models.QuerySet["ClassSession"]):
    def for_attendance(self) -> "ClassSessionQuerySet":
        """Those with a sheet: no attendance is asked for at an exam. Its hours are not hours of teaching, and who does not come is absent from no class."""
        return self.exclude(kind=SessionKind.EXAM)


class ClassSession(models.Model):
    """One meeting of a cohort: a class, a workshop day, a live class or an exam."""

    center_path = "cohort__center"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, related_name="sessions", verbose_name=_("cohort")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=SessionKind, default=SessionKind.CLASS)
    title = models.CharField(_("title"), max_length=120)
    venue = models.ForeignKey(
        Venue, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("room")
    )
    instructor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions_taught",
        verbose_name=pgettext_lazy("of a class", "instructor"),
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    # Attendance is a money record: once locked, only amendments with a reason.
    locked_at = models.DateTimeField(_("attendance locked at"), null=True, blank=True, editable=False)
    # Somebody was marked before it was over: it counts, and is evaluated, once it is.
    awaits_evaluation = models.BooleanField(default=False, db_default=False, editable=False)
    # A canceled session stays in the timetable, marked as canceled, and counts in no attendance.
    canceled_at = models.DateTimeField(_("canceled at"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("reason of canceling"), max_length=200, blank=True, editable=False)
    # Incremented with each change that the timetable shows; calendars and notices use it (RFC 5545, SEQUENCE).
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ClassSessionQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at",)
        verbose_name = _("class session")
        verbose_name_plural = _("class sessions")
        indexes = (
            models.Index(
                fields=("ends_at",), condition=Q(awaits_evaluation=True), name="session_awaits_evaluation"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("A session must end after it starts."),
            ),
            ExclusionConstraint(
                name="session_venue_not_double_booked",
                expressions=((_same("venue_id"), RangeOperators.OVERLAPS), (_HELD, RangeOperators.OVERLAPS)),
                condition=Q(venue__isnull=False, canceled_at__isnull=True),
                violation_error_message=_("The room is already taken at that time."),
            ),
            ExclusionConstraint(
                name="session_instructor_not_double_booked",
                expressions=(
                    (_same("instructor_id"), RangeOperators.OVERLAPS),
                    (_HELD, RangeOperators.OVERLAPS),
                ),
                condition=Q(instructor__isnull=False, canceled_at__isnull=True),
                violation_error_message=_("The instructor already teaches at that time."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_exam(self) -> bool:
        return self.kind == SessionKind.EXAM

    @property
    def length_in_minutes(self) -> int:
        """Rounded up, as presence is counted."""
        return -int(-(self.ends_at - self.starts_at).total_seconds() // 60)


class AttendanceRecord(models.Model):
    """The presence of one person in one session. Amended by a new row with a reason; not edited after locking."""

    center_path = "session__cohort__center"
    person_path = "enrollment__person"
    # The row whose page shows this one.
    page_path = "session"

    session = models.ForeignKey(
        ClassSession,
        models.PROTECT,
        related_name="attendance",
        verbose_name=pgettext_lazy("of a timetable", "session"),
    )
    enrollment = models.ForeignKey(
        "courses.Enrollment", models.PROTECT, related_name="attendance", verbose_name=_("enrollment")
    )
    status = models.CharField(_("status"), max_length=10, choices=AttendanceStatus)
    minutes = models.PositiveSmallIntegerField(_("minutes present"), default=0)
    source = models.CharField(
        _("source"), max_length=10, choices=AttendanceSource, default=AttendanceSource.INSTRUCTOR
    )
    # Empty where a machine counted (live presence).
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    amends = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="amended_by", verbose_name=_("amends")
    )
    is_current = models.BooleanField(default=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        ordering = ("session_id", "enrollment_id", "recorded_at")
        verbose_name = _("attendance record")
        verbose_name_plural = _("attendance records")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "enrollment"), condition=Q(is_current=True), name="attendance_current_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id}/{self.enrollment_id}: {self.status}"

    @property
    def is_by_code(self) -> bool:
        return self.source in {AttendanceSource.QR, AttendanceSource.CODE}

    @property
    def is_corrected(self) -> bool:
        """It replaced another mark with a reason. From then on it changes only with one."""
        return self.amends_id is not None and bool(self.reason)
