"""Helping a trainee who lost the password, at the desk of the center where they learn; and a colleague."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import RecoveryState


class PasswordRecovery(models.Model):
    """One member of staff compared the identity card and asks for a new password; another one compares again and gives it."""

    center_path = "center"
    person_path = "user__person"

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="recoveries", verbose_name=_("login")
    )
    # None: of staff of the ministry.
    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, null=True, related_name="recoveries", verbose_name=_("center")
    )
    state = models.CharField(
        _("state"), max_length=8, choices=RecoveryState, default=RecoveryState.ASKED, editable=False
    )
    reason = models.CharField(_("reason"), max_length=200)
    asked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("requested by"), editable=False
    )
    asked_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
        editable=False,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)

    class Meta:
        ordering = ("-asked_at", "pk")
        verbose_name = _("lost password")
        verbose_name_plural = _("lost passwords")
        constraints = (
            models.UniqueConstraint(
                fields=("user",), condition=Q(state=RecoveryState.ASKED), name="password_recovery_asked_once"
            ),
            models.CheckConstraint(
                name="password_recovery_takes_two",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
        )

    def __str__(self) -> str:
        return str(self.user)
