"""Issued certificates. Triggers in the migrations keep the rows from being changed."""

import datetime as dt
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.enums import LIVE_STATES, CredentialKind, CredentialState, Reason, Source, Status


class NumberSeries(models.Model):
    """The last number of a center for a kind in a year. A row, not a sequence: a rolled-back approval leaves no gap."""

    center = models.ForeignKey("accounts.Center", models.PROTECT, related_name="+", verbose_name=_("center"))
    type = models.ForeignKey(
        "certificates.CredentialType",
        models.PROTECT,
        related_name="+",
        verbose_name=_("kind of certificate"),
    )
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"))

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = (
            models.UniqueConstraint(fields=("center", "type", "year"), name="number_series_unique"),
        )

    def __str__(self) -> str:
        return f"{self.center_id}/{self.year}: {self.last}"

    @staticmethod
    def written(number: int, *, code: str, prefix: str, year: int) -> str:
        """A number of the series as it is printed, e.g. CAI-03/2026/LC-000007."""
        return f"{code}/{year}/{prefix}{number:06}"


class CredentialQuerySet(models.QuerySet["Credential"]):
    def live(self) -> "CredentialQuerySet":
        """In force or suspended: such a certificate blocks a second one of its kind."""
        return self.filter(state__in=LIVE_STATES)

    def valid_on(self, day: dt.date) -> "CredentialQuerySet":
        """In force and within their validity period."""
        within = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        return self.filter(within, state=CredentialState.IN_FORCE, valid_from__lte=day)


