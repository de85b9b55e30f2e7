"""The verbs of issuing."""

from certificates.services.issuing import revoke
from certificates.services.proposals import approve, note_candidate, propose, reject
from certificates.services.rendering import render_certificate, retry_rendering, sweep_render_jobs
from certificates.services.verification import Verification, forget_old_lookups, too_many_lookups, verify

__all__ = [
    "Verification",
    "approve",
    "forget_old_lookups",
    "note_candidate",
    "propose",
    "reject",
    "render_certificate",
    "retry_rendering",
    "revoke",
    "sweep_render_jobs",
    "too_many_lookups",
    "verify",
]
