"""The visual identity of the ministry, on the site and on certificates."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

hex_color = RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Write the color as #RRGGBB."))


# A logo is shown 44 pixels high, on screens with two pixels for one.
LEAST_LOGO = 88


@register_setting(icon="palette")
class VisualIdentity(BaseSiteSetting):
    """Names, logo, emblem, accent and signal color: settings, never code."""

    center_path = None

    name_ar = models.CharField(_("name in Arabic"), max_length=60, default="مهنة")
    name_en = models.CharField(_("name in English"), max_length=60, default="Mihna")
    state_ar = models.CharField(
        _("state in Arabic"), max_length=80, blank=True, default="جمهورية مصر العربية"
    )
    state_en = models.CharField(
        _("state in English"), max_length=80, blank=True, default="Arab Republic of Egypt"
    )
    authority_ar = models.CharField(_("authority in Arabic"), max_length=120, default="وزارة العمل")
    authority_en = models.CharField(_("authority in English"), max_length=120, default="Ministry of Labor")
    # Pictures in use are not deleted: Wagtail refuses it where its reference index has them (`accounts.apps`).
    logo = models.ForeignKey(
        "wagtailimages.Image",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
    )
    emblem = models.ForeignKey(
        "wagtailimages.Image",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("emblem of the state"),
        help_text=_("Printed on certificates. Without one, they show the logo or an engraved ornament."),
    )
    accent = models.CharField(_("accent color"), max_length=7, default="#0d655c", validators=[hex_color])
    signal = models.CharField(_("signal color"), max_length=7, default="#f2b632", validators=[hex_color])

    panels = [
        "name_ar",
        "name_en",
        "state_ar",
        "state_en",
        "authority_ar",
        "authority_en",
        "logo",
        "emblem",
        FieldPanel("accent", widget=forms.ColorInput),
        FieldPanel("signal", widget=forms.ColorInput),
    ]

    class Meta:
        verbose_name = _("visual identity")

    def clean(self) -> None:
        super().clean()
        if self.logo and min(self.logo.width, self.logo.height) < LEAST_LOGO:
            small = {"width": self.logo.width, "height": self.logo.height, "least": LEAST_LOGO}
            raise ValidationError(
                {
                    "logo": ValidationError(
                        _(
                            "This picture is %(width)s by %(height)s pixels, too small for a logo. Choose one of at least %(least)s by"
                            " %(least)s."
                        ),
                        code="logo_too_small",
                        params=small,
                    )
                }
            )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_ar if get_language() == "ar" else self.name_en

    @property
    def authority(self) -> str:
        return self.authority_ar if get_language() == "ar" else self.authority_en
