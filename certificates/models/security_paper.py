"""Security paper: numbered sheets that a center received, each used once."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from certificates.enums import SheetState

# Of one delivery: each sheet is a row.
MOST_SHEETS = 10_000
DIGITS = 6


class SheetDelivery(models.Model):
    """Sheets from the print works, by their first and last number, that the ministry assigned to a center."""

    center_path = "center"

    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, related_name="sheet_deliveries", verbose_name=_("center")
    )
    prefix = models.CharField(
        _("letters before the number"),
        max_length=6,
        blank=True,
        validators=[RegexValidator(r"\A[A-Z]*\Z", _("Capital letters only, such as AB."))],
    )
    first = models.PositiveIntegerField(_("first number"), validators=[MinValueValidator(1)])
    last = models.PositiveIntegerField(_("last number"), validators=[MaxValueValidator(10**DIGITS - 1)])
    received_on = models.DateField(_("received on"))
    received_by = models.CharField(_("taken in by"), max_length=160)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("delivery of security paper")
        verbose_name_plural = _("deliveries of security paper")
        constraints = (
            models.CheckConstraint(
                condition=Q(first__gte=1, last__gte=F("first")), name="sheet_delivery_of_some_sheets"
            ),
            models.CheckConstraint(
                condition=Q(last__lt=F("first") + MOST_SHEETS), name="sheet_delivery_not_too_many"
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{written(self.prefix, self.first)} – {written(self.prefix, self.last)}"

    # Its heading in lists.
    label.fget.short_description = _("sheets")  # type: ignore[attr-defined]


class Sheet(models.Model):
    """One sheet. What it was used for is its printed certificate (`Printout.sheet`)."""

    center_path = "delivery__center"

    delivery = models.ForeignKey(
        SheetDelivery,
        models.PROTECT,
        related_name="sheets",
        verbose_name=pgettext_lazy("of security paper", "delivery"),
    )
    prefix = models.CharField(_("letters before the number"), max_length=6, blank=True)
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=7, choices=SheetState, default=SheetState.FREE)
    # Of a sheet that was spoiled or is missing.
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("spoiled or missing, recorded by"),
    )
    ended_at = models.DateTimeField(_("spoiled or missing since"), null=True, blank=True)

    class Meta:
        ordering = ("prefix", "number")
        verbose_name = _("sheet of security paper")
        verbose_name_plural = _("sheets of security paper")
        constraints = (
            models.UniqueConstraint(
                fields=("prefix", "number"),
                condition=~Q(state=SheetState.MISTAKE),
                name="sheet_number_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=(*SheetState.ended(), SheetState.MISTAKE),
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                )
                & ~Q(reason="")
                | Q(state__in=(SheetState.FREE, SheetState.USED), ended_at__isnull=True, reason=""),
                name="sheet_ended_with_a_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=("delivery", "prefix", "number"),
                condition=Q(state=SheetState.FREE),
                name="sheet_free",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """As it is printed on the sheet."""
        return written(self.prefix, self.number)

    # Its heading in lists.
    label.fget.short_description = _("sheet")  # type: ignore[attr-defined]


def written(prefix: str, number: int) -> str:
    return f"{prefix}{number:0{DIGITS}}"
