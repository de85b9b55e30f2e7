"""A program given by a center on dates with seats."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import CohortState, Entry, Shift


class Cohort(models.Model):
    """A program in a center on dates, with a shift and a number of seats.

    `program` is the page in the source language; other languages are reached by its `translation_key`.
    """

    center_path = "center"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    program = models.ForeignKey(
        "courses.ProgramPage", models.PROTECT, related_name="cohorts", verbose_name=_("program")
    )
    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, related_name="cohorts", verbose_name=_("center")
    )
    content_version = models.ForeignKey(
        "courses.ContentVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cohorts",
        verbose_name=_("content version"),
    )
    completion_rule = models.ForeignKey(
        "courses.CompletionRule",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cohorts",
        verbose_name=_("completion rule"),
    )
    code = models.CharField(_("code"), max_length=30, unique=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    shift = models.CharField(_("shift"), max_length=10, choices=Shift, default=Shift.MORNING)
    seats = models.PositiveSmallIntegerField(_("seats"))
    # Both are kept by `courses.services.seats` under the cohort's row lock, so that the constraint can hold the cap.
    seats_taken = models.PositiveSmallIntegerField(_("seats taken"), default=0, editable=False)
    seats_held = models.PositiveSmallIntegerField(_("seats held"), default=0, editable=False)
    seats_reserved = models.PositiveSmallIntegerField(
        _("seats reserved for the center"),
        default=0,
        help_text=_("Only staff give them, and each seat that staff give uses one of them."),
    )
    entry = models.CharField(_("entry"), max_length=8, choices=Entry, default=Entry.OPEN)
    late_entry_days = models.PositiveSmallIntegerField(
        _("days for replacements"),
        default=0,
        help_text=_(
            "How many days after the start free seats are still given. Days missed before count as absent unless they are excused."
        ),
    )
    state = models.CharField(_("state"), max_length=10, choices=CohortState, default=CohortState.PLANNED)
    # Of a closed cohort: when, why, and the state to which reopening brings it back. Empty where it was closed before
    # these were kept.
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    closed_from = models.CharField(max_length=10, choices=CohortState, blank=True, editable=False)
    close_reason = models.CharField(_("reason for closing"), max_length=200, blank=True, editable=False)
    # Whether any unit waits (`UnitRelease`), so that the other cohorts are not asked about it.
    has_releases = models.BooleanField(default=False, db_default=False, editable=False)
    instructors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="cohorts_taught", verbose_name=_("instructors")
    )

    class Meta:
        ordering = ("-starts_on", "code")
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(seats__gte=models.F("seats_taken") + models.F("seats_held")),
                name="cohort_never_over_its_seats",
            ),
            models.CheckConstraint(
                condition=models.Q(seats_reserved__lte=models.F("seats")),
                name="cohort_reserves_no_more_than_its_seats",
                violation_error_message=_("A cohort cannot reserve more seats than it has."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=CohortState.CLOSED) | models.Q(closed_at__isnull=True),
                name="cohort_closed_at_only_when_closed",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="cohort_ends_after_it_starts",
                violation_error_message=_("A cohort cannot end before it starts."),
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def seats_free(self) -> int:
        """What the center may still give."""
        return self.seats - self.seats_taken - self.seats_held

    @property
    def seats_left(self) -> int:
        """What anybody may still take by the button."""
        return max(0, self.seats_free - self.seats_reserved)

    @property
    def is_self_service(self) -> bool:
        """Whether people take seats, and wait for one, by themselves."""
        return self.entry == Entry.OPEN

    @property
    def may_be_started(self) -> bool:
        return self.state in (CohortState.PLANNED, CohortState.OPEN)

    @property
    def last_replacement(self) -> dt.date | None:
        """The last day on which a seat is given once teaching has started; none where no replacements are taken."""
        if not self.late_entry_days:
            return None
        return min(self.ends_on, self.starts_on + dt.timedelta(days=self.late_entry_days))

    @property
    def last_entry(self) -> dt.date:
        """The last day on which a seat is given."""
        if self.state == CohortState.RUNNING:
            return self.last_replacement or self.starts_on
        return self.ends_on

    def takes_people_on(self, day: dt.date) -> bool:
        """Whether seats are given on a day: before teaching starts, and `late_entry_days` after the start for replacements."""
        if self.state == CohortState.RUNNING:
            return self.late_entry_days > 0 and day <= self.last_entry
        return self.state == CohortState.OPEN and day <= self.last_entry

    @property
    def takes_people_today(self) -> bool:
        return self.takes_people_on(timezone.localdate())


class FormerInstructor(models.Model):
    """A login that taught a cohort and was taken off it, or off a session that had begun. Append-only: who taught neither
    assesses nor certifies there, whatever becomes of the list of instructors and of the timetable.
    """

    center_path = "cohort__center"
    # The row whose page shows this one.
    page_path = "cohort"

    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="former_instructors", verbose_name=_("cohort")
    )
    instructor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("instructor")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("taken off by")
    )
    at = models.DateTimeField(_("taken off at"), db_default=Now())

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("former instructor")
        verbose_name_plural = _("former instructors")
        constraints = (
            models.UniqueConstraint(fields=("cohort", "instructor"), name="former_instructor_once"),
        )

    def __str__(self) -> str:
        return f"{self.cohort_id}: {self.instructor_id}"
