"""Lookups: which codes were verified. Only a keyed hash of the client's address is stored, which changes every day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.enums import LookupResult, LookupVia


class Lookup(models.Model):
    code = models.CharField(_("code"), max_length=13, blank=True)
    result = models.CharField(_("result"), max_length=10, choices=LookupResult)
    via = models.CharField(_("asked by"), max_length=4, choices=LookupVia, default=LookupVia.CODE)
    at = models.DateTimeField(_("at"))
    client_hash = models.CharField(max_length=32)

    class Meta:
        ordering = ("-at",)
        verbose_name = _("lookup")
        verbose_name_plural = _("lookups")
        indexes = (models.Index(fields=("client_hash", "-at"), name="lookup_by_client"),)

    def __str__(self) -> str:
        return f"{self.code}: {self.result}"
