"""The wording and look of a certificate: an editorial piece with drafts and revisions."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import DraftStateMixin, RevisionMixin

_WORDING = (
    "authority_ar",
    "authority_en",
    "heading_ar",
    "heading_en",
    "statement_ar",
    "statement_en",
    "signatory_ar",
    "signatory_en",
    "signatory_title_ar",
    "signatory_title_en",
    "accent",
)


class CertificateTemplate(DraftStateMixin, RevisionMixin, models.Model):
    """What every certificate of a kind says around the facts. Issued certificates keep the wording of their day."""

    name = models.CharField(_("name"), max_length=80, help_text=_("Seen by staff only."))
    authority_ar = models.CharField(_("authority in Arabic"), max_length=80, default="وزارة العمل")
    authority_en = models.CharField(_("authority in English"), max_length=80, default="Ministry of Labor")
    heading_ar = models.CharField(_("heading in Arabic"), max_length=60, default="شهادة إتمام برنامج تدريبي")
    heading_en = models.CharField(_("heading in English"), max_length=60, default="Certificate of Completion")
    statement_ar = models.CharField(
        _("statement in Arabic"), max_length=160, default="تشهد الوزارة بأن المذكور أدناه قد أتم بنجاح برنامج"
    )
    statement_en = models.CharField(
        _("statement in English"),
        max_length=160,
        default="The Ministry certifies that the person named here has completed the program",
    )
    signatory_ar = models.CharField(_("signatory in Arabic"), max_length=80)
    signatory_en = models.CharField(_("signatory in English"), max_length=80)
    signatory_title_ar = models.CharField(_("title of the signatory in Arabic"), max_length=80)
    signatory_title_en = models.CharField(_("title of the signatory in English"), max_length=80)
    accent = models.CharField(
        _("accent color"),
        max_length=7,
        default="#0d655c",
        validators=[RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Write the color as #RRGGBB."))],
    )

    panels = [
        FieldPanel("name"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel(f"{field}_ar"), FieldPanel(f"{field}_en")])
                for field in ("authority", "heading", "statement")
            ],
            heading=_("Wording"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel(f"{field}_ar"), FieldPanel(f"{field}_en")])
                for field in ("signatory", "signatory_title")
            ],
            heading=_("Signatory"),
        ),
        FieldPanel("accent"),
        PublishingPanel(),
    ]

    class Meta:
        ordering = ("name",)
        verbose_name = _("certificate template")
        verbose_name_plural = _("certificate templates")

    def __str__(self) -> str:
        return self.name

    def design(self) -> dict[str, str]:
        """The wording and look to freeze into a certificate, by field name."""
        return {field: getattr(self, field) for field in _WORDING}
