"""Ends what is lent to deputies, and tells both sides when it begins and ends."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import LoginNoticeKind, RoleName
from accounts.models import Deputy, LoginNotice, Membership, User
from accounts.signals import role_ended

# A deputy that began or ended is told within a day; what lies further back was told, and its notices may be purged.
TOLD_WITHIN = dt.timedelta(days=7)
AT_ONCE = 500


def lasting_deputies() -> QuerySet[Deputy]:
    """Those that are not over: in force or ahead."""
    return Deputy.objects.filter(ended_at=None, until__gte=timezone.localdate())


def end_lending(deputy: Deputy, *, reason: str, by: User | None) -> None:
    """End a locked row from now on. Its days stay, so that what was done on them counts as done for the lender. Sends `role_ended`."""
    deputy.ended_at = timezone.now()
    deputy.save(update_fields=["ended_at"])
    if deputy.since <= timezone.localdate():
        tell_ends([deputy])
    log(
        deputy,
        "accounts.deputy.end",
        user=by,
        data={"login": deputy.user_id, "lender": deputy.lender.pk, "reason": reason},
    )
    role_ended.send(sender=Membership, membership=deputy)


def end_lendings_of_role(membership: Membership, *, reason: str, by: User) -> None:
    """A role has ended: so do its deputies, and those for whom its holder acts, where the holder works nowhere any more."""
    ending = Q(lent_from=membership)
    works = Membership.objects.current().own().exclude(role=RoleName.TRAINEE).filter(user=membership.user_id)
    if not works.exists():
        ending |= Q(user=membership.user_id)
    _end_all(ending, reason=reason, by=by)


def end_lendings_of_login(user: User, *, reason: str, by: User | None) -> None:
    """A login was closed: it lends nothing, and acts for no one."""
    _end_all(Q(user=user) | Q(lent_from__user=user), reason=reason, by=by)


def _end_all(ending: Q, *, reason: str, by: User | None) -> None:
    rows = lasting_deputies().select_for_update(of=("self",)).filter(ending).order_by("pk")
    for deputy in rows.select_related("user", "lent_from__user", "center"):
        end_lending(deputy, reason=reason, by=by)


def tell_begins(deputies: Iterable[Deputy]) -> None:
    _write_notices(
        deputies, to_deputy=LoginNoticeKind.DEPUTY_BEGINS, to_lender=LoginNoticeKind.LENDING_BEGINS
    )


def tell_ends(deputies: Iterable[Deputy]) -> None:
    _write_notices(deputies, to_deputy=LoginNoticeKind.DEPUTY_ENDS, to_lender=LoginNoticeKind.LENDING_ENDS)


def tell_due_deputies() -> int:
    """Write the notices of deputies that began or ended by their dates. Safe to repeat; returns of how many deputies."""
    today = timezone.localdate()
    rows = Deputy.objects.select_related("lent_from")
    begun = rows.current().filter(since__gte=today - TOLD_WITHIN)
    ended = rows.filter(ended_at=None, until__lt=today, until__gte=today - TOLD_WITHIN)
    told = 0
    for due, kind, write in (
        (begun, LoginNoticeKind.DEPUTY_BEGINS, tell_begins),
        (ended, LoginNoticeKind.DEPUTY_ENDS, tell_ends),
    ):
        known = LoginNotice.objects.filter(kind=kind, deputy__isnull=False).values("deputy")
        untold = list(due.exclude(pk__in=known).order_by("pk")[:AT_ONCE])
        write(untold)
        told += len(untold)
    return told


def _write_notices(
    deputies: Iterable[Deputy], *, to_deputy: LoginNoticeKind, to_lender: LoginNoticeKind
) -> None:
    notices = [
        LoginNotice(user_id=login, kind=kind, deputy_id=deputy.pk, center_id=deputy.center_id)
        for deputy in deputies
        if deputy.lent_from is not None
        for kind, login in ((to_deputy, deputy.user_id), (to_lender, deputy.lent_from.user_id))
    ]
    # Written once: by the act or by the task.
    LoginNotice.objects.bulk_create(notices, ignore_conflicts=True)