class Credential(models.Model):
    """A certificate, frozen at approval. Only `state` changes, along the transitions that a trigger allows."""

    center_path = "center"
    person_path = "holder"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.ForeignKey(
        "certificates.CredentialType",
        models.PROTECT,
        related_name="credentials",
        verbose_name=_("kind of certificate"),
    )
    # The type's kind on the day of issue.
    kind = models.CharField(
        _("kind"), max_length=12, choices=CredentialKind, default=CredentialKind.COMPLETION
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    code = models.CharField(_("verification code"), max_length=13, unique=True)
    holder = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="credentials", verbose_name=_("holder")
    )
    # None for a license based on another certificate, and for paper from before the register.
    enrollment = models.ForeignKey(
        "courses.Enrollment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="credentials",
        verbose_name=_("enrollment"),
    )
    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, related_name="credentials", verbose_name=_("center")
    )
    # None for paper from before the register.
    proposal = models.ForeignKey(
        "certificates.Proposal",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="credentials",
        verbose_name=_("proposal"),
    )
    source = models.CharField(_("source"), max_length=6, choices=Source, default=Source.ISSUED)
    # Plain text as printed: type_ar, type_en, name_ar, name_en, identity (kind and last four digits, or None),
    # program_ar, program_en, program_code, occupation_code, level, level_ar, level_en, hours, center_ar, center_en,
    # governorate_ar, governorate_en, cohort, starts_on, ends_on, completed_on (ISO 8601 dates), content_version,
    # rule_version; basis, the number of the prerequisite certificate. A supplement alone has attendance_percent,
    # score_percent, practice_percent, attended_hours and units: {title_ar, title_en, completed_on, score (percent as text)}, None where there is none.
    # Entered from paper (`Source.LEGACY`): only the claims on the paper, and source, printed_number, entered_on.
    claims = models.JSONField(_("facts"))
    # The wording and look of the template at approval: see `CertificateTemplate.design()`.
    design = models.JSONField(_("design"))
    issued_on = models.DateField(_("issued on"))
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    fee = models.DecimalField(_("fee in Egyptian pounds"), max_digits=8, decimal_places=2, default=0)
    # None where nothing was due, and for what was issued before receipts were recorded.
    settled_fee = models.OneToOneField(
        "certificates.SettledFee",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="issued_credential",
        verbose_name=_("settled fee"),
    )
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("corrects"),
    )
    renews = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="renewed_by", verbose_name=_("renews")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    # Logins of who taught and marked: they can neither propose nor approve.
    assessors = ArrayField(models.BigIntegerField(), verbose_name=_("assessors"), default=list)
    state = models.CharField(
        _("state"), max_length=12, choices=CredentialState, default=CredentialState.IN_FORCE
    )

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ("-issued_on", "-pk")
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = (
            models.CheckConstraint(
                condition=~Q(approved_by=F("proposed_by")), name="credential_approved_by_another_person"
            ),
            models.CheckConstraint(
                condition=~Q(assessors__overlap=[F("approved_by"), F("proposed_by")]),
                name="credential_decided_by_no_assessor",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="credential_ends_after_it_begins",
            ),
            # So a certificate in force is valid: `valid_from` is never in the future.
            models.CheckConstraint(
                condition=Q(valid_from__lte=F("issued_on")), name="credential_holds_from_its_issue"
            ),
            models.CheckConstraint(
                condition=Q(source=Source.ISSUED, proposal__isnull=False)
                | Q(source=Source.LEGACY, proposal__isnull=True, enrollment__isnull=True),
                name="credential_proposed_unless_legacy",
            ),
            models.UniqueConstraint(
                fields=("enrollment", "type"),
                condition=Q(state__in=LIVE_STATES),
                name="credential_live_once_per_type",
            ),
        )
        indexes = (
            models.Index(
                fields=("valid_until",),
                condition=Q(state=CredentialState.IN_FORCE, valid_until__isnull=False),
                name="credential_expiring",
            ),
            # What of a center is not printed yet.
            models.Index(fields=("center", "issued_on"), name="credential_of_center_by_day"),
            # The newest of a program: for the address of what was achieved.
            models.Index(
                "type",
                KeyTextTransform("program_code", "claims"),
                F("id").desc(),
                name="credential_of_program",
            ),
            models.Index(
                KeyTextTransform("basis", "claims"),
                condition=Q(claims__has_key="basis"),
                name="credential_of_prerequisite",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def is_expired(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.localdate()


class Copy(models.Model):
    """A numbered copy of a lost certificate, marked as a copy. The row of the original does not change."""

    center_path = "credential__center"

    credential = models.ForeignKey(
        Credential, models.PROTECT, related_name="copies", verbose_name=_("certificate")
    )
    number = models.PositiveSmallIntegerField(_("copy number"))
    reason = models.CharField(_("reason"), max_length=24, choices=Reason)
    fee = models.DecimalField(_("fee in Egyptian pounds"), max_digits=8, decimal_places=2, default=0)
    # None where nothing was due, and for what was issued before receipts were recorded.
    settled_fee = models.OneToOneField(
        "certificates.SettledFee",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="issued_copy",
        verbose_name=_("settled fee"),
    )
    issued_on = models.DateField(_("issued on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        ordering = ("credential_id", "number")
        verbose_name = _("copy")
        verbose_name_plural = _("copies")
        constraints = (
            models.UniqueConstraint(fields=("credential", "number"), name="copy_number_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="copy_numbered_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.number}"


_WITH_A_REASON = (Status.REVOKED, Status.SUSPENDED, Status.SUPERSEDED, Status.COPIED)


class StatusEvent(models.Model):
    """A status event of a certificate. Rows are append-only."""

    center_path = "credential__center"

    credential = models.ForeignKey(
        Credential, models.PROTECT, related_name="events", verbose_name=_("certificate")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status)
    reason = models.CharField(_("reason"), max_length=24, choices=Reason, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    # None where a suspension lapsed.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))
    # The last day of a suspension by one person; None for what a second person confirmed.
    until = models.DateField(_("lapses after"), null=True, blank=True)

    class Meta:
        ordering = ("credential_id", "at", "pk")
        verbose_name = _("status event")
        verbose_name_plural = _("status events")
        constraints = (
            models.CheckConstraint(
                condition=~Q(status__in=_WITH_A_REASON) | ~Q(reason=""),
                name="status_event_ended_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.status}"
