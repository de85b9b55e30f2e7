"""From completion to a decision by a second person."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.enums import ProposalState


class Candidate(models.Model):
    """An enrollment that met its completion rule and may be proposed. Written once, when it completes."""

    center_path = "enrollment__cohort__center"

    enrollment = models.OneToOneField(
        "courses.Enrollment",
        models.PROTECT,
        related_name="certificate_candidate",
        verbose_name=_("enrollment"),
    )
    eligibility = models.ForeignKey(
        "courses.Eligibility", models.PROTECT, related_name="+", verbose_name=_("eligibility")
    )
    noted_at = models.DateTimeField(_("noted at"))

    class Meta:
        ordering = ("enrollment__person__folded_name", "pk")
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")

    def __str__(self) -> str:
        return str(self.enrollment)


class Proposal(models.Model):
    """A center proposes the certificates of a cohort; somebody else decides. Never the same person, by constraint."""

    center_path = "cohort__center"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, related_name="proposals", verbose_name=_("cohort")
    )
    template = models.ForeignKey(
        "certificates.CertificateTemplate",
        models.PROTECT,
        related_name="proposals",
        verbose_name=_("template"),
    )
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
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="proposal_decided_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.PROPOSED, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state=ProposalState.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="proposal_decided_iff_dated",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cohort} · {self.get_state_display()}"


class ProposalRow(models.Model):
    """One person in a proposal, with the evidence the proposer saw."""

    center_path = "proposal__cohort__center"

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="rows", verbose_name=_("proposal"))
    enrollment = models.ForeignKey(
        "courses.Enrollment", models.PROTECT, related_name="+", verbose_name=_("enrollment")
    )
    eligibility = models.ForeignKey(
        "courses.Eligibility", models.PROTECT, related_name="+", verbose_name=_("eligibility")
    )

    class Meta:
        ordering = ("enrollment__person__folded_name", "pk")
        verbose_name = _("proposed person")
        verbose_name_plural = _("proposed persons")
        constraints = (models.UniqueConstraint(fields=("proposal", "enrollment"), name="proposal_row_once"),)

    def __str__(self) -> str:
        return str(self.enrollment)
