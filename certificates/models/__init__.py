"""None"""

from certificates.models.bundles import (
    Bundle,
)
from certificates.models.clients import (
    ApiClient,
    ApiUse,
)
from certificates.models.credentials import (
    Copy,
    Credential,
    NumberSeries,
    StatusEvent,
)
from certificates.models.designs import (
    CertificateTemplate,
    DesignAsset,
    FrozenDesign,
)
from certificates.models.doubts import (
    CredentialDoubt,
    Proceeding,
)
from certificates.models.fees import (
    SettledFee,
)
from certificates.models.files import (
    Artifact,
    RenderJob,
)
from certificates.models.keys import (
    KeyRollover,
    SigningKey,
)
from certificates.models.legacy import (
    LegacyBatch,
    LegacyPaper,
)
from certificates.models.lookups import (
    Lookup,
)
from certificates.models.notices import (
    FeeNotice,
    Notice,
)
from certificates.models.passports import (
    Passport,
)
from certificates.models.printouts import (
    Collection,
    Printout,
)
from certificates.models.proofs import (
    ProofJob,
)
from certificates.models.proposals import (
    Proposal,
    ProposalRow,
)
from certificates.models.security_paper import (
    Sheet,
    SheetDelivery,
)
from certificates.models.sharing import (
    LinkOpening,
    ShareLink,
)
from certificates.models.types import (
    CredentialType,
    Fee,
    IssuingRule,
    Term,
)
from certificates.models.webhooks import (
    Webhook,
    WebhookDelivery,
)

__all__ = [
    "ApiClient",
    "ApiUse",
    "Artifact",
    "Bundle",
    "CertificateTemplate",
    "Collection",
    "Copy",
    "Credential",
    "CredentialDoubt",
    "CredentialType",
    "DesignAsset",
    "Fee",
    "FeeNotice",
    "FrozenDesign",
    "IssuingRule",
    "KeyRollover",
    "LegacyBatch",
    "LegacyPaper",
    "LinkOpening",
    "Lookup",
    "Notice",
    "NumberSeries",
    "Passport",
    "Printout",
    "Proceeding",
    "ProofJob",
    "Proposal",
    "ProposalRow",
    "RenderJob",
    "SettledFee",
    "ShareLink",
    "Sheet",
    "SheetDelivery",
    "SigningKey",
    "StatusEvent",
    "Term",
    "Webhook",
    "WebhookDelivery",
]
