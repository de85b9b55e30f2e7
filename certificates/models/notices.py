"""What holders are told about their certificates."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.enums import NoticeKind, NoticeState


class Notice(models.Model):
    """One sentence to the holder about one certificate: written with the fact, sent once."""

    center_path = "credential__center"

    credential = models.ForeignKey(
        "certificates.Credential", models.PROTECT, related_name="notices", verbose_name=_("certificate")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind)
    state = models.CharField(_("state"), max_length=8, choices=NoticeState, default=NoticeState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Not before: now, or after a pause where sending failed or somebody is sending it.
    due_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(_("error"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("credential_id", "pk")
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = (
            models.UniqueConstraint(fields=("credential", "kind"), name="certificate_notice_once"),
        )
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=Q(state=NoticeState.WAITING),
                name="certificate_notice_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.kind}"
