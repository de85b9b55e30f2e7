"""Doubts about certificates that somebody recorded or lifted, and proceedings of which a second person decides."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from certificates.enums import DoubtCause, ProceedingState, Reason


class CredentialDoubt(models.Model):
    """One cause of doubt about one certificate: recorded with what caused it, or written when an officer lifts a cause that follows from
    records (`certificates.queries.doubts`). It moves on to the certificate that replaces it.
    """

    center_path = "credential__center"
    person_path = "credential__holder"
    # The row whose page shows this one.
    page_path = "credential"

    credential = models.ForeignKey(
        "certificates.Credential", models.PROTECT, related_name="doubts", verbose_name=_("certificate")
    )
    cause = models.CharField(_("cause"), max_length=12, choices=DoubtCause)
    # Which evaluation, replacement or correction: a later one is another cause.
    about = models.CharField(max_length=60)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    at = models.DateTimeField(_("since"), db_default=Now())
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lifted by"),
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("doubt about a certificate")
        verbose_name_plural = _("doubts about certificates")
        constraints = (
            models.UniqueConstraint(fields=("credential", "cause", "about"), name="credential_doubt_once"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(reason="")),
                name="credential_doubt_lifted_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.cause}"


class Proceeding(models.Model):
    """A proposal to revoke a certificate. A constraint makes sure that another person decides; its holder is heard before."""

    center_path = "credential__center"
    person_path = "credential__holder"
    # The row whose page shows this one.
    page_path = "credential"

    credential = models.ForeignKey(
        "certificates.Credential", models.PROTECT, related_name="proceedings", verbose_name=_("certificate")
    )
    # Public from the decision on.
    reason = models.CharField(_("reason"), max_length=24, choices=Reason)
    note = models.CharField(_("note"), max_length=300, blank=True)
    cascade = models.BooleanField(_("with what is based on it"), default=True)
    state = models.CharField(_("state"), max_length=8, choices=ProceedingState, default=ProceedingState.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    opened_at = models.DateTimeField(_("proposed at"))
    # The last day on which the holder is heard: decided afterwards.
    heard_until = models.DateField(_("the holder is heard until"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_note = models.CharField(_("reason of the decision"), max_length=300, blank=True)

    class Meta:
        ordering = ("-opened_at", "-pk")
        verbose_name = _("proposal to revoke")
        verbose_name_plural = _("proposals to revoke")
        constraints = (
            models.UniqueConstraint(
                fields=("credential",), condition=Q(state=ProceedingState.OPEN), name="proceeding_open_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=ProceedingState.REVOKED) | ~Q(decided_by=F("opened_by")),
                name="proceeding_decided_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(state=ProceedingState.OPEN, decided_by=None, decided_at=None)
                | (~Q(state=ProceedingState.OPEN) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="proceeding_decided_iff_dated",
            ),
        )

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.state}"
