"""Forms of the certificates app."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from accounts.models import Person
from accounts.services.formatting import localize_digits
from certificates.codes import LONGEST_TYPED, code_of_address
from certificates.designs.findings import sentence
from certificates.enums import (
    COPY_REASONS,
    CORRECTION_REASONS,
    REVOCATION_REASONS,
    SUSPENSION_REASONS,
    CredentialKind,
    LookupResult,
)
from certificates.legacy.labels import LABELS
from certificates.models import CertificateTemplate, Credential, CredentialType, LegacyBatch, LegacyPaper
from certificates.queries.proposals import templates_for
from certificates.queries.wallet import for_passport, shareable
from certificates.services.list_verification import MOST_CODES, codes_in
from certificates.services.passports import PASSPORT_DAYS
from certificates.services.sharing import LINK_DAYS
from certificates.services.verification import result_of

# Enough for 500 lines of a wide spreadsheet.
LARGEST_LIST = 500_000


class CodeForm(forms.Form):
    """A code as printed, or the address that contains it; the service normalizes it."""

    code = forms.CharField(
        label=_("Code on the certificate"),
        max_length=LONGEST_TYPED,
        help_text=_("Thirteen letters and digits under the square on the certificate."),
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        return code_of_address(self.cleaned_data["code"])


class FileForm(forms.Form):
    """The PDF of a certificate; the service verifies it."""

    file = forms.FileField(
        label=_("PDF of the certificate"),
        help_text=_("As you received it, up to 2 MB. It is compared and then forgotten."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )


_LIST_TOO_LONG = _("This list is too long. Send up to 500 certificates at a time.")


class ListForm(forms.Form):
    """Codes pasted or in a CSV file. `cleaned_data["typed"]` has one entry for each line."""

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

    @classmethod
    def too_long(cls) -> Self:
        """The form with the error for a list that was too long to be read."""
        form = cls({})
        form.errors.clear()
        form.add_error(None, _LIST_TOO_LONG)
        return form

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text = cleaned.get("codes") or ""
        if cleaned.get("file"):
            text += "\n" + _text_of(cleaned["file"].read(LARGEST_LIST + 1))
        if len(text) > LARGEST_LIST:
            raise forms.ValidationError(_LIST_TOO_LONG)
        typed = codes_in(text)
        if not typed and not self.errors:
            raise forms.ValidationError(_("Write at least one code, or choose a file that has some."))
        if len(typed) > MOST_CODES:
            raise forms.ValidationError(
                _("This list has more than 500 certificates. Send up to 500 at a time.")
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


class RowsField(forms.Field):
    """The ids of rows, cleaned to a set of numbers; none is fine."""

    widget = forms.MultipleHiddenInput
    # Longer than any id, and short enough for Python to parse quickly.
    LONGEST = 19

    def to_python(self, value: Any) -> set[int]:
        typed = [str(one) for one in value or ()]
        if not all(one.isascii() and one.isdecimal() and len(one) <= self.LONGEST for one in typed):
            raise forms.ValidationError("no ids of rows")
        return {int(one) for one in typed}


class ApprovalForm(forms.Form):
    """The people to leave out, not those to issue to, so that a form for ten thousand people submits few fields."""

    left_out = RowsField(required=False)
    note = forms.CharField(max_length=300, required=False)
    # Of the draft that the page showed.
    shown_design = forms.CharField(max_length=64)
    # With the records of the cohort, where the facts are of before the upgrade.
    facts_compared = forms.BooleanField(required=False)


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
    """The reason of the correction, and the template of the new certificate."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[(one, one.label) for one in CORRECTION_REASONS])
    template = forms.ModelChoiceField(label=_("Template"), queryset=CertificateTemplate.objects.none())

    def __init__(self, data: Mapping[str, Any] | None = None, *, type_: CredentialType) -> None:
        super().__init__(data, initial={"template": type_.template_id})
        self.fields["template"].queryset = templates_for([type_.kind])  # type: ignore[attr-defined]  # fields are untyped


class RevocationForm(forms.Form):
    # No preselected reason: a revocation is permanent, and its reason is public.
    reason = forms.ChoiceField(
        label=_("Reason"), choices=[("", "–"), *((one, one.label) for one in REVOCATION_REASONS)]
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the record only; the public page tells the reason, never this note."),
    )
    cascade = forms.BooleanField(
        label=_("Revoke what is based on it, too"),
        required=False,
        initial=True,
        help_text=_("Otherwise it is suspended until somebody decides about it."),
    )


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files at once; cleaned to a list of uploads."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        uploads = [one for one in data if one] if isinstance(data, list | tuple) else [data] if data else []
        if not uploads and not self.required:
            return []
        return [super(ManyFilesField, self).clean(one, initial) for one in uploads or [None]]


