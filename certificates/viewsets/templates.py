"""The certificate designer in the admin."""

from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext
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
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import DeleteView, IndexView, SnippetViewSet

from accounts.scoping.exports import ShownExport
from certificates.drawing.grammatical_gender import GENDERED_PARTS, GENDERS
from certificates.forms import CertificateTemplateForm
from certificates.models import CertificateTemplate


class DeleteTemplateView(DeleteView):
    """Deletes a template that no proposal uses."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request,
                gettext(
                    "Proposals or kinds of certificates use this template, so it stays. Unpublish it, and no new proposal can use it."
                ),
            )
            return redirect(self.index_url_name)


class TemplateIndexView(ShownExport, IndexView):
    pass


class TemplateChooserViewSet(SnippetChooserViewSet):
    """Chooses among designs. Wagtail's address for making one inside the chooser fails where there is no form for it."""

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


class CertificateTemplateViewSet(SnippetViewSet):
    model = CertificateTemplate
    index_view_class = TemplateIndexView
    chooser_viewset_class = TemplateChooserViewSet
    icon = "doc-full"
    menu_label = _("Certificate templates")
    # Among the certificates, by a hook: Wagtail's own item for snippets would hold nothing else.
    menu_item_is_registered = True
    list_display = ("name", "page_format", LiveStatusTagColumn(label=_("state")))
    copy_view_enabled = True
    delete_view_class = DeleteTemplateView
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    HelpPanel(template="certificates/designer_help.html"),
                    FieldRowPanel([FieldPanel("name"), FieldPanel("page_format")]),
                    FieldPanel("kinds"),
                    FieldPanel("body"),
                ],
                heading=_("Layout"),
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [
                            FieldRowPanel([FieldPanel(f"{field}_ar"), FieldPanel(f"{field}_en")])
                            for field in ("authority", "heading")
                        ],
                        heading=_("Wording"),
                    ),
                    MultiFieldPanel(
                        [
                            HelpPanel(template="certificates/sentence_help.html"),
                            *(
                                FieldRowPanel([FieldPanel(f"{part}_{form}_ar") for part in GENDERED_PARTS])
                                for form in GENDERS
                            ),
                            FieldRowPanel([FieldPanel(f"{part}_en") for part in GENDERED_PARTS]),
                        ],
                        heading=_("Sentence"),
                    ),
                    MultiFieldPanel(
                        [FieldRowPanel([FieldPanel("statement_ar"), FieldPanel("statement_en")])],
                        heading=_("Statement of older layouts"),
                        classname="collapsed",
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
