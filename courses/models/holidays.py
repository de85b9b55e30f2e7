"""Days on which offices and centers are closed."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Holiday(models.Model):
    """A day without work, in all governorates or in one. Weekends are none: they are in `courses.queries.holidays`."""

    # A table of the ministry.
    center_path = None

    day = models.DateField(_("day"))
    name_ar = models.CharField(_("Arabic name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    governorate = models.ForeignKey(
        "accounts.Governorate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("governorate"),
        help_text=_("Empty: a holiday everywhere."),
    )

    class Meta:
        ordering = ("day", "pk")
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = (
            models.UniqueConstraint(
                fields=("day", "governorate"),
                name="holiday_once",
                nulls_distinct=False,
                violation_error_message=_("This day is a holiday there already."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_ar if get_language() == "ar" else self.name_en

    # Its heading in lists and on pages of rows.
    name.fget.short_description = _("name")  # type: ignore[attr-defined]
