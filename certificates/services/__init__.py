"""The verbs of issuing."""

from certificates.services.achievements import achievement_document
from certificates.services.answers import MOST_CODES, answer_of, signed, verify_many
from certificates.services.badges import credential_facts, offline_url, signed_badge, site_did
from certificates.services.clients import (
    client_with,
    end_client,
    forget_old_uses,
    make_client,
    take_allowance,
)
from certificates.services.deciding import approve, is_confirmed, reject
from certificates.services.keys import (
    import_key,
    make_demo_keys,
    mark_compromised,
    retire_key,
    rotate_key,
)
from certificates.services.logbook import (
    append_events,
    consistency_between,
    inclusion_of,
    log_size,
    seal_checkpoint,
)
from certificates.services.proofs import ask_for_proof, make_proof, sweep_proofs
from certificates.services.proposing import (
    note_candidate,
    propose,
    propose_correction,
    propose_on_basis,
    propose_renewal,
)
from certificates.services.published_keys import key_register, site_document
from certificates.services.rendering import render_certificate, retry_rendering, sweep_render_jobs
from certificates.services.rules import set_issuing_rule
from certificates.services.signers import archive_seal, pdf_sealer, signer_for
from certificates.services.status_lists import status_list
from certificates.services.statuses import issue_copy, reinstate, revoke, suspend
from certificates.services.verification import Verification, forget_old_lookups, too_many_lookups, verify
from certificates.services.webhooks import (
    change_subscription,
    deliver,
    note_events,
    resend,
    subscribe,
    sweep_deliveries,
)

__all__ = [
    "MOST_CODES",
    "Verification",
    "achievement_document",
    "answer_of",
    "append_events",
    "approve",
    "archive_seal",
    "ask_for_proof",
    "change_subscription",
    "client_with",
    "consistency_between",
    "credential_facts",
    "deliver",
    "end_client",
    "forget_old_lookups",
    "forget_old_uses",
    "import_key",
    "inclusion_of",
    "is_confirmed",
    "issue_copy",
    "key_register",
    "log_size",
    "make_client",
    "make_demo_keys",
    "make_proof",
    "mark_compromised",
    "note_candidate",
    "note_events",
    "offline_url",
    "pdf_sealer",
    "propose",
    "propose_correction",
    "propose_on_basis",
    "propose_renewal",
    "reinstate",
    "reject",
    "render_certificate",
    "resend",
    "retire_key",
    "retry_rendering",
    "revoke",
    "rotate_key",
    "seal_checkpoint",
    "set_issuing_rule",
    "signed",
    "signed_badge",
    "signer_for",
    "site_did",
    "site_document",
    "status_list",
    "subscribe",
    "suspend",
    "sweep_deliveries",
    "sweep_proofs",
    "sweep_render_jobs",
    "take_allowance",
    "too_many_lookups",
    "verify",
    "verify_many",
]
