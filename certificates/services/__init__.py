"""The verbs of issuing."""

from certificates.services.achievements import (
    achievement_document,
)
from certificates.services.allowances import (
    seconds_to_wait,
)
from certificates.services.answers import (
    MOST_CODES,
    answer_of,
    signed,
    verify_many,
)
from certificates.services.archiving import archive_papers
from certificates.services.badges import (
    credential_facts,
    offline_url,
    signed_badge,
    site_did,
)
from certificates.services.bundles import (
    ask_for_bundle,
    make_bundle,
    sweep_bundles,
)
from certificates.services.checking import (
    FileCheck,
    check_file,
)
from certificates.services.clients import (
    client_with,
    end_client,
    forget_old_uses,
    make_client,
    take_allowance,
)
from certificates.services.deciding import (
    approve,
    is_confirmed,
    reject,
)
from certificates.services.designs import (
    assets_of,
    install_designs,
)
from certificates.services.drafts import (
    design_shown,
    draft_as_png,
)
from certificates.services.keys import (
    import_key,
    make_demo_keys,
    mark_compromised,
    retire_key,
    rotate_key,
)
from certificates.services.legacy import (
    ScansTaken,
    add_scans,
    drop_paper,
    import_index,
    retype_paper,
)
from certificates.services.legacy_checking import (
    check_paper,
    enter_papers,
    send_paper_back,
)
from certificates.services.lists import (
    codes_in,
    csv_of,
    verify_list,
)
from certificates.services.logbook import (
    append_events,
    consistency_between,
    inclusion_of,
    log_size,
    seal_checkpoint,
)
from certificates.services.notices import (
    deliver_notices,
    plan_reminders,
    send_failed_again,
)
from certificates.services.offline import (
    sealed_hand_overs,
    sealed_key_set,
    sealed_status_list,
)
from certificates.services.passports import (
    make_passport,
    passport_json,
    withdraw_passport,
    withdraw_passport_consent,
)
from certificates.services.proofs import (
    ask_for_proof,
    make_proof,
    sweep_proofs,
)
from certificates.services.proposing import (
    propose,
    propose_correction,
    propose_on_basis,
    propose_renewal,
)
from certificates.services.published_keys import (
    key_register,
    site_document,
)
from certificates.services.rendering import (
    render_certificate,
    render_certificates,
    retry_failed,
    retry_rendering,
    sweep_render_jobs,
)
from certificates.services.rules import (
    set_issuing_rule,
)
from certificates.services.sharing import (
    end_link,
    find_link,
    follow_link,
    forget_old_openings,
    make_link,
    make_passport_link,
    too_many_openings,
)
from certificates.services.signers import (
    archive_seal,
    pdf_sealer,
    read_revocation_lists,
    signer_for,
)
from certificates.services.status_lists import (
    status_list,
)
from certificates.services.statuses import (
    Change,
    issue_copy,
    reinstate,
    revoke,
    suspend,
)
from certificates.services.verification import (
    Verification,
    forget_old_lookups,
    look_up,
    note_lookup,
    verify,
)
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
    "Change",
    "FileCheck",
    "ScansTaken",
    "Verification",
    "achievement_document",
    "add_scans",
    "answer_of",
    "append_events",
    "approve",
    "archive_papers",
    "archive_seal",
    "ask_for_bundle",
    "ask_for_proof",
    "assets_of",
    "change_subscription",
    "check_file",
    "check_paper",
    "client_with",
    "codes_in",
    "consistency_between",
    "credential_facts",
    "csv_of",
    "deliver",
    "deliver_notices",
    "design_shown",
    "draft_as_png",
    "drop_paper",
    "end_client",
    "end_link",
    "enter_papers",
    "find_link",
    "follow_link",
    "forget_old_lookups",
    "forget_old_openings",
    "forget_old_uses",
    "import_index",
    "import_key",
    "inclusion_of",
    "install_designs",
    "is_confirmed",
    "issue_copy",
    "key_register",
    "log_size",
    "look_up",
    "make_bundle",
    "make_client",
    "make_demo_keys",
    "make_link",
    "make_passport",
    "make_passport_link",
    "make_proof",
    "mark_compromised",
    "note_events",
    "note_lookup",
    "offline_url",
    "passport_json",
    "pdf_sealer",
    "plan_reminders",
    "propose",
    "propose_correction",
    "propose_on_basis",
    "propose_renewal",
    "read_revocation_lists",
    "reinstate",
    "reject",
    "render_certificate",
    "render_certificates",
    "resend",
    "retire_key",
    "retry_failed",
    "retry_rendering",
    "retype_paper",
    "revoke",
    "rotate_key",
    "seal_checkpoint",
    "sealed_hand_overs",
    "sealed_key_set",
    "sealed_status_list",
    "seconds_to_wait",
    "send_failed_again",
    "send_paper_back",
    "set_issuing_rule",
    "signed",
    "signed_badge",
    "signer_for",
    "site_did",
    "site_document",
    "status_list",
    "subscribe",
    "suspend",
    "sweep_bundles",
    "sweep_deliveries",
    "sweep_proofs",
    "sweep_render_jobs",
    "take_allowance",
    "too_many_openings",
    "verify",
    "verify_list",
    "verify_many",
    "withdraw_passport",
    "withdraw_passport_consent",
]
