"""Offers a role to a person whom the center does not know; the person's consent makes it one."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import Act, LoginNoticeKind, OfferState, RoleName
from accounts.errors import DomainError
from accounts.models import Center, Membership, RoleOffer, User
from accounts.roles import ROLES
from accounts.scoping import may
from accounts.services.login_notices import notify_holder
from accounts.services.logins import normalize_login
from accounts.services.memberships import give_role_with_consent

OPEN_FOR = dt.timedelta(days=14)
# Unanswered offers of one center: a user who enters many numbers is probing which ones have a login.
MOST_OPEN = 50


class OfferOutOfReach(DomainError):
    message = _("You may offer roles of a center, in your own center only.")


class OfferedAlready(DomainError):
    message = _("This role is already offered to this login. Its holder has 14 days to answer.")


class TooManyOffers(DomainError):
    message = _("Your center has too many offers without an answer. Take some back first.")


class OfferOver(DomainError):
    message = _("This offer is over. Ask the center to offer the role again.")


@transaction.atomic
def offer_role(*, typed: str, role: RoleName | str, center: Center, reason: str, by: User) -> RoleOffer:
    """Ask the holder of the login called `typed` to take a role; nothing discloses to the center whether there is such a login.

    Raises `OfferOutOfReach`, `TooManyOffers`, `OfferedAlready`.
    """
    _require_reach(RoleName(role), center, by)
    Center.objects.select_for_update(of=("self",), no_key=True).get(pk=center.pk)
    expire_offers(center=center)
    if RoleOffer.objects.filter(center=center, state=OfferState.WAITING).count() >= MOST_OPEN:
        raise TooManyOffers
    login = normalize_login(typed)
    user = User.objects.filter(Q(username=login) | Q(phone=login) | Q(email=login), is_active=True).first()
    try:
        with transaction.atomic():
            offer = RoleOffer.objects.create(
                typed=login, user=user, role=role, center=center, reason=reason, offered_by=by
            )
    except IntegrityError as offered:
        raise OfferedAlready from offered
    log(offer, "accounts.offer.make", user=by, data={"role": str(role), "reason": reason})
    if user is not None:
        notify_holder(user=user, kind=LoginNoticeKind.ROLE_OFFER, center=center)
    return offer


@transaction.atomic
def accept_offer(*, offer_id: int, by: User) -> Membership:
    """Take the role that was offered to `by`.

    Raises `OfferOver`, `RolesConflict`, `RoleAlreadyHeld`.
    """
    offer = _locked(offer_id, by)
    # Who offered it may have lost the right to, meanwhile.
    if not may(offer.offered_by, Act.MANAGE_MEMBERS, on=offer.center):
        raise OfferOver
    membership = give_role_with_consent(
        user_id=by.pk,
        role=RoleName(offer.role),
        center=offer.center,
        reason=offer.reason,
        by=offer.offered_by,
    )
    _answer(offer, OfferState.ACCEPTED)
    log(offer, "accounts.offer.accept", user=by, data={"membership": membership.pk})
    return membership


@transaction.atomic
def decline_offer(*, offer_id: int, by: User) -> RoleOffer:
    """Raises `OfferOver`."""
    offer = _locked(offer_id, by)
    _answer(offer, OfferState.DECLINED)
    log(offer, "accounts.offer.decline", user=by)
    return offer


@transaction.atomic
def withdraw_offer(*, offer_id: int, by: User) -> RoleOffer:
    """Take an offer of the own center back. Raises `OfferOutOfReach`, `OfferOver`."""
    offer = RoleOffer.objects.select_for_update(of=("self",)).select_related("center").get(pk=offer_id)
    _require_reach(RoleName(offer.role), offer.center, by)
    if offer.state != OfferState.WAITING:
        raise OfferOver
    _answer(offer, OfferState.WITHDRAWN)
    log(offer, "accounts.offer.withdraw", user=by)
    return offer


def offers_for(user: User) -> QuerySet[RoleOffer]:
    """What waits for the answer of `user`, the newest first."""
    return open_offers(RoleOffer.objects.filter(user=user)).select_related("center", "offered_by")


def open_offers(offers: QuerySet[RoleOffer]) -> QuerySet[RoleOffer]:
    return offers.filter(state=OfferState.WAITING, offered_at__gt=timezone.now() - OPEN_FOR)


def expire_offers(*, center: Center) -> None:
    """Close what was not answered in time."""
    RoleOffer.objects.filter(
        center=center, state=OfferState.WAITING, offered_at__lte=timezone.now() - OPEN_FOR
    ).update(state=OfferState.LAPSED)


def _require_reach(role: RoleName, center: Center, by: User) -> None:
    if not ROLES[role].is_local or not may(by, Act.MANAGE_MEMBERS, on=center):
        raise OfferOutOfReach


def _locked(offer_id: int, by: User) -> RoleOffer:
    offer = (
        RoleOffer.objects.select_for_update(of=("self",))
        .select_related("center", "offered_by")
        .get(pk=offer_id, user=by)
    )
    if not open_offers(RoleOffer.objects.filter(pk=offer.pk)).exists():
        raise OfferOver
    return offer


def _answer(offer: RoleOffer, state: OfferState) -> None:
    offer.state, offer.answered_at = state, timezone.now()
    offer.save(update_fields=["state", "answered_at"])
