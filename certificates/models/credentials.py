"""What was issued. Rows are never changed: triggers in the migrations hold them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.enums import CredentialKind, RenderState, RevocationReason, Status


class NumberSeries(models.Model):
    """The last number given by a center in a year. A row, not a sequence: a rolled-back approval leaves no gap."""

    center = models.ForeignKey("accounts.Center", models.PROTECT, related_name="+", verbose_name=_("center"))
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"))

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = (models.UniqueConstraint(fields=("center", "year"), name="number_series_unique"),)

    def __str__(self) -> str:
        return f"{self.center_id}/{self.year}: {self.last}"


class Credential(models.Model):
    """A certificate: what it says, frozen at approval. Only `is_live` may change, once, from true to false."""

    center_path = "center"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(
        _("kind"), max_length=12, choices=CredentialKind, default=CredentialKind.COMPLETION
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    code = models.CharField(_("verification code"), max_length=13, unique=True)
    enrollment = models.ForeignKey(
        "courses.Enrollment", models.PROTECT, related_name="credentials", verbose_name=_("enrollment")
    )
    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, related_name="credentials", verbose_name=_("center")
    )
    proposal = models.ForeignKey(
        "certificates.Proposal", models.PROTECT, related_name="credentials", verbose_name=_("proposal")
    )
    # Plain text as printed: name_ar, name_en, program_ar, program_en, program_code, level_ar, level_en, hours,
    # center_ar, center_en, governorate_ar, governorate_en, starts_on, ends_on, completed_on (ISO 8601 dates),
    # content_version, rule_version.
    facts = models.JSONField(_("facts"))
    # The wording and look of the template at approval: see `CertificateTemplate.design()`.
    design = models.JSONField(_("design"))
    issued_on = models.DateField(_("issued on"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    is_live = models.BooleanField(_("in force"), default=True)

    class Meta:
        ordering = ("-issued_on", "-pk")
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = (
            models.CheckConstraint(
                condition=~Q(approved_by=F("proposed_by")), name="credential_approved_by_another_person"
            ),
            models.UniqueConstraint(
                fields=("enrollment", "kind"),
                condition=Q(is_live=True),
                name="credential_live_once_per_kind",
            ),
        )

    def __str__(self) -> str:
        return self.number


class StatusEvent(models.Model):
    """What happened to a certificate, in order. Appended, never changed."""

    center_path = "credential__center"

    credential = models.ForeignKey(
        Credential, models.PROTECT, related_name="events", verbose_name=_("certificate")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status)
    reason = models.CharField(_("reason"), max_length=24, choices=RevocationReason, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ("credential_id", "at", "pk")
        verbose_name = _("status event")
        verbose_name_plural = _("status events")
        constraints = (
            models.CheckConstraint(
                condition=Q(status=Status.ISSUED, reason="") | (Q(status=Status.REVOKED) & ~Q(reason="")),
                name="status_event_revoked_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.status}"


class Artifact(models.Model):
    """A file made for a certificate. Never overwritten; its hash is what the register answers for."""

    center_path = "credential__center"

    credential = models.OneToOneField(
        Credential, models.PROTECT, related_name="artifact", verbose_name=_("certificate")
    )
    # Name inside the private storage.
    path = models.CharField(_("file"), max_length=200, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    rendered_at = models.DateTimeField(_("rendered at"))

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.path


class RenderJob(models.Model):
    """The drawing of one certificate. The row is the truth; the Celery message only rings the bell."""

    center_path = "credential__center"

    credential = models.OneToOneField(
        Credential, models.PROTECT, related_name="render_job", verbose_name=_("certificate")
    )
    state = models.CharField(_("state"), max_length=8, choices=RenderState, default=RenderState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("render job")
        verbose_name_plural = _("render jobs")

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.state}"
