"""Credentials with a Data Integrity proof, made on request: one takes milliseconds, a token takes microseconds."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from jobs.models import LeasedJob


class ProofJob(LeasedJob):
    """The job that makes one credential with a Data Integrity proof, and its result."""

    center_path = "credential__center"
    task_name = "certificates.prove"
    lease = dt.timedelta(minutes=2)
    grace = dt.timedelta(seconds=30)
    about_related = ("credential",)

    credential = models.OneToOneField(
        "certificates.Credential", models.PROTECT, related_name="proof_job", verbose_name=_("certificate")
    )
    document = models.JSONField(_("credential with its proof"), null=True, blank=True)
    key_id = models.CharField(_("key"), max_length=60, blank=True)

    class Meta(LeasedJob.Meta):
        verbose_name = _("Data Integrity proof")
        verbose_name_plural = _("Data Integrity proofs")

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.state}"

    @property
    def about(self) -> str:
        return self.credential.number
