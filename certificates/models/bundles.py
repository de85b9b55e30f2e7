"""Files for staff made of many certificates. They can be made again at any time, so they are not kept."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.enums import BundleKind, RenderState


class Bundle(models.Model):
    """The certificates of a proposal in one file: asked for by staff, made by a task, forgotten after some days."""

    center_path = "proposal__center"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    proposal = models.ForeignKey(
        "certificates.Proposal", models.PROTECT, related_name="bundles", verbose_name=_("proposal")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=BundleKind)
    state = models.CharField(_("state"), max_length=8, choices=RenderState, default=RenderState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    # Name inside the private storage; empty until it is ready.
    path = models.CharField(_("file"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    papers = models.PositiveIntegerField(_("certificates"), default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    rung_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    class Meta:
        ordering = ("proposal_id", "kind")
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")
        constraints = (
            models.UniqueConstraint(fields=("proposal", "kind"), name="bundle_once"),
            models.CheckConstraint(
                condition=~Q(state=RenderState.DONE) | (~Q(path="") & Q(expires_at__isnull=False)),
                name="bundle_ready_has_a_file_and_an_end",
            ),
        )

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.kind}"

    @property
    def is_open(self) -> bool:
        return self.state in {RenderState.WAITING, RenderState.RUNNING}
