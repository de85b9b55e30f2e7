"""Credentials with a proof inside, made on request: they take milliseconds where a token takes microseconds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.enums import ProofState


class ProofJob(models.Model):
    """The making of one credential with a Data Integrity proof, and the credential once it is made."""

    center_path = "credential__center"

    credential = models.OneToOneField(
        "certificates.Credential", models.PROTECT, related_name="proof_job", verbose_name=_("certificate")
    )
    state = models.CharField(_("state"), max_length=7, choices=ProofState, default=ProofState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    document = models.JSONField(_("credential with its proof"), null=True, blank=True)
    key_id = models.CharField(_("key"), max_length=60, blank=True)
    asked_at = models.DateTimeField(_("asked at"))

    class Meta:
        verbose_name = _("Data Integrity proof")
        verbose_name_plural = _("Data Integrity proofs")
        indexes = (
            models.Index(
                fields=("asked_at",),
                condition=models.Q(state__in=[ProofState.WAITING, ProofState.RUNNING]),
                name="proof_job_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.state}"
