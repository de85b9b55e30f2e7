"""Who stood behind a login of staff, and whose card was compared; and roles that two people give."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import HandKind, MembershipScope, RecoveryState, RoleName


class LoginHandQuerySet(models.QuerySet["LoginHand"]):
    def open(self) -> "LoginHandQuerySet":
        """Those who stand behind a login whose card no one has compared since, also where they do not count yet."""
        return self.filter(ended_at=None, kind__in=HandKind.behind())

    def counting(self) -> "LoginHandQuerySet":
        return self.open().filter(counts_from__lte=timezone.now())

    def vouched(self) -> "LoginHandQuerySet":
        """That a card was compared, or that its holder is from before and has some days left for that."""
        before = Q(kind=HandKind.BEFORE, counts_from__gt=timezone.now())
        return self.filter(Q(kind=HandKind.CARD) | before)


class LoginHand(models.Model):
    """One fact about a login: who made it, gave it a role or a password, or compared the card of its holder.

    Rows are added and never taken away. The comparison of a card ends what lies before it.
    """

    login = models.ForeignKey("accounts.User", models.CASCADE, related_name="hands", verbose_name=_("login"))
    # None: by a command on the server, or by those who worked here before the rule.
    hand = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    kind = models.CharField(_("what was done"), max_length=8, choices=HandKind)
    at = models.DateTimeField(default=timezone.now)
    # Later than `at` for what was done before the rule.
    counts_from = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = LoginHandQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand behind a login")
        verbose_name_plural = _("hands behind logins")
        constraints = (
            models.CheckConstraint(
                name="hand_of_another_login", condition=Q(hand=None) | ~Q(hand=models.F("login"))
            ),
            models.CheckConstraint(
                name="hand_is_named",
                condition=Q(hand__isnull=False) | Q(kind__in=(HandKind.CARD, HandKind.BEFORE)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.login} · {self.get_kind_display()}"


class RoleRequest(models.Model):
    """A role that gives roles: one member of staff asks for it, another one gives it."""

    center_path = "center"
    person_path = "user__person"

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="role_requests", verbose_name=_("login")
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
        related_name="+",
        verbose_name=_("governorate"),
    )
    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("center")
    )
    until = models.DateField(_("last day"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(
        _("state"), max_length=8, choices=RecoveryState, default=RecoveryState.ASKED, editable=False
    )
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
        verbose_name = _("role that two people give")
        verbose_name_plural = _("roles that two people give")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "role", "scope", "governorate", "center"),
                condition=Q(state=RecoveryState.ASKED),
                nulls_distinct=False,
                name="role_asked_once",
            ),
            models.CheckConstraint(
                name="role_request_takes_two",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
