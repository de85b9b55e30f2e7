"""What the certificates app registers with Wagtail."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from accounts.enums import Act
from accounts.scoping.policies import MinistryPolicy
from certificates.models import CertificateTemplate
from certificates.viewsets import (
    CertificatesGroup,
    CertificateTemplateViewSet,
    bases_item,
    ending_item,
)

LOG_ACTIONS = {
    "certificates.propose": (_("Propose certificates"), _("Certificates proposed")),
    "certificates.approve": (_("Approve certificates"), _("Certificates approved and issued")),
    "certificates.reject": (_("Reject proposal"), _("Proposal rejected")),
    "certificates.key.make": (_("Make key"), _("Key made")),
    "certificates.key.import": (_("Import key"), _("Key imported")),
    "certificates.key.retire": (_("Retire key"), _("Key retired")),
    "certificates.key.compromised": (_("Report stolen key"), _("Key reported as stolen")),
    "certificates.revoke": (_("Revoke certificate"), _("Certificate revoked")),
    "certificates.suspend": (_("Suspend certificate"), _("Certificate suspended")),
    "certificates.reinstate": (_("Reinstate certificate"), _("Certificate in force again")),
    "certificates.redraw": (_("Draw failed certificates again"), _("Failed certificates drawn again")),
    "certificates.bundle": (_("Ask for all certificates"), _("All certificates asked for")),
    "certificates.tell_again": (_("Send notices again"), _("Notices sent again")),
    "certificates.copy": (_("Issue copy"), _("Copy issued")),
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

register_permission_policy(CertificateTemplate, MinistryPolicy(CertificateTemplate, Act.SET_RULES))
register_snippet(CertificateTemplateViewSet)


@hooks.register("register_admin_viewset")
def certificates_group() -> CertificatesGroup:
    return CertificatesGroup()


@hooks.register("register_certificates_menu_item")
def list_ending() -> MenuItem:
    return ending_item


@hooks.register("register_certificates_menu_item")
def list_bases() -> MenuItem:
    return bases_item


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    for action, (label, message) in LOG_ACTIONS.items():
        actions.register_action(action, label, message)
