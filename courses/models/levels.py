"""Levels of skill: a table, because decrees rename and add them."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class SkillLevel(models.Model):
    """A named level of a trade, such as those of Decree 266/2025. The code is part of records and never changes."""

    # A table of the ministry.
    center_path = None

    code = models.CharField(
        _("code"),
        max_length=20,
        primary_key=True,
        validators=[RegexValidator(r"\A[a-z0-9_]+\Z", _("Use small Latin letters, digits and underscores."))],
        help_text=_("Part of records and addresses, e.g. semi_skilled."),
    )
    order = models.PositiveSmallIntegerField(_("order"), unique=True, help_text=_("1 is the lowest level."))
    name_ar = models.CharField(_("Arabic name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)

    class Meta:
        ordering = ("order",)
        verbose_name = _("skill level")
        verbose_name_plural = _("skill levels")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_ar if get_language() == "ar" else self.name_en

    # Its heading in lists and on pages of rows.
    name.fget.short_description = _("name")  # type: ignore[attr-defined]
