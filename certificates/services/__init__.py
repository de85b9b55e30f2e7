"""The verbs of issuing."""

from certificates.services.deciding import approve, is_confirmed, reject
from certificates.services.designs import assets_of, freeze_design, install_designs
from certificates.services.proposing import (
    note_candidate,
    propose,
    propose_correction,
    propose_on_basis,
    propose_renewal,
)
from certificates.services.rendering import render_certificate, retry_rendering, sweep_render_jobs
from certificates.services.rules import set_issuing_rule
from certificates.services.statuses import issue_copy, reinstate, revoke, suspend
from certificates.services.verification import Verification, forget_old_lookups, too_many_lookups, verify

__all__ = [
    "Verification",
    "approve",
    "assets_of",
    "forget_old_lookups",
    "freeze_design",
    "install_designs",
    "is_confirmed",
    "issue_copy",
    "note_candidate",
    "propose",
    "propose_correction",
    "propose_on_basis",
    "propose_renewal",
    "reinstate",
    "reject",
    "render_certificate",
    "retry_rendering",
    "revoke",
    "set_issuing_rule",
    "suspend",
    "sweep_render_jobs",
    "too_many_lookups",
    "verify",
]
