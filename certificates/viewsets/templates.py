"""The designer of certificates in the staff workplace."""

from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.snippets.views.snippets import CopyView, CreateView, EditView, SnippetViewSet

from certificates.designs.findings import sentence
from certificates.models import CertificateTemplate


class _PublicationGate:
    """Refuses to publish or schedule a design that cannot be printed, with the list of what is wrong."""

    def is_valid(self, form: WagtailAdminModelForm) -> bool:
        is_sound: bool = super().is_valid(form)  # type: ignore[misc]
        if not is_sound or self.action != "publish":  # type: ignore[attr-defined]
            return is_sound
        problems = form.instance.findings().problems
        for finding in problems:
            form.add_error(None, sentence(finding))
        if problems:
            self.produced_error_code = "validation_error"
            self.produced_error_message = _("The design cannot be printed, so it is not published.")
        return not problems


class _CreateView(_PublicationGate, CreateView):
    pass


class _EditView(_PublicationGate, EditView):
    pass


class _CopyView(_PublicationGate, CopyView):
    def get_initial_form_instance(self) -> CertificateTemplate:
        copied: CertificateTemplate = super().get_initial_form_instance()
        copied.built_in = ""
        return copied


class CertificateTemplateViewSet(SnippetViewSet):
    model = CertificateTemplate
    icon = "doc-full"
    list_display = ("name", "page_format", "live")
    add_view_class = _CreateView
    edit_view_class = _EditView
    copy_view_class = _CopyView
    copy_view_enabled = True
