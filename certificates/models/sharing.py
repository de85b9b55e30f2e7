"""Share links: anyone with the link sees the certificates that the holder chose."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.enums import LinkResult


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def live(self) -> "ShareLinkQuerySet":
        """Neither ended by the holder nor past their time."""
        return self.filter(ended_at__isnull=True, expires_at__gt=timezone.now())

    def with_openings(self) -> "ShareLinkQuerySet":
        """Each with `times_opened` and `last_opened_at`."""
        opened = Q(openings__result=LinkResult.LIVE)
        return self.annotate(
            times_opened=Count("openings", filter=opened), last_opened_at=Max("openings__at", filter=opened)
        )


class ShareLink(models.Model):
    """A link to chosen certificates of one person, or to one skills passport. Only a keyed hash of its secret is kept."""

    center_path = "holder__registered_at"
    person_path = "holder"
    # The row on whose page the log shows this one.
    page_path = "holder"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    holder = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="share_links", verbose_name=_("holder")
    )
    credentials = models.ManyToManyField(
        "certificates.Credential", related_name="share_links", blank=True, verbose_name=_("certificates")
    )
    # A link to a passport shows the passport's certificates.
    passport = models.ForeignKey(
        "certificates.Passport",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="share_links",
        verbose_name=_("skills passport"),
    )
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    expires_at = models.DateTimeField(_("expires at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-pk")
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="share_link_expires_after_it_is_made"
            ),
        )
        indexes = (
            models.Index(fields=("holder", "-made_at"), name="share_link_by_holder"),
            models.Index(fields=("expires_at",), name="share_link_by_end"),
        )

    def __str__(self) -> str:
        return str(self.public_id)


class LinkOpening(models.Model):
    """A link was opened, or guessed. The address of the client is not stored, only a keyed hash that tells clients apart within a day."""

    # None if no link has the tried secret.
    link = models.ForeignKey(
        ShareLink, models.CASCADE, null=True, related_name="openings", verbose_name=_("share link")
    )
    result = models.CharField(_("result"), max_length=10, choices=LinkResult)
    at = models.DateTimeField(_("at"))
    client_hash = models.CharField(max_length=32)

    class Meta:
        ordering = ("-at",)
        verbose_name = _("opening of a link")
        verbose_name_plural = _("openings of links")
        indexes = (
            models.Index(fields=("client_hash", "-at"), name="link_opening_by_client"),
            models.Index(fields=("at",), name="link_opening_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.link_id}: {self.result}"
