"""Which role a login holds, and where: as its own, or lent for some days by a colleague."""

import datetime as dt
from collections.abc import Collection
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Act, DeputyState, MembershipScope, RoleName
from accounts.roles import NEVER_LENT, ROLES, acts_lent, roles_with


class HeldRole(NamedTuple):
    """A role that is held today; `center` and `governorate` are keys, None where the scope is another one."""

    role: RoleName
    scope: MembershipScope
    center: int | None
    governorate: int | None
    # Keys of the login and the person for whom a deputy holds it; None for an own role.
    lender: int | None = None
    lender_person: int | None = None

    @property
    def acts(self) -> frozenset[Act]:
        return ROLES[self.role].acts if self.lender is None else acts_lent(self.role)

    def covers(self, *, center: int, governorate: int) -> bool:
        """Whether it holds in a center, which lies in a governorate."""
        return (
            self.scope == MembershipScope.MINISTRY
            or (self.scope == MembershipScope.GOVERNORATE and self.governorate == governorate)
            or (self.scope == MembershipScope.CENTER and self.center == center)
        )


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, day: dt.date | None = None) -> "MembershipQuerySet":
        """What is in force today, or on `day`. A role that is lent is in force only as long as the lender's own is, and their login is open."""
        today = day or timezone.localdate()
        lenders = _lasting(today, "lent_from__") & models.Q(lent_from__user__is_active=True)
        lent = models.Q(ended_at=None) & lenders
        return self.filter(_lasting(today) & (models.Q(lent_from=None) | lent))

    def able_to(self, *acts: Act, roles: Collection[RoleName] | None = None) -> "MembershipQuerySet":
        """Those that allow one of `acts`. Some acts are never lent. With `roles`, of these roles only."""
        able = models.Q()
        for act in acts:
            named = models.Q(role__in=[role for role in roles_with(act) if roles is None or role in roles])
            able |= named & models.Q(lent_from=None) if act in NEVER_LENT else named
        return self.filter(able) if acts else self.none()

    def held(self) -> tuple[HeldRole, ...]:
        """As plain values, in one query."""
        rows = self.order_by("pk").values_list(
            "role", "scope", "center", "governorate", "lent_from__user", "lent_from__user__person"
        )
        return tuple(HeldRole(RoleName(role), MembershipScope(scope), *rest) for role, scope, *rest in rows)

    def own(self) -> "MembershipQuerySet":
        return self.filter(lent_from=None)

    def lent(self) -> "MembershipQuerySet":
        return self.filter(lent_from__isnull=False)


def in_force_on(day: dt.date, *acts: Act, roles: frozenset[RoleName] | None = None) -> MembershipQuerySet:
    """The memberships of all logins that are in force on `day`; with `acts`, those that allow one of them.

    The conditions are kept, and never rows: each request asks several times, and to put the conditions together takes longer than to ask.
    """
    # A query of its own for each caller: rows that one of them reads are not those of another.
    return _conditions_on(day, *acts, roles=roles).all()


@lru_cache(maxsize=256)
def _conditions_on(day: dt.date, *acts: Act, roles: frozenset[RoleName] | None = None) -> MembershipQuerySet:
    current = Membership.objects.current(day)
    return current.able_to(*acts, roles=roles) if acts else current


def _lasting(day: dt.date, path: str = "") -> models.Q:
    """Those whose days include `day`, at the end of `path`."""
    is_open = models.Q(**{f"{path}until__isnull": True}) | models.Q(**{f"{path}until__gte": day})
    return is_open & models.Q(**{f"{path}since__lte": day})


class Membership(models.Model):
    """A role in one place. Role and place are read from the same row: a manager of A who teaches in B manages
    nothing in B.

    A deputy has a row of their own that names the lender's (`lent_from`): the same role in the same place, for some days. So a query of
    memberships finds lent ones, too, and each check holds for deputies.
    """

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
    # Of deputies only. The lender's own membership: what is lent is not lent again.
    lent_from = models.ForeignKey(
        "self", models.CASCADE, null=True, editable=False, related_name="lent_to", verbose_name=_("acts for")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False, db_default="")
    named_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("named by"),
    )
    # The role and the place are words of the site: the audit trail names a row in the language of its reader.
    is_named_in_words = True

    # Before its last day, from this moment on. The days stay: what was done on them was done for the lender.
    ended_at = models.DateTimeField(_("ended early"), null=True, editable=False)

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
            models.CheckConstraint(
                name="membership_of_a_deputy_has_an_end",
                condition=models.Q(lent_from__isnull=True, ended_at__isnull=True, named_by__isnull=True)
                | models.Q(lent_from__isnull=False, until__isnull=False, named_by__isnull=False),
                violation_error_message=_("A deputy is named for some days."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.center or self.governorate or self.get_scope_display()}"


class DeputyManager(models.Manager.from_queryset(MembershipQuerySet)):  # type: ignore[misc]  # made at run time
    def get_queryset(self) -> MembershipQuerySet:
        return super().get_queryset().lent()


class Deputy(Membership):
    """A membership that is lent: its user acts for the one of `lent_from` in these days."""

    objects: ClassVar[Any] = DeputyManager()

    class Meta:
        proxy = True
        ordering = ("-since", "-pk")
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")

    def __str__(self) -> str:
        return f"{self.user} · {super().__str__()}"

    @property
    def lender(self) -> Any:
        return self.lent_from.user if self.lent_from else None

    @property
    def state(self) -> DeputyState:
        """As of today, and as of its dates: one whose lender's role or login ended is over, too (`ended_at`)."""
        today = timezone.localdate()
        if self.ended_at is not None or (self.until is not None and self.until < today):
            return DeputyState.OVER
        return DeputyState.AHEAD if self.since > today else DeputyState.IN_FORCE
