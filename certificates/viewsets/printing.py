"""Recording in the staff workplace what was printed: the certificates of a proposal, or one on security paper."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from accounts.services.formatting import localize_digits
from certificates.enums import CredentialState, Source
from certificates.models import Credential, Printout, Proposal, Sheet
from certificates.queries.files import original_of
from certificates.queries.printouts import copies_to_print, not_printed
from certificates.queries.security_paper import free_sheets
from certificates.services.printing import record_one_printed, record_printed
from certificates.viewsets.acts import SimpleActView

ORIGINAL = "0"


def sheet_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20,
        help_text=gettext_lazy("Look at the sheet itself. Its number is never used again."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )


class PrintedForm(forms.Form):
    """Nothing to type but on security paper: how many were printed, and the sheet that lay first in the printer."""

    def __init__(
        self, *args: Any, number: int, first: Sheet | None, is_on_sheets: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_on_sheets:
            self.fields["count"] = forms.IntegerField(
                label=gettext_lazy("How many were printed"), min_value=1, max_value=number, initial=number
            )
            self.fields["first_sheet"] = sheet_field(gettext_lazy("The first sheet"))
            self.fields["first_sheet"].initial = str(first or "")


class RecordPrintedView(SimpleActView):
    model = Proposal
    select_related = ("type", "cohort", "center")
    index_url_name = "proposals:index"
    header_icon = "doc-full-inverse"
    page_title = gettext_lazy("Printed certificates")
    submit_label = gettext_lazy("They are printed")
    form_class = PrintedForm

    @cached_property
    def number(self) -> int:
        return not_printed(self.row).count()

    @property
    def explanation(self) -> str:
        said = ngettext(
            "%(count)s certificate of this proposal is drawn and was not recorded as printed. Its holder gets the message that it can be"
            " collected at: %(center)s. Record it once the paper is there.",
            "%(count)s certificates of this proposal are drawn and were not recorded as printed. Their holders get the message that they"
            " can be collected at: %(center)s. Record it once the paper is there.",
            self.number,
        ) % {"count": localize_digits(self.number), "center": self.row.center}
        if not self.row.type.needs_security_paper:
            return said
        return f"{said} {_('They are on the sheets from the first one on, in the order of the print run: by name.')}"

    def refusal(self) -> str:
        if not self.number:
            return _("Every certificate of this proposal that is drawn was recorded as printed.")
        if self.row.type.needs_security_paper and not free_sheets(self.row.center_id).exists():
            return _(
                "This kind is printed on security paper, and the center has none in stock. The ministry assigns it."
            )
        return ""

    def get_form_kwargs(self) -> dict[str, Any]:
        is_on_sheets = self.row.type.needs_security_paper
        first = free_sheets(self.row.center_id).first() if is_on_sheets else None
        return super().get_form_kwargs() | {
            "number": max(self.number, 1),
            "first": first,
            "is_on_sheets": is_on_sheets,
        }

    def carry_out(self, form: PrintedForm) -> str:
        printed = record_printed(proposal_id=self.row.pk, by=self.request.user, **form.cleaned_data)
        said = ngettext(
            "%(count)s certificate is recorded as printed.",
            "%(count)s certificates are recorded as printed.",
            len(printed),
        ) % {"count": localize_digits(len(printed))}
        if printed[0].sheet:
            said += f" {printed[0].sheet} – {printed[-1].sheet}"
        return said


class OnePrintedForm(forms.Form):
    """Which paper was printed, and on which sheet."""

    paper = forms.ChoiceField(label=gettext_lazy("Paper"))
    sheet = sheet_field(pgettext_lazy("paper", "Sheet"))

    def __init__(self, *args: Any, papers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].choices = papers  # type: ignore[attr-defined]  # fields are untyped


class RecordOnePrintedView(SimpleActView):
    """For security paper: other paper is recorded as it is handed out."""

    model = Credential
    select_related = ("type", "holder", "center")
    index_url_name = "credentials:index"
    header_icon = "doc-full-inverse"
    page_title = gettext_lazy("Printed on security paper")
    submit_label = gettext_lazy("It is printed")
    form_class = OnePrintedForm

    @cached_property
    def papers(self) -> list[tuple[str, str]]:
        return papers_to_print(self.row)

    def refusal(self) -> str:
        if not self.row.type.needs_security_paper:
            return _("This kind needs no security paper.")
        return "" if self.papers else _("Nothing of this certificate waits to be printed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"papers": self.papers}

    def get_initial(self) -> dict[str, Any]:
        return {"sheet": str(free_sheets(self.row.center_id).first() or "")}

    def carry_out(self, form: OnePrintedForm) -> str:
        copy = form.cleaned_data["paper"]
        printout = record_one_printed(
            credential_id=self.row.pk,
            copy_number=None if copy == ORIGINAL else int(copy),
            sheet=form.cleaned_data["sheet"],
            by=self.request.user,
        )
        return _("Recorded: printed on sheet %(sheet)s.") % {"sheet": printout.sheet}


def papers_to_print(credential: Credential) -> list[tuple[str, str]]:
    """What is drawn and was not recorded as printed."""
    is_over = credential.state != CredentialState.IN_FORCE or credential.source != Source.ISSUED
    return [] if is_over else papers_called(unprinted(credential))


def unprinted(credential: Credential) -> set[int]:
    """The numbers of the copies, 0 for the original."""
    numbers = {copy.number for copy in copies_to_print(credential)}
    printed = Printout.objects.current().filter(credential=credential, copy=None)
    return numbers if printed.exists() or not original_of(credential) else numbers | {0}


def papers_called(numbers: set[int]) -> list[tuple[str, str]]:
    return [
        (str(number), _("copy %(number)s") % {"number": localize_digits(number)} if number else _("original"))
        for number in sorted(numbers)
    ]
