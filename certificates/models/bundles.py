"""Bundles: files for staff with many certificates. They can be made again at any time, so they expire."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.enums import BundleKind
from jobs.enums import JobState
from jobs.models import LeasedJob


class Bundle(LeasedJob):
    """The certificates of a proposal in one file: requested by staff, made by a task, deleted after some days."""

    center_path = "proposal__center"
    task_name = "certificates.make_bundle"
    # The lease: ten thousand files take minutes.
    lease = dt.timedelta(hours=1)
    about_related = ("proposal__cohort", "proposal__center")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = models.ForeignKey(
        "certificates.Proposal", models.PROTECT, related_name="bundles", verbose_name=_("proposal")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=BundleKind)
    # Name inside the private storage; empty until it is ready.
    path = models.CharField(_("file"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    papers = models.PositiveIntegerField(_("certificates"), default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    requested_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    class Meta(LeasedJob.Meta):
        ordering = ("proposal_id", "kind")
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")
        constraints = (
            *LeasedJob.Meta.constraints,
            models.UniqueConstraint(fields=("proposal", "kind"), name="bundle_once"),
            models.CheckConstraint(
                condition=~Q(state=JobState.DONE) | (~Q(path="") & Q(expires_at__isnull=False)),
                name="bundle_ready_has_a_file_and_an_end",
            ),
        )

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.kind}"

    @property
    def about(self) -> str:
        proposal = self.proposal
        return proposal.cohort.code if proposal.cohort else proposal.center.code
