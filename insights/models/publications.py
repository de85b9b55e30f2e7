"""Figures for everyone: of one quarter each, written once."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import Sex
from insights.enums import AgeBand, PublicMeasure


class PublicQuarter(models.Model):
    """A quarter whose figures are public. Later corrections change nothing of them: two versions of one figure would disclose
    their difference."""

    center_path = None

    # Its first day.
    quarter = models.DateField(_("quarter"), unique=True)
    # Of the snapshot from which it was counted.
    day = models.DateField(_("as of"))
    # A number of fewer people than this is not published.
    smallest = models.PositiveSmallIntegerField(_("smallest number that is published"))
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        ordering = ("-quarter",)
        verbose_name = _("public figures of a quarter")
        verbose_name_plural = _("public figures of quarters")

    def __str__(self) -> str:
        return f"{self.quarter}"


class PublicFigure(models.Model):
    """A published number. The fields that are None are those it is not broken down by; `is_rest` is the sum of the lines below
    the one above it that are not published (`insights.suppression`)."""

    center_path = None
    page_path = "quarter"

    LEVELS: ClassVar[tuple[str, ...]] = ("occupation", "governorate", "sex", "age_band")

    quarter = models.ForeignKey(PublicQuarter, models.PROTECT, related_name="figures")
    measure = models.CharField(max_length=10, choices=PublicMeasure)
    occupation = models.CharField(max_length=8, null=True)
    governorate = models.ForeignKey(
        "accounts.Governorate", models.PROTECT, related_name="+", null=True, db_index=False
    )
    sex = models.CharField(max_length=6, choices=Sex, null=True)
    age_band = models.CharField(max_length=6, choices=AgeBand, null=True)
    is_rest = models.BooleanField(default=False)
    # Its place among those of its quarter and measure: each line after the one that it is a part of.
    position = models.PositiveIntegerField()
    people = models.PositiveIntegerField(_("people"))

    class Meta:
        ordering = ("quarter", "-measure", "position")
        verbose_name = _("public figure")
        verbose_name_plural = _("public figures")
        constraints = (
            models.UniqueConstraint(fields=("quarter", "measure", "position"), name="public_figure_position"),
        )

    def __str__(self) -> str:
        return f"{self.measure}: {self.people}"
