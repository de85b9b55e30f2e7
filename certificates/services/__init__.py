"""The verbs of issuing."""

from certificates.services.bundles import ask_for_bundle, make_bundle, sweep_bundles
from certificates.services.deciding import approve, is_confirmed, reject
from certificates.services.designs import assets_of, freeze_design, install_designs
from certificates.services.keys import (
    import_key,
    make_demo_keys,
    mark_compromised,
    retire_key,
    rotate_key,
)
from certificates.services.notices import deliver_notices, plan_reminders, send_failed_again
from certificates.services.proposing import (
    note_candidate,
    propose,
    propose_correction,
    propose_on_basis,
    propose_renewal,
)
from certificates.services.rendering import (
    render_certificate,
    render_certificates,
    retry_failed,
    retry_rendering,
    sweep_render_jobs,
)
from certificates.services.rules import set_issuing_rule
from certificates.services.signers import archive_seal, pdf_sealer, signer_for
from certificates.services.statuses import issue_copy, reinstate, revoke, suspend
from certificates.services.verification import Verification, forget_old_lookups, too_many_lookups, verify

__all__ = [
    "Verification",
    "approve",
    "archive_seal",
    "ask_for_bundle",
    "assets_of",
    "deliver_notices",
    "forget_old_lookups",
    "freeze_design",
    "import_key",
    "install_designs",
    "is_confirmed",
    "issue_copy",
    "make_bundle",
    "make_demo_keys",
    "mark_compromised",
    "note_candidate",
    "pdf_sealer",
    "plan_reminders",
    "propose",
    "propose_correction",
    "propose_on_basis",
    "propose_renewal",
    "reinstate",
    "reject",
    "render_certificate",
    "render_certificates",
    "retire_key",
    "retry_failed",
    "retry_rendering",
    "revoke",
    "rotate_key",
    "send_failed_again",
    "set_issuing_rule",
    "signer_for",
    "suspend",
    "sweep_bundles",
    "sweep_render_jobs",
    "too_many_lookups",
    "verify",
]
