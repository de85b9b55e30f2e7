"""The verbs of issuing."""

from certificates.services.issuing import revoke
from certificates.services.keys import (
    import_key,
    make_demo_keys,
    mark_compromised,
    retire_key,
    rotate_key,
)
from certificates.services.proposals import approve, note_candidate, propose, reject
from certificates.services.rendering import render_certificate, retry_rendering, sweep_render_jobs
from certificates.services.signers import archive_seal, pdf_sealer, signer_for
from certificates.services.verification import Verification, forget_old_lookups, too_many_lookups, verify

__all__ = [
    "Verification",
    "approve",
    "archive_seal",
    "forget_old_lookups",
    "import_key",
    "make_demo_keys",
    "mark_compromised",
    "note_candidate",
    "pdf_sealer",
    "propose",
    "reject",
    "render_certificate",
    "retire_key",
    "retry_rendering",
    "revoke",
    "rotate_key",
    "signer_for",
    "sweep_render_jobs",
    "too_many_lookups",
    "verify",
]
