from certificates.models.bundles import Bundle
from certificates.models.credentials import Copy, Credential, NumberSeries, StatusEvent
from certificates.models.designs import CertificateTemplate, DesignAsset, FrozenDesign
from certificates.models.files import Artifact, RenderJob
from certificates.models.keys import SigningKey
from certificates.models.lookups import Lookup
from certificates.models.notices import Notice
from certificates.models.proposals import Candidate, Proposal, ProposalRow
from certificates.models.types import CredentialType, Fee, IssuingRule, Term

__all__ = [
    "Artifact",
    "Bundle",
    "Candidate",
    "CertificateTemplate",
    "Copy",
    "Credential",
    "CredentialType",
    "DesignAsset",
    "Fee",
    "FrozenDesign",
    "IssuingRule",
    "Lookup",
    "Notice",
    "NumberSeries",
    "Proposal",
    "ProposalRow",
    "RenderJob",
    "SigningKey",
    "StatusEvent",
    "Term",
]
