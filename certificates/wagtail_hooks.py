"""What the certificates app registers with Wagtail."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from certificates.viewsets import CertificatesGroup, CertificateTemplateViewSet

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
    "certificates.copy": (_("Issue copy"), _("Copy issued")),
    "certificates.rule.set": (_("Set rule of issuing"), _("Rule of issuing set")),
}

register_snippet(CertificateTemplateViewSet)


@hooks.register("register_admin_viewset")
def certificates_group() -> CertificatesGroup:
    return CertificatesGroup()


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    for action, (label, message) in LOG_ACTIONS.items():
        actions.register_action(action, label, message)
