"""What people type about certificates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.enums import COPY_REASONS, CORRECTION_REASONS, REVOCATION_REASONS, SUSPENSION_REASONS
from certificates.models import CertificateTemplate
from certificates.services.lists import MOST_CODES, codes_in

# 500 lines of a spreadsheet with everything about a person in them.
LARGEST_LIST = 500_000


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


class FileForm(forms.Form):
    """The PDF of a certificate; what it is worth is the service's business."""

    file = forms.FileField(
        label=_("PDF of the certificate"),
        help_text=_("As you received it, up to 2 MB. It is compared and then forgotten."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )


class ListForm(forms.Form):
    """Codes pasted or in a CSV file. `cleaned_data["typed"]` is what is asked about, one entry a line."""

    codes = forms.CharField(
        label=_("Codes, one a line"),
        required=False,
        max_length=LARGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "ltr", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or a CSV file"),
        required=False,
        help_text=_("One certificate a line; any column may hold the code."),
        widget=forms.FileInput(attrs={"accept": "text/csv,text/plain,.csv,.txt"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text = cleaned.get("codes") or ""
        if cleaned.get("file"):
            text += "\n" + _text_of(cleaned["file"].read(LARGEST_LIST + 1))
        if len(text) > LARGEST_LIST:
            raise forms.ValidationError(_("This list is too long. Send up to 500 certificates at a time."))
        typed = codes_in(text)
        if not typed and not self.errors:
            raise forms.ValidationError(_("Write at least one code, or choose a file that has some."))
        if len(typed) > MOST_CODES:
            raise forms.ValidationError(
                _("This list has %(count)s certificates. Send up to 500 at a time."),
                params={"count": len(typed)},
            )
        return cleaned | {"typed": typed}


def _text_of(content: bytes) -> str:
    """What spreadsheets write: UTF-8, UTF-16 with its mark, or the Arabic code page of Windows."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1256", "replace")


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
