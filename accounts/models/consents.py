"""The consent ledger of data-protection law 151/2020."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Consent(models.Model):
    """Consent given for one purpose under one version of the text. Withdrawn, never deleted."""

    center_path = "person__registered_at"
    person_path = "person"
    # The row whose page shows this one.
    page_path = "person"

    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="consents", verbose_name=_("person")
    )
    purpose = models.CharField(_("purpose"), max_length=40)
    text_version = models.CharField(_("version of the text"), max_length=40)
    # For texts that are pages: the exact revision. It cannot be deleted while a consent refers to it.
    text_revision = models.ForeignKey(
        "wagtailcore.Revision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("text agreed to"),
    )
    given_at = models.DateTimeField(_("given at"))
    # The person, a guardian, or staff on the person's behalf.
    given_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        ordering = ("-given_at",)
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "purpose"),
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_live_once_per_purpose",
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.text_version}"
