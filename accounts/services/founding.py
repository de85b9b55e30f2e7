"""The first two officers of a site: two named people, before there is anybody who could give them a role."""

from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import HandKind, MembershipScope, RoleName
from accounts.errors import DomainError
from accounts.models import Governorate, LoginHand, Membership, User
from accounts.services.staff_logins import create_staff_login


class SiteHasOfficers(DomainError):
    message = _("This site has a ministry officer. Two officers give the role to the next one.")


class Founder(NamedTuple):
    full_name_ar: str
    # Of the national card.
    number: str
    phone: str
    username: str = ""


@transaction.atomic
def found_site(*, first: Founder, second: Founder) -> tuple[User, User]:
    """Make two ministry officers, whose cards count as compared. Their logins have no password yet.

    Raises `SiteHasOfficers`, `PersonOfAnotherLogin` for one person twice, and what `create_staff_login` raises.
    """
    # One run at a time: these rows are on every site.
    list(Governorate.objects.select_for_update().order_by("pk")[:1])
    if Membership.objects.filter(role=RoleName.MINISTRY_OFFICER).exists():
        raise SiteHasOfficers
    return _officer(first), _officer(second)


def _officer(founder: Founder) -> User:
    user = create_staff_login(**founder._asdict(), by=None)
    held = Membership.objects.create(
        user=user, role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY
    )
    LoginHand.objects.create(login=user, kind=HandKind.CARD)
    log(held, "accounts.membership.give", data={"login": user.pk, "role": str(held.role), "reason": ""})
    log(user, "accounts.login.confirm_card")
    return user
