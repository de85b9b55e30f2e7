"""Which role a login holds, and where."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import MembershipScope, RoleName


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        today = timezone.localdate()
        return self.filter(models.Q(until__isnull=True) | models.Q(until__gte=today), since__lte=today)


class Membership(models.Model):
    """A role in one place. Role and place are read from the same row: a manager of A who teaches in B manages
    nothing in B."""

    center_path = "center"
    person_path = "user__person"

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="memberships", verbose_name=_("login")
    )
    role = models.CharField(_("role"), max_length=20, choices=RoleName)
    scope = models.CharField(
        _("scope"), max_length=12, choices=MembershipScope, default=MembershipScope.CENTER
    )
    governorate = models.ForeignKey(
        "accounts.Governorate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("governorate"),
    )
    center = models.ForeignKey(
        "accounts.Center",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("center"),
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("user_id", "role", "pk")
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            models.CheckConstraint(
                name="membership_scope_matches_its_place",
                condition=models.Q(
                    scope=MembershipScope.MINISTRY, governorate__isnull=True, center__isnull=True
                )
                | models.Q(scope=MembershipScope.GOVERNORATE, governorate__isnull=False, center__isnull=True)
                | models.Q(scope=MembershipScope.CENTER, governorate__isnull=True, center__isnull=False),
                violation_error_message=_("Choose the place that belongs to the scope, and no other."),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                violation_error_message=_("A membership cannot end before it begins."),
            ),
            models.UniqueConstraint(
                fields=("user", "role", "scope", "governorate", "center"),
                condition=models.Q(until__isnull=True),
                nulls_distinct=False,
                name="membership_open_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.center or self.governorate or self.get_scope_display()}"
