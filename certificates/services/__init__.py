"""The verbs of issuing."""

from certificates.services.deciding import approve, is_confirmed, reject
from certificates.services.legacy import (
    ScansTaken,
    add_scans,
    drop_paper,
    import_index,
    retype_paper,
)
from certificates.services.legacy_checking import check_paper, enter_papers, send_paper_back
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
    "ScansTaken",
    "Verification",
    "add_scans",
    "approve",
    "check_paper",
    "drop_paper",
    "enter_papers",
    "forget_old_lookups",
    "import_index",
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
    "retype_paper",
    "revoke",
    "send_paper_back",
    "set_issuing_rule",
    "suspend",
    "sweep_render_jobs",
    "too_many_lookups",
    "verify",
]
