"""Second factors of logins: noted when their holder sets one up or removes it, taken away by staff where it was lost."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import LoginNoticeKind
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping.second_factor import second_factors
from accounts.services.login_notices import notify_holder
from accounts.services.logins import lock_within_reach
from accounts.services.sessions import raise_generation


class NoSecondFactor(DomainError):
    message = _("This login has no second factor.")


@transaction.atomic
def note_factor_added(*, user: User, kind: str) -> None:
    """Log it and notify the holder. `kind` is one of `Authenticator.Type`."""
    notify_holder(user=user, kind=LoginNoticeKind.FACTOR_ADDED, center=None)
    log(user, "accounts.login.add_factor", user=user, data={"kind": kind})


@transaction.atomic
def note_factor_removed(*, user: User, kind: str) -> None:
    notify_holder(user=user, kind=LoginNoticeKind.FACTOR_REMOVED, center=None)
    log(user, "accounts.login.remove_factor", user=user, data={"kind": kind})


def note_recovery_code_used(*, user: User) -> None:
    """Log that a recovery code was used instead of the second factor."""
    log(user, "accounts.login.use_recovery_code", user=user)


@transaction.atomic
def remove_second_factors(*, user_id: int, reason: str, by: User | None) -> User:
    """Take a lost second factor from another login, its recovery codes too; its sessions end, and its holder is told.

    The next login with the password sets up a new one where the role needs it. `by` is None for the operator on the machine.
    Raises `OwnLogin`, `LoginOutOfReach`, `NoSecondFactor`.
    """
    if by is None:
        user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    else:
        user = lock_within_reach(user_id, by=by)
    if not second_factors(user).exists():
        raise NoSecondFactor
    Authenticator.objects.filter(user=user).delete()
    raise_generation(user)
    notify_holder(user=user, kind=LoginNoticeKind.FACTOR_REMOVED, center=None)
    log(user, "accounts.login.remove_factor", user=by, data={"reason": reason})
    return user
