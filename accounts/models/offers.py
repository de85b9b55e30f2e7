"""Roles that a center offers to people whom it does not know: they begin when the person accepts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import OfferState, RoleName


class RoleOffer(models.Model):
    """Keeps and shows what was typed. The center learns whether a login uses it when the holder accepts."""

    center_path = "center"

    typed = models.CharField(_("login"), max_length=254)
    user = models.ForeignKey(
        "accounts.User",
        models.CASCADE,
        null=True,
        related_name="role_offers",
        verbose_name=_("login"),
        editable=False,
    )
    role = models.CharField(_("role"), max_length=20, choices=RoleName)
    center = models.ForeignKey("accounts.Center", models.PROTECT, related_name="+", verbose_name=_("center"))
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(
        _("state"), max_length=9, choices=OfferState, default=OfferState.WAITING, editable=False
    )
    offered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("offered by"), editable=False
    )
    offered_at = models.DateTimeField(_("offered at"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    class Meta:
        ordering = ("-offered_at", "pk")
        verbose_name = _("offered role")
        verbose_name_plural = _("offered roles")
        constraints = (
            models.UniqueConstraint(
                fields=("typed", "role", "center"),
                condition=Q(state=OfferState.WAITING),
                name="role_offered_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.typed} · {self.get_role_display()}"
