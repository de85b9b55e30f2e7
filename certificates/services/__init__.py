"""The verbs of issuing."""

from certificates.services.deciding import approve, is_confirmed, reject
from certificates.services.keys import (
    import_key,
    make_demo_keys,
    mark_compromised,
    retire_key,
    rotate_key,
)
from certificates.services.proposing import (
    note_candidate,
    propose,
    propose_correction,
    propose_on_basis,
    propose_renewal,
)
from certificates.services.rendering import render_certificate, retry_rendering, sweep_render_jobs
from certificates.services.rules import set_issuing_rule
from certificates.services.signers import archive_seal, pdf_sealer, signer_for
from certificates.services.statuses import issue_copy, reinstate, revoke, suspend
from certificates.services.verification import Verification, forget_old_lookups, too_many_lookups, verify

__all__ = [
    "Verification",
    "approve",
    "archive_seal",
    "forget_old_lookups",
    "is_confirmed",
    "issue_copy",
    "import_key",
    "make_demo_keys",
    "mark_compromised",
    "note_candidate",
    "pdf_sealer",
    "propose",
    "propose_correction",
    "propose_on_basis",
    "propose_renewal",
    "reinstate",
    "reject",
    "render_certificate",
    "retire_key",
    "retry_rendering",
    "revoke",
    "set_issuing_rule",
    "suspend",
    "rotate_key",
    "signer_for",
    "sweep_render_jobs",
    "too_many_lookups",
    "verify",
]
