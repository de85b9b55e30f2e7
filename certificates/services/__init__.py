"""The verbs of issuing."""

from certificates.services.allowances import seconds_to_wait
from certificates.services.checking import FileCheck, check_file
from certificates.services.deciding import approve, is_confirmed, reject
from certificates.services.keys import (
    import_key,
    make_demo_keys,
    mark_compromised,
    retire_key,
    rotate_key,
)
from certificates.services.lists import codes_in, csv_of, verify_list
from certificates.services.offline import offline_address, sealed_key_set, sealed_status_list
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
from certificates.services.verification import (
    Verification,
    forget_old_lookups,
    look_up,
    note_lookup,
    too_many_lookups,
    verify,
)

__all__ = [
    "FileCheck",
    "Verification",
    "approve",
    "archive_seal",
    "check_file",
    "codes_in",
    "csv_of",
    "forget_old_lookups",
    "import_key",
    "is_confirmed",
    "issue_copy",
    "look_up",
    "make_demo_keys",
    "mark_compromised",
    "note_candidate",
    "note_lookup",
    "offline_address",
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
    "rotate_key",
    "sealed_key_set",
    "sealed_status_list",
    "seconds_to_wait",
    "set_issuing_rule",
    "signer_for",
    "suspend",
    "sweep_render_jobs",
    "too_many_lookups",
    "verify",
    "verify_list",
]
