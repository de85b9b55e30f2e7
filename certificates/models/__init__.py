from certificates.models.credentials import Copy, Credential, NumberSeries, StatusEvent
from certificates.models.designs import CertificateTemplate
from certificates.models.files import Artifact, RenderJob
from certificates.models.keys import SigningKey
from certificates.models.lookups import Lookup
from certificates.models.passports import Passport
from certificates.models.proposals import Candidate, Proposal, ProposalRow
from certificates.models.sharing import LinkOpening, ShareLink
from certificates.models.types import CredentialType, Fee, IssuingRule, Term

__all__ = [
    "Artifact",
    "Candidate",
    "CertificateTemplate",
    "Copy",
    "Credential",
    "CredentialType",
    "Fee",
    "IssuingRule",
    "LinkOpening",
    "Lookup",
    "NumberSeries",
    "Passport",
    "Proposal",
    "ProposalRow",
    "RenderJob",
    "ShareLink",
    "SigningKey",
    "StatusEvent",
    "Term",
]
