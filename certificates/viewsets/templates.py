"""The designer of certificates in the staff workplace."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.snippets.views.snippets import SnippetViewSet

from certificates.forms import CertificateTemplateForm
from certificates.models import CertificateTemplate


class CertificateTemplateViewSet(SnippetViewSet):
    model = CertificateTemplate
    icon = "doc-full"
    list_display = ("name", "page_format", "live")
    copy_view_enabled = True
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    HelpPanel(template="certificates/designer_help.html"),
                    FieldRowPanel([FieldPanel("name"), FieldPanel("page_format")]),
                    FieldPanel("body"),
                ],
                heading=_("Layout"),
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel(f"{field}_ar"), FieldPanel(f"{field}_en")])
                            for field in ("authority", "heading", "statement")
                        ],
                        heading=_("Wording"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel(f"{field}_ar"), FieldPanel(f"{field}_en")])
                            for field in ("signatory", "signatory_title")
                        ],
                        heading=_("Signatory"),
                    ),
                    FieldPanel("accent"),
                ],
                heading=_("Wording"),
            ),
            ObjectList([PublishingPanel()], heading=_("Publication")),
        ],
        base_form_class=CertificateTemplateForm,
    )
