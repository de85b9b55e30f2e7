"""Certificates in the staff workplace."""

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSetGroup

from certificates.viewsets.issuing import CredentialViewSet, ProposalViewSet
from certificates.viewsets.legacy import LegacyBatchViewSet, LegacyPaperViewSet
from certificates.viewsets.machines import ApiClientViewSet, DeliveryViewSet, WebhookViewSet
from certificates.viewsets.rules import CredentialTypeViewSet, FeeViewSet, IssuingRuleViewSet, TermViewSet
from certificates.viewsets.templates import CertificateTemplateViewSet

__all__ = ["CertificateTemplateViewSet", "CertificatesGroup"]


class CertificatesGroup(ViewSetGroup):
    menu_label = gettext_lazy("Certificates")
    menu_icon = "clipboard-list"
    menu_order = 400
    items = (
        ProposalViewSet,
        CredentialViewSet,
        LegacyBatchViewSet,
        LegacyPaperViewSet,
        CredentialTypeViewSet,
        IssuingRuleViewSet,
        TermViewSet,
        FeeViewSet,
        ApiClientViewSet,
        WebhookViewSet,
        DeliveryViewSet,
    )