def _scans_field(*, required: bool) -> ManyFilesField:
    return ManyFilesField(
        label=_("Scans"),
        required=required,
        help_text=_(
            "PDF, JPEG or PNG, single files or a ZIP file, at most 100 at a time. Their names are in the index."
        ),
        widget=ManyFilesInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.zip"}),
    )


class LegacyBatchForm(WagtailAdminModelForm):
    """The index of a paper archive, with its scans or without."""

    index = forms.FileField(
        label=_("Index"),
        help_text=_(
            "A CSV file with the columns number, Arabic name, program and date of issue; others are welcome."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    scans = _scans_field(required=False)

    class Meta:
        model = LegacyBatch
        fields = ("center", "type")


class ScansForm(forms.Form):
    scans = _scans_field(required=True)


class LegacyPaperForm(WagtailAdminModelForm):
    """The text of a paper certificate, as printed; the service checks it for faults."""

    scan_file = forms.FileField(
        label=_("Another scan"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    class Meta:
        model = LegacyPaper
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scan_file = self.fields.pop("scan_file")
        for name, label in LABELS.items():
            self.fields[name] = forms.CharField(
                label=label, required=False, max_length=300, initial=self.instance.typed.get(name, "")
            )
            if name not in _IN_ARABIC:
                self.fields[name].widget.attrs["dir"] = "ltr"
        if self.instance.last4:
            self.fields["national_number"].help_text = _("Empty keeps the number •••• %(last4)s.") % {
                "last4": self.instance.last4
            }
        self.fields["scan_file"] = scan_file

    def cells(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in LABELS}


_IN_ARABIC = frozenset({"name_ar", "program_ar", "level"})


class PaperReturnForm(forms.Form):
    note = forms.CharField(
        label=_("What differs from the scan"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


# --- Sharing -----------------------------------------------------------------------------------------------------


class _Certificates(forms.ModelMultipleChoiceField):
    """Certificates by kind and program; the form names them by their public id."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        program = obj.claims["program_ar" if get_language() == "ar" else "program_en"]
        result = result_of(obj, is_in_doubt=False)
        standing = "" if result == LookupResult.VALID else f" ({result.label})"
        # A program without a translation is named in Arabic on English pages, too: `lang` makes screen readers switch voices.
        language = "ar" if program == obj.claims["program_ar"] else "en"
        return format_html('{} – <bdi lang="{}">{}</bdi>{}', obj.type.name, language, program, standing)


def _days(days: Iterable[int]) -> list[tuple[int, str]]:
    return [
        (number, localize_digits(ngettext("%(days)d day", "%(days)d days", number) % {"days": number}))
        for number in days
    ]


class LinkDaysForm(forms.Form):
    """The validity period of a link."""

    days = forms.TypedChoiceField(
        label=_("How long the link works"),
        choices=lambda: _days(LINK_DAYS),
        coerce=int,
        initial=LINK_DAYS[1],
        widget=forms.RadioSelect,
    )


class ShareForm(LinkDaysForm):
    """A link to certificates of `holder`."""

    credentials = _Certificates(
        label=_("Certificates"), queryset=Credential.objects.none(), to_field_name="public_id"
    )
    field_order = ("credentials", "days")

    def __init__(self, *args: Any, holder: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credentials"].queryset = shareable(holder)  # type: ignore[attr-defined]  # fields are untyped


class PassportForm(forms.Form):
    """A skills passport of `holder`; the certificates valid today are preselected."""

    credentials = _Certificates(
        label=_("Certificates"), queryset=Credential.objects.none(), to_field_name="public_id"
    )
    days = forms.TypedChoiceField(
        label=_("How long the skills passport is good"),
        choices=lambda: _days(PASSPORT_DAYS),
        coerce=int,
        initial=PASSPORT_DAYS[1],
        widget=forms.RadioSelect,
    )
    is_agreed = forms.BooleanField(
        label=_("I have read what is shared and agree to it."),
        error_messages={"required": _("Read what is shared and agree to it first.")},
    )

    def __init__(self, *args: Any, holder: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = for_passport(holder)
        field = self.fields["credentials"]
        field.queryset = rows  # type: ignore[attr-defined]  # fields are untyped
        field.initial = list(rows.valid_on(timezone.localdate()).values_list("public_id", flat=True))


class CertificateTemplateForm(WagtailAdminModelForm):
    """The designer's form: it refuses to publish or schedule a design that cannot be printed, and lists why."""

    kinds = forms.MultipleChoiceField(
        label=_("what it can print"),
        choices=CredentialKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Proposals of other kinds of certificates cannot use this template."),
    )

    def _post_clean(self) -> None:
        # The blocks are set on the instance only at this point.
        super()._post_clean()
        if "action-publish" in self.data and self.is_bound and not self.errors:
            for finding in self.instance.findings().problems:
                self.add_error(None, sentence(finding))
