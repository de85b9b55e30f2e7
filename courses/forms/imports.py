"""The form by which a list is uploaded."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

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
        fields = ("kind", "center")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        kinds = kinds_for(self.for_user)
        self.fields["kind"].choices = [("", "–"), *((kind.value, kind.label) for kind in kinds)]
        field = self.fields["file"]
        field.help_text = field.help_text % {"megabytes": MOST_BYTES // MEGABYTE, "lines": MOST_LINES}
