"""The verbs of issuing."""

from certificates.services.deciding import approve, is_confirmed, reject
from certificates.services.keys import (
    import_key,
    make_demo_keys,
    mark_compromised,
    retire_key,
    rotate_key,
)
from certificates.services.passports import (
    make_passport,
    passport_json,
    withdraw_passport,
    withdraw_passport_consent,
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
from certificates.services.sharing import (
    end_link,
    find_link,
    follow_link,
    forget_old_openings,
    make_link,
    make_passport_link,
    too_many_openings,
)
from certificates.services.signers import archive_seal, pdf_sealer, signer_for
from certificates.services.statuses import issue_copy, reinstate, revoke, suspend
from certificates.services.verification import Verification, forget_old_lookups, too_many_lookups, verify

__all__ = [
    "Verification",
    "approve",
    "archive_seal",
    "end_link",
    "find_link",
    "follow_link",
    "forget_old_lookups",
    "forget_old_openings",
    "import_key",
    "is_confirmed",
    "issue_copy",
    "make_demo_keys",
    "make_link",
    "make_passport",
    "make_passport_link",
    "mark_compromised",
    "note_candidate",
    "passport_json",
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
    "set_issuing_rule",
    "signer_for",
    "suspend",
    "sweep_render_jobs",
    "too_many_lookups",
    "too_many_openings",
    "verify",
    "withdraw_passport",
    "withdraw_passport_consent",
]
