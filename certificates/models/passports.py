"""Skills passports: certificates that a person agreed to show, with their status on one day."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Passport(models.Model):
    """A signed summary of a person's certificates. A trigger allows no change but one withdrawal."""

    center_path = "holder__registered_at"
    person_path = "holder"
    # The row whose page shows this one.
    page_path = "holder"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    holder = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="passports", verbose_name=_("holder")
    )
    consent = models.ForeignKey(
        "accounts.Consent", models.PROTECT, related_name="passports", verbose_name=_("consent")
    )
    credentials = models.ManyToManyField(
        "certificates.Credential", related_name="passports", verbose_name=_("certificates")
    )
    # What was signed: see docs/reference/certificates-passport.md.
    claims = models.JSONField(_("facts"))
    # Compact JWS over `claims` and the registered claims.
    token = models.TextField(_("signed form"))
    # Name inside the private storage; verification of files uses the hash.
    path = models.CharField(_("file"), max_length=200, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField(_("bytes"))
    key_id = models.CharField(_("key"), max_length=80)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("expires at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-pk")
        verbose_name = _("skills passport")
        verbose_name_plural = _("skills passports")
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="passport_expires_after_it_is_made"
            ),
        )
        indexes = (models.Index(fields=("holder", "-made_at"), name="passport_by_holder"),)

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_withdrawn(self) -> bool:
        """By itself, or with the consent it was made under. Select `consent` with it."""
        return self.withdrawn_at is not None or self.consent.withdrawn_at is not None

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_in_force(self) -> bool:
        """Neither withdrawn nor expired. Select `consent` with it."""
        return not (self.is_withdrawn or self.is_expired)
