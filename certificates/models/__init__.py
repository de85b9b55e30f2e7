from certificates.models.credentials import Copy, Credential, NumberSeries, StatusEvent
from certificates.models.designs import CertificateTemplate
from certificates.models.files import Artifact, RenderJob
from certificates.models.legacy import LegacyBatch, LegacyPaper
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
    "LegacyBatch",
    "LegacyPaper",
    "Lookup",
    "NumberSeries",
    "Proposal",
    "ProposalRow",
    "RenderJob",
    "StatusEvent",
    "Term",
]
