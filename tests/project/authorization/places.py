"""Permissions computed in plain Python from `accounts.rule` and `accounts.roles`.

It uses no query of the site, so that an error there is not repeated here.
"""

from typing import NamedTuple

from accounts.enums import Act, MembershipScope, RoleName
from accounts.models import Center
from accounts.roles import ROLES
from accounts.rule import RULE


class Place(NamedTuple):
    """Where a row belongs: keys of a center and its governorate; both None for what is the ministry's."""

    center: int | None = None
    governorate: int | None = None

    @classmethod
    def of(cls, center: Center | None) -> "Place":
        return cls(center.pk, center.governorate_id) if center else MINISTRY


MINISTRY = Place()

# Rows that belong to no center.
OF_THE_MINISTRY = {
    "assessment.Regrade",
    "accounts.VisualIdentity",
    "courses.Holiday",
    "courses.SkillLevel",
    "courses.SynonymGroup",
    "certificates.CertificateTemplate",
    "certificates.CredentialType",
    "certificates.IssuingRule",
    "certificates.Term",
    "certificates.Fee",
    "certificates.ApiClient",
    "certificates.Webhook",
    "certificates.WebhookDelivery",
}
# What a deputy is never lent.
KEPT = {Act.MANAGE_MEMBERS, Act.HELP_TRAINEES_IN}
# The ministry's library is for the authors of all centers to choose from.
SHARED = {("wagtailimages.Image", "choose"), ("wagtaildocs.Document", "choose")}


class Holding(NamedTuple):
    """A role and where it is held, as an own one or as a deputy."""

    role: RoleName
    place: Place
    scope: MembershipScope
    is_lent: bool = False

    @property
    def acts(self) -> frozenset[Act]:
        return ROLES[self.role].acts - KEPT if self.is_lent else ROLES[self.role].acts

    def reaches(self, place: Place) -> bool:
        match self.scope:
            case MembershipScope.MINISTRY:
                return True
            case MembershipScope.GOVERNORATE:
                return place.governorate is not None and place.governorate == self.place.governorate
        return place.center is not None and place.center == self.place.center


def holds(holdings: tuple[Holding, ...], act: Act, place: Place | None) -> bool:
    """Whether one of the roles gives `act` at `place`; anywhere where it is None."""
    return any(act in holding.acts and (place is None or holding.reaches(place)) for holding in holdings)


def allows(holdings: tuple[Holding, ...], label: str, verb: str, place: Place | None) -> bool:
    """Whether the rule allows `verb` on a row of `label` at `place`; without a row anywhere."""
    act = RULE[label][verb].act
    if place == MINISTRY and (label, verb) in SHARED:
        place = None
    return holds(holdings, act, place)
