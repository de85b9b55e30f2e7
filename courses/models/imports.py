"""Lists that staff import: a file, what its check found, and the results that its run wrote."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.scoping.hands import people_shown
from courses.enums import ImportKind, ImportPhase
from courses.models.checked_imports import CheckedImport


class ImportRun(CheckedImport):
    """A file of one center.

    `position` is the number of its lines that are done in this phase; each unit of lines commits together with it.
    """

    center_path = "center"
    task_name = "courses.tasks.run_import"
    lease = dt.timedelta(minutes=5)
    backoff = (dt.timedelta(seconds=10),)
    is_cancelable = True
    about_related = ("center",)

    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, related_name="imports", verbose_name=_("center")
    )
    kind = models.CharField(_("list of"), max_length=12, choices=ImportKind)
    # Of a list of trainees: whether those with a number of their own get a login, without a password.
    makes_logins = models.BooleanField(_("make logins"), default=False)
    # How many lines the file has; a guess until its check has ended.
    lines = models.PositiveIntegerField(_("lines"), default=0)
    position = models.PositiveIntegerField(_("lines done"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    faulty = models.PositiveIntegerField(_("with faults"), default=0)
    # Empty until someone who has read the check starts it.
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("imported by"),
    )
    imported_at = models.DateTimeField(_("import started at"), null=True, blank=True)

    class Meta(CheckedImport.Meta):
        abstract = False
        ordering = ("-uploaded_at", "-pk")
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = (
            *CheckedImport.Meta.constraints,
            models.CheckConstraint(
                condition=Q(phase=ImportPhase.CHECK, imported_by__isnull=True, imported_at__isnull=True)
                | Q(phase=ImportPhase.IMPORT, imported_by__isnull=False, imported_at__isnull=False),
                name="import_is_started_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(
                    position=models.F("created")
                    + models.F("changed")
                    + models.F("unchanged")
                    + models.F("faulty")
                ),
                name="import_counts_every_line_once",
            ),
        )

    @property
    def brought_by(self) -> frozenset[int]:
        """The people who brought the list, and those whose deputies they are: no line of it changes what is on record about them."""
        logins = (self.uploaded_by, self.imported_by)
        return frozenset().union(*(people_shown(by) for by in logins if by is not None))

    @property
    def total(self) -> int:
        return self.lines

    @property
    def about(self) -> str:
        return f"{self.center.code}: {self.file_name}"


class ImportFault(models.Model):
    """What is wrong with a cell, or worth telling (`is_fault` is false). Sentences are made where they are read."""

    center_path = "run__center"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="faults", verbose_name=_("import"))
    line = models.PositiveIntegerField(_("line"))
    # A name of `courses.imports.columns`; empty where it is about the whole line.
    column = models.CharField(_("column"), max_length=20, blank=True)
    # The name of an error of `courses.imports.errors`, and its facts: never what the cell holds.
    code = models.CharField(max_length=40)
    facts: Any = models.JSONField(default=dict, blank=True)
    is_fault = models.BooleanField(default=True)

    class Meta:
        ordering = ("run_id", "line", "pk")
        verbose_name = _("fault of an import")
        verbose_name_plural = _("faults of imports")
        indexes = (models.Index(fields=("run", "line"), name="import_fault_by_line"),)

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line} {self.code}"


class ImportedResult(models.Model):
    """A mark that a list brought: one attempt of an enrollment at a unit, known by the day on which it was taken. Append-only."""

    center_path = "enrollment__cohort__center"
    person_path = "enrollment__person"

    enrollment = models.ForeignKey(
        "courses.Enrollment", models.PROTECT, related_name="imported_results", verbose_name=_("enrollment")
    )
    unit_key = models.UUIDField(_("unit"))
    taken_on = models.DateField(_("taken on"))
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2)
    passed = models.BooleanField(_("passed"))
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="results", verbose_name=_("import"))
    line = models.PositiveIntegerField(_("line"))

    class Meta:
        ordering = ("-taken_on", "pk")
        verbose_name = _("imported result")
        verbose_name_plural = _("imported results")
        constraints = (
            models.UniqueConstraint(
                fields=("enrollment", "unit_key", "taken_on"), name="imported_result_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=100), name="imported_result_is_a_percentage"
            ),
        )

    def __str__(self) -> str:
        return f"{self.enrollment_id}/{self.unit_key} {self.taken_on}"
