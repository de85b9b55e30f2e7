"""The form by which a list is uploaded."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from courses.enums import ImportKind
from courses.imports.tables import MEGABYTE, MOST_BYTES, MOST_LINES
from courses.models import ImportRun
from courses.services.imports import kinds_for


class UploadListForm(WagtailAdminModelForm):
    """The file of a list, and what it is a list of."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "An Excel workbook (.xlsx) or a CSV file, of %(megabytes)s MB and %(lines)s lines at most. The first line has the headings, in Arabic or English."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt,text/csv"}),
    )

    class Meta:
        model = ImportRun
        fields = ("kind", "center", "makes_logins")
        help_texts = {
            "makes_logins": _(
                "Of a list of trainees: each who has a mobile number of their own gets a login, without a password. Its holder sets one with a code and the number of the identity card, or the front desk gives one."
            )
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        kinds = kinds_for(self.for_user)
        self.fields["kind"].choices = [("", "–"), *((kind.value, kind.label) for kind in kinds)]
        if ImportKind.TRAINEES not in kinds:
            del self.fields["makes_logins"]
        field = self.fields["file"]
        field.help_text = field.help_text % {"megabytes": MOST_BYTES // MEGABYTE, "lines": MOST_LINES}

    def clean(self) -> dict[str, Any]:
        """Logins of staff are made by their list anyway, and no other list makes people."""
        super().clean()
        if self.cleaned_data.get("makes_logins") and self.cleaned_data.get("kind") != ImportKind.TRAINEES:
            self.add_error("makes_logins", _("Only a list of trainees makes logins by choice."))
        return self.cleaned_data
