from certificates.models.credentials import Copy, Credential, NumberSeries, StatusEvent
from certificates.models.designs import CertificateTemplate
from certificates.models.files import Artifact, RenderJob
from certificates.models.keys import SigningKey
from certificates.models.lookups import Lookup
from certificates.models.proposals import Candidate, Proposal, ProposalRow
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
    "Lookup",
    "NumberSeries",
    "Proposal",
    "ProposalRow",
    "RenderJob",
    "SigningKey",
    "StatusEvent",
    "Term",
]
