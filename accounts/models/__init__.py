from accounts.models.audit import AuditedModelLogEntry, AuditedPageLogEntry, AuditEntry, AuditSeal
from accounts.models.consents import Consent
from accounts.models.identity import VisualIdentity
from accounts.models.logins import User
from accounts.models.memberships import Membership
from accounts.models.notices import LoginNotice, PersonalNotice
from accounts.models.people import IdentityDocument, Person
from accounts.models.places import Center, Governorate
from accounts.models.recoveries import PasswordRecovery

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "AuditedModelLogEntry",
    "AuditedPageLogEntry",
    "Center",
    "Consent",
    "Governorate",
    "IdentityDocument",
    "LoginNotice",
    "Membership",
    "PasswordRecovery",
    "Person",
    "PersonalNotice",
    "User",
    "VisualIdentity",
]
