"""What people type about certificates."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from certificates.designs.findings import sentence
from certificates.enums import COPY_REASONS, CORRECTION_REASONS, REVOCATION_REASONS, SUSPENSION_REASONS
from certificates.models import CertificateTemplate


class CodeForm(forms.Form):
    """A code as printed; how it is spelled is the service's business."""

    code = forms.CharField(
        label=_("Code on the certificate"),
        max_length=60,
        help_text=_("Thirteen letters and digits under the square on the certificate."),
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class RejectionForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class SuspensionForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=[(one, one.label) for one in SUSPENSION_REASONS])
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReinstatementForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class CopyForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=[(one, one.label) for one in COPY_REASONS])


class CorrectionForm(forms.Form):
    """What was wrong, and the template of the new paper."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[(one, one.label) for one in CORRECTION_REASONS])
    template = forms.ModelChoiceField(
        label=_("Template"), queryset=CertificateTemplate.objects.filter(live=True)
    )


class RevocationForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=[(one, one.label) for one in REVOCATION_REASONS])
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the record only; the public page tells the reason, never this note."),
    )


class CertificateTemplateForm(WagtailAdminModelForm):
    """The designer's form: it refuses to publish or schedule a design that cannot be printed, and lists why."""

    def _post_clean(self) -> None:
        # The blocks are on the instance only now.
        super()._post_clean()
        if "action-publish" in self.data and self.is_bound and not self.errors:
            for finding in self.instance.findings().problems:
                self.add_error(None, sentence(finding))
