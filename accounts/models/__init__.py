from accounts.models.consents import Consent
from accounts.models.identity import VisualIdentity
from accounts.models.logins import User
from accounts.models.memberships import Membership
from accounts.models.notices import PersonalNotice
from accounts.models.people import IdentityDocument, Person
from accounts.models.places import Center, Governorate

__all__ = [
    "Center",
    "Consent",
    "Governorate",
    "IdentityDocument",
    "Membership",
    "Person",
    "PersonalNotice",
    "User",
    "VisualIdentity",
]
