"""Certificates in the admin."""

from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSetGroup

from certificates.viewsets.api_clients import ApiClientViewSet, DeliveryViewSet, WebhookViewSet
from certificates.viewsets.collecting import CollectionViewSet, PrintoutViewSet
from certificates.viewsets.fees import SettledFeeViewSet
from certificates.viewsets.legacy import LegacyBatchViewSet, LegacyPaperViewSet
from certificates.viewsets.proposals import ProposalViewSet
from certificates.viewsets.register import CredentialViewSet
from certificates.viewsets.renewal_lists import ending_item, prerequisites_item
from certificates.viewsets.rules import CredentialTypeViewSet, FeeViewSet, IssuingRuleViewSet, TermViewSet
from certificates.viewsets.security_paper import SheetDeliveryViewSet, SheetViewSet
from certificates.viewsets.templates import CertificateTemplateViewSet

__all__ = ["CertificateTemplateViewSet", "CertificatesGroup", "ending_item", "prerequisites_item"]


class CertificatesGroup(ViewSetGroup):
    menu_label = gettext_lazy("Certificates")
    menu_icon = "clipboard-list"
    menu_order = 400
    submenu_hook = "register_certificates_menu_item"
    items = (
        ProposalViewSet,
        CredentialViewSet,
        LegacyBatchViewSet,
        LegacyPaperViewSet,
        CredentialTypeViewSet,
        IssuingRuleViewSet,
        TermViewSet,
        FeeViewSet,
        SettledFeeViewSet,
        PrintoutViewSet,
        CollectionViewSet,
        SheetDeliveryViewSet,
        SheetViewSet,
        ApiClientViewSet,
        WebhookViewSet,
        DeliveryViewSet,
    )
