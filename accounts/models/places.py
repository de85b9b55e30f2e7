"""Where training happens."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.digits import latin_digits
from accounts.enums import CenterKind

# A landline, a mobile number or a short one such as 16789, with what people put between the digits.
TELEPHONE = re.compile(r"[+(]{0,2}[0-9](?:[ ()/–-]{0,2}[0-9]){2,14}")


class Governorate(models.Model):
    """One of the 27 governorates. Reference data: loaded by a migration, never edited by hand."""

    iso_code = models.CharField(_("ISO 3166-2 code"), max_length=6, unique=True)
    nid_code = models.CharField(_("code inside the national number"), max_length=2, unique=True)
    name_ar = models.CharField(_("Arabic name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)

    class Meta:
        ordering = ("nid_code",)
        verbose_name = _("governorate")
        verbose_name_plural = _("governorates")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_ar if get_language() == "ar" else self.name_en


class Center(models.Model):
    """A fixed center, a mobile unit, a labor office or a licensed private center."""

    # The row's own center, for the fence.
    center_path = "pk"

    code = models.CharField(
        _("code"), max_length=12, unique=True, help_text=_("Part of certificate numbers, e.g. CAI-03.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=CenterKind, default=CenterKind.FIXED)
    governorate = models.ForeignKey(
        Governorate, models.PROTECT, related_name="centers", verbose_name=_("governorate")
    )
    name_ar = models.CharField(_("Arabic name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120)
    phone = models.CharField(
        _("phone"),
        max_length=20,
        blank=True,
        help_text=_("Which the public may call. It is on the page of centers."),
    )
    address = models.CharField(
        _("address"),
        max_length=200,
        blank=True,
        help_text=_("As a visitor finds it. It is on the page of centers."),
    )
    license = models.CharField(_("license number"), max_length=40, blank=True)
    license_expires_on = models.DateField(_("license expires on"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("center")
        verbose_name_plural = _("centers")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises `ValidationError` for a telephone that cannot be called."""
        super().clean()
        self.phone = latin_digits(self.phone)
        if self.phone and not TELEPHONE.fullmatch(self.phone):
            message = _("Write a number that people can call, such as 02 2345 6789 or 16789.")
            raise ValidationError({"phone": message})

    @property
    def name(self) -> str:
        return self.name_ar if get_language() == "ar" else self.name_en
