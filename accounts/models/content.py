"""Owners of content: pages, pictures and documents of a center. Everything else is the ministry's."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ContentOwner(models.Model):
    """The center that writes one page and everything under it, in every language.

    Not a field of the page: revisions would hold it, and reverting to an old one would change the owner.
    """

    center_path = "center"

    # All translations of a page have the same key.
    translation_key = models.UUIDField(_("page"), unique=True, editable=False)
    center = models.ForeignKey("accounts.Center", models.PROTECT, related_name="+", verbose_name=_("center"))
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("assigned by")
    )

    class Meta:
        verbose_name = _("owner of content")
        verbose_name_plural = _("owners of content")

    def __str__(self) -> str:
        return f"{self.center}"


class CenterLibrary(models.Model):
    """The collection in which a center keeps its pictures and documents."""

    center_path = "center"

    center = models.OneToOneField(
        "accounts.Center", models.CASCADE, related_name="library", verbose_name=_("center")
    )
    # Wagtail refuses to delete a collection that holds anything.
    collection = models.OneToOneField(
        "wagtailcore.Collection", models.CASCADE, related_name="center_library", verbose_name=_("collection")
    )

    class Meta:
        verbose_name = _("library of a center")
        verbose_name_plural = _("libraries of centers")

    def __str__(self) -> str:
        return f"{self.center}"
