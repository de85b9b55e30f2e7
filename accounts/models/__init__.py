from accounts.models.audit import AuditedModelLogEntry, AuditedPageLogEntry, AuditEntry, AuditSeal
from accounts.models.challenges import ContactChallenge
from accounts.models.consents import Consent
from accounts.models.contacts import Contact
from accounts.models.content import CenterLibrary, ContentOwner
from accounts.models.courtesies import DeclinedNotice
from accounts.models.data_requests import DataRequest
from accounts.models.deliveries import Delivery, SmsMonth
from accounts.models.digests import Digest, DigestNotice, DigestRun, GatheredNotice
from accounts.models.hands import LoginHand, RoleRequest
from accounts.models.identity import VisualIdentity
from accounts.models.logins import User
from accounts.models.memberships import Deputy, HeldRole, Membership, MembershipQuerySet
from accounts.models.merges import MergedRow, PersonMerge
from accounts.models.notes import PersonNote
from accounts.models.notices import EarlierNumberNotice, LoginNotice, PersonalNotice
from accounts.models.offers import RoleOffer
from accounts.models.people import IdentityDocument, Person
from accounts.models.photos import PersonPhoto
from accounts.models.places import Center, Governorate
from accounts.models.recoveries import PasswordRecovery
from accounts.models.saved_views import SavedView
from accounts.models.sessions import LoginSession
from accounts.models.site_notices import SiteNotice
from accounts.models.view_as import ViewAs

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "AuditedModelLogEntry",
    "AuditedPageLogEntry",
    "Center",
    "CenterLibrary",
    "Consent",
    "Contact",
    "ContactChallenge",
    "ContentOwner",
    "DataRequest",
    "DeclinedNotice",
    "Delivery",
    "Deputy",
    "Digest",
    "DigestNotice",
    "DigestRun",
    "EarlierNumberNotice",
    "GatheredNotice",
    "Governorate",
    "HeldRole",
    "IdentityDocument",
    "LoginHand",
    "LoginNotice",
    "LoginSession",
    "Membership",
    "MembershipQuerySet",
    "MergedRow",
    "PasswordRecovery",
    "Person",
    "PersonMerge",
    "PersonNote",
    "PersonPhoto",
    "PersonalNotice",
    "RoleOffer",
    "RoleRequest",
    "SavedView",
    "SiteNotice",
    "SmsMonth",
    "User",
    "ViewAs",
    "VisualIdentity",
]
