from certificates.models.credentials import Artifact, Credential, NumberSeries, RenderJob, StatusEvent
from certificates.models.designs import CertificateTemplate
from certificates.models.keys import SigningKey
from certificates.models.lookups import Lookup
from certificates.models.proposals import Candidate, Proposal, ProposalRow

__all__ = [
    "Artifact",
    "Candidate",
    "CertificateTemplate",
    "Credential",
    "Lookup",
    "NumberSeries",
    "Proposal",
    "ProposalRow",
    "RenderJob",
    "SigningKey",
    "StatusEvent",
]
