"""Public halves of signing keys. Ended keys are kept permanently, as documents they signed remain in use."""

from cryptography import x509
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.enums import KeyRole
from certificates.sealing import Algorithm, PublicKey, load_public_pem


class SigningKey(models.Model):
    """A key of one role. Triggers make sure that its public half never changes, that it can only end, and that it is never deleted."""

    role = models.CharField(_("role"), max_length=16, choices=KeyRole)
    key_id = models.CharField(_("key id"), max_length=60, unique=True)
    algorithm = models.CharField(
        _("algorithm"), max_length=8, choices=[(one.value, one.value) for one in Algorithm]
    )
    # SubjectPublicKeyInfo in PEM.
    public_key = models.TextField(_("public key"))
    # PEM: ours first, then those above it. Empty where the role needs none.
    certificate = models.TextField(_("certificate"), blank=True)
    # The place of the private half: "file:<name>" below SEALING_KEYS_DIR or "pkcs11:<label>" in the token. Empty for an
    # external authority, whose time stamps are only verified.
    place = models.CharField(_("place"), max_length=120, blank=True)
    is_demo = models.BooleanField(_("demo"), default=False)
    active_from = models.DateTimeField(_("active from"))
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    compromised_at = models.DateTimeField(_("compromised since"), null=True, blank=True)

    class Meta:
        ordering = ("role", "-active_from", "-pk")
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        constraints = (
            models.UniqueConstraint(
                fields=("role",), condition=Q(retired_at__isnull=True), name="signing_key_one_active_a_role"
            ),
            models.CheckConstraint(
                condition=Q(compromised_at__isnull=True) | Q(retired_at__isnull=False),
                name="signing_key_compromised_is_retired",
            ),
            models.CheckConstraint(
                condition=~Q(certificate="") | ~Q(role__in=[KeyRole.PDF_SEAL, KeyRole.TIMESTAMP]),
                name="signing_key_certified_where_needed",
            ),
            models.CheckConstraint(
                condition=~Q(place="") | Q(role=KeyRole.TIMESTAMP), name="signing_key_has_a_place"
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True) | Q(retired_at__gte=F("active_from")),
                name="signing_key_retired_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return self.key_id

    def loaded_public_key(self) -> PublicKey:
        return load_public_pem(self.public_key)

    def certificates(self) -> tuple[x509.Certificate, ...]:
        """Our certificate and those above it; empty where there is none."""
        if not self.certificate:
            return ()
        return tuple(x509.load_pem_x509_certificates(self.certificate.encode()))


class KeyRollover(models.Model):
    """A rollover statement: a key introduces the next one to devices that trust it. Triggers make rows append-only and refuse compromised keys."""

    outgoing = models.ForeignKey(
        SigningKey, models.PROTECT, related_name="rollovers", verbose_name=_("outgoing key")
    )
    incoming = models.OneToOneField(
        SigningKey, models.PROTECT, related_name="introduction", verbose_name=_("next key")
    )
    # As `offline.key_set.sign_key_rollover` wrote it.
    token = models.TextField(_("signed introduction"))
    signed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("hand-over of a key")
        verbose_name_plural = _("hand-overs of keys")

    def __str__(self) -> str:
        return f"{self.outgoing_id} > {self.incoming_id}"
