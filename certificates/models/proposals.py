"""Proposals of certificates and their rows."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.enums import ProposalState, Reason, RowState


class Proposal(models.Model):
    """A proposal of a center. A constraint makes sure that the proposer does not decide."""

    center_path = "center"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.ForeignKey(
        "certificates.CredentialType",
        models.PROTECT,
        related_name="proposals",
        verbose_name=_("kind of certificate"),
    )
    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, related_name="proposals", verbose_name=_("center")
    )
    # None if the certificates are based on other certificates: licenses, renewals.
    cohort = models.ForeignKey(
        "courses.Cohort",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("cohort"),
    )
    template = models.ForeignKey(
        "certificates.CertificateTemplate",
        models.PROTECT,
        related_name="proposals",
        verbose_name=_("template"),
    )
    # SHA-256 of the design in which the rows were tried; empty for proposals from before it was kept.
    design_digest = models.CharField(max_length=64, blank=True, editable=False)
    rule = models.ForeignKey(
        "certificates.IssuingRule",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("rule of issuing"),
    )
    # Why certificates are issued again; empty for new ones.
    correction = models.CharField(_("correction"), max_length=24, choices=Reason, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason of rejection"), max_length=300, blank=True)

    class Meta:
        ordering = ("-proposed_at",)
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=F("proposed_by"))
                # Taken back, which is no decision about a person.
                | Q(state=ProposalState.WITHDRAWN),
                name="proposal_decided_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.PROPOSED, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state=ProposalState.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="proposal_decided_iff_dated",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject()} · {self.get_state_display()}"

    def subject(self) -> str:
        """The cohort it is for; where it follows certificates, which have none, their center."""
        return str(self.cohort or self.center)

    subject.short_description = _("Cohort or center")  # type: ignore[attr-defined]


class ProposalRow(models.Model):
    """One person in a proposal: the evidence that the proposer saw, and the claims of the certificate."""

    center_path = "proposal__center"

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="rows", verbose_name=_("proposal"))
    type = models.ForeignKey("certificates.CredentialType", models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="proposal_rows", verbose_name=_("person")
    )
    enrollment = models.ForeignKey(
        "courses.Enrollment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("enrollment"),
    )
    eligibility = models.ForeignKey(
        "courses.Eligibility",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("eligibility"),
    )
    # The certificate that this one is based on, corrects or renews.
    prerequisite = models.ForeignKey(
        "certificates.Credential",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("basis"),
    )
    corrects = models.ForeignKey(
        "certificates.Credential",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("corrects"),
    )
    renews = models.ForeignKey(
        "certificates.Credential",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("renews"),
    )
    state = models.CharField(_("state"), max_length=8, choices=RowState, default=RowState.ELIGIBLE)
    # [{"code": BlockingReason, "detail": str}, ...]; empty for an eligible row.
    blocking_reasons = models.JSONField(_("blocking reasons"), default=list)
    # `Credential.claims` as they would be printed; empty for a blocked row.
    claims = models.JSONField(_("facts"), default=dict)
    note = models.CharField(_("why it was sent back"), max_length=300, blank=True)

    class Meta:
        ordering = ("person__folded_name", "pk")
        verbose_name = _("proposed person")
        verbose_name_plural = _("proposed persons")
        constraints = (
            models.UniqueConstraint(fields=("proposal", "person"), name="proposal_row_once"),
            models.UniqueConstraint(
                fields=("enrollment", "type"),
                condition=Q(state=RowState.ELIGIBLE),
                name="proposal_row_waits_once",
            ),
            models.UniqueConstraint(
                fields=("prerequisite", "type"),
                condition=Q(state=RowState.ELIGIBLE),
                name="proposal_row_waits_once_on_prerequisite",
            ),
            models.CheckConstraint(
                condition=Q(enrollment__isnull=False)
                | Q(prerequisite__isnull=False)
                | Q(renews__isnull=False)
                | Q(corrects__isnull=False),
                name="proposal_row_stands_on_something",
            ),
        )
        # Of all rows ever decided, few wait for anything.
        indexes = (
            models.Index(
                fields=("proposal",),
                condition=Q(state__in=(RowState.ELIGIBLE, RowState.UNPAID)),
                name="proposal_row_waiting",
            ),
        )

    def __str__(self) -> str:
        return str(self.person)
