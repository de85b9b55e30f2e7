"""Wagtail hooks of the certificates app: permissions, menu items, log actions."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from accounts.enums import Act
from accounts.models import Person
from accounts.scoping.finding import Finder
from accounts.scoping.policies import MinistryPolicy
from accounts.scoping.work import Shortcut, Work
from accounts.services.formatting import format_pounds
from certificates.enums import (
    BundleKind,
    ClientScope,
    DoubtCause,
    FeeFor,
    FeeMeans,
    KeyRole,
    Reason,
    SheetState,
    Status,
)
from certificates.finders import FINDERS
from certificates.models import CertificateTemplate
from certificates.viewsets import (
    CertificatesGroup,
    CertificateTemplateViewSet,
    ending_item,
    prerequisites_item,
)
from certificates.viewsets.bulk_proposals import ProposeManyView
from certificates.viewsets.outlook import OutlookView
from certificates.work import SHORTCUTS, WORK
from certificates.work_at_the_desk import DESK_WORK
from courses.queries.workspace.registry import BulkAct, register_bulk_act


def _in_pounds(amount: Any, _data: Mapping[str, Any]) -> str:
    """As it is in the audit trail: a text such as "120.00"."""
    return format_pounds(Decimal(str(amount)))


LOG_ACTIONS = {
    "certificates.propose": (_("Propose certificates"), _("Certificates proposed")),
    "certificates.approve": (_("Approve certificates"), _("Certificates approved and issued")),
    "certificates.withdraw": (_("Take a proposal back"), _("Proposal taken back by the center")),
    "certificates.reject": (_("Send a proposal back"), _("Proposal sent back to the center")),
    "certificates.key.make": (_("Make key"), _("Key made")),
    "certificates.key.import": (_("Import key"), _("Key imported")),
    "certificates.key.retire": (_("Retire key"), _("Key retired")),
    "certificates.key.compromised": (_("Report stolen key"), _("Key reported as stolen")),
    "certificates.revoke": (_("Revoke certificate"), _("Certificate revoked")),
    "certificates.propose_revocation": (_("Propose revocation"), _("Revocation of a certificate proposed")),
    "certificates.drop_revocation": (_("Do not revoke"), _("Certificate not revoked, as was proposed")),
    "certificates.lift_doubt": (_("Lift a doubt"), _("Certificate stays in spite of a doubt")),
    "certificates.suspend": (_("Suspend certificate"), _("Certificate suspended")),
    "certificates.reinstate": (_("Reinstate certificate"), _("Certificate in force again")),
    "certificates.redraw": (_("Draw failed certificates again"), _("Failed certificates drawn again")),
    "certificates.bundle": (_("Ask for all certificates"), _("All certificates asked for")),
    "certificates.tell_again": (_("Send notices again"), _("Notices sent again")),
    "certificates.copy": (_("Issue copy"), _("Copy issued")),
    "certificates.fee.set": (_("Set fee"), _("Fee set")),
    "certificates.fee.change": (_("Correct fee"), _("Fee corrected before it was paid")),
    "certificates.fee.record": (_("Record receipt"), _("Receipt of a fee recorded")),
    "certificates.fee.waive": (_("Waive fee"), _("Fee waived")),
    "certificates.fee.cancel": (_("Cancel receipt or waiver"), _("Receipt or waiver of a fee canceled")),
    "certificates.print": (_("Record printed certificates"), _("Certificates recorded as printed")),
    "certificates.spoil": (_("Record spoiled paper"), _("Printed certificate recorded as spoiled")),
    "certificates.collect": (_("Hand out the certificate"), _("Certificate collected")),
    "certificates.collect.undo": (_("Undo collection"), _("Collection of a certificate undone")),
    "certificates.sheets.deliver": (_("Record security paper"), _("Security paper recorded")),
    "certificates.sheets.recall": (
        _("Take delivery of security paper back"),
        _("Delivery of security paper taken back"),
    ),
    "certificates.sheets.end": (
        _("Take sheet out of the stock"),
        _("Sheet of security paper spoiled or missing"),
    ),
    "certificates.client.make": (_("Make API key"), _("API key made")),
    "certificates.client.end": (_("End API key"), _("API key ended")),
    "certificates.webhook.subscribe": (_("Set up webhook"), _("Webhook set up")),
    "certificates.webhook.change": (_("Change webhook"), _("Webhook changed")),
    "certificates.webhook.resend": (_("Send again"), _("Message sent again")),
    "certificates.legacy.import": (_("Upload index"), _("Index of paper certificates uploaded")),
    "certificates.legacy.scans": (_("Upload scans"), _("Scans uploaded")),
    "certificates.legacy.type": (_("Type again"), _("Line typed again")),
    "certificates.legacy.drop": (_("Take out"), _("Line taken out")),
    "certificates.legacy.check": (_("Check"), _("Line compared with its scan")),
    "certificates.legacy.return": (_("Send back"), _("Line sent back")),
    "certificates.legacy.enter": (
        _("Enter in the register"),
        _("Paper certificates entered in the register"),
    ),
    "certificates.link.make": (_("Make share link"), _("Share link made")),
    "certificates.link.end": (_("End share link"), _("Share link ended")),
    "certificates.passport.make": (_("Make skills passport"), _("Skills passport made and signed")),
    "certificates.passport.withdraw": (_("Withdraw skills passport"), _("Skills passport withdrawn")),
    "certificates.rule.set": (_("Set rule of issuing"), _("Rule of issuing set")),
}

# What is in the data of what is logged (`accounts.audit.labels`).
AUDIT_LABELS: dict[str, Any] = {
    "certificates:reason": (_("reason"), Reason),
    "certificates.reject:reason": _("reason"),
    "certificates.withdraw:reason": _("reason"),
    "certificates:note": _("note"),
    "certificates.lift_doubt:reason": _("reason"),
    "certificates.lift_doubt:cause": (_("cause"), DoubtCause),
    "certificates.drop_revocation:reason": _("reason"),
    "certificates:line": _("line"),
    "certificates:number": _("number"),
    "certificates:copy": _("number of the copy"),
    "certificates:certificates": _("certificates"),
    "certificates:passport": _("skills passport"),
    "certificates:days": _("valid for days"),
    "certificates:version": _("version"),
    "certificates.propose:people": _("people"),
    "certificates.propose:blocked": _("blocked"),
    "certificates.approve:issued": _("issued"),
    "certificates.approve:sent_back": _("sent back"),
    "certificates.approve:unpaid": _("sent back: fee not received"),
    "certificates.approve:first": _("first number"),
    "certificates.approve:last": _("last number"),
    "certificates.approve:confirmed_at": _("password typed again at"),
    "certificates.fee:person": (_("trainee"), Person),
    "certificates.fee:amount": (_("amount"), _in_pounds),
    "certificates.fee:means": (_("settled by"), FeeMeans),
    "certificates.fee:due_for": (_("due for"), FeeFor),
    "certificates.fee:receipt": _("number of the receipt"),
    "certificates.fee:paid_on": _("date"),
    "certificates.fee:reason": _("reason"),
    "certificates.fee:level": _("level"),
    "certificates.fee:since": _("since"),
    "certificates.fee:amount_before": (_("amount before"), _in_pounds),
    "certificates.fee:since_before": _("since when, before"),
    "certificates.print:papers": _("papers"),
    "certificates.print:sheets": _("sheets"),
    "certificates.spoil:sheet": _("sheet"),
    "certificates.sheets:prefix": _("letters before the number"),
    "certificates.sheets:first": _("first number"),
    "certificates.sheets:last": _("last number"),
    "certificates.sheets:state": (_("state"), SheetState),
    "certificates.collect:in_person": _("collected in person"),
    "certificates.collect:representative": _("name of the representative"),
    "certificates.redraw:jobs": _("papers"),
    "certificates.tell_again:notices": _("notices"),
    "certificates.bundle:kind": (_("kind"), BundleKind),
    "certificates.key:role": (_("purpose"), KeyRole),
    "certificates.key:demo": _("key of the demo"),
    "certificates.key:introduced": _("introduced by the key before it"),
    "certificates.key:place": _("where the key lies"),
    "certificates.key:since": _("compromised since"),
    "certificates.client:scopes": (_("allowed to"), ClientScope),
    "certificates.webhook:url": _("address"),
    "certificates.webhook:about": (_("about"), Status),
    "certificates.webhook:active": _("active"),
    "certificates.legacy:rows": _("lines"),
    "certificates.legacy:scans": _("scans"),
    "certificates.legacy:sha256": _("SHA-256 of the file"),
}

register_permission_policy(CertificateTemplate, MinistryPolicy(CertificateTemplate, Act.SET_RULES))
register_snippet(CertificateTemplateViewSet)


@hooks.register("register_admin_urls")
def register_outlook() -> list[URLPattern]:
    return [path("certificates/outlook/<int:pk>/", OutlookView.as_view(), name="outlook")]


@hooks.register("register_admin_urls")
def register_bulk_proposals() -> list[URLPattern]:
    return [
        path("certificates/propose_many/<int:pk>/", ProposeManyView.as_view(), name="propose_many"),
    ]


register_bulk_act(
    BulkAct("propose", _("Propose certificates"), "tasks", Act.PROPOSE_CERTIFICATES, "propose_many", order=30)
)


@hooks.register("register_admin_viewset")
def certificates_group() -> CertificatesGroup:
    return CertificatesGroup()


@hooks.register("register_certificates_menu_item")
def list_templates() -> MenuItem:
    return CertificateTemplate.snippet_viewset.get_menu_item()


@hooks.register("register_certificates_menu_item")
def list_ending() -> MenuItem:
    return ending_item


@hooks.register("register_certificates_menu_item")
def list_prerequisites() -> MenuItem:
    return prerequisites_item


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    for action, (label, message) in LOG_ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("register_audit_labels")
def audit_labels() -> dict[str, Any]:
    return AUDIT_LABELS


@hooks.register("register_work")
def register_work() -> Sequence[type[Work]]:
    return (*WORK, *DESK_WORK)


@hooks.register("register_shortcuts")
def register_shortcuts() -> Sequence[Shortcut]:
    return SHORTCUTS


@hooks.register("register_finders")
def register_finders() -> Sequence[type[Finder]]:
    return FINDERS
