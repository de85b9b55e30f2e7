"""Names of saved views, and which columns a list shows."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Center
from accounts.models.saved_views import LONGEST_NAME_OF_VIEW


class NameOfViewForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the view"),
        max_length=LONGEST_NAME_OF_VIEW,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


class ShareViewForm(forms.Form):
    center = forms.ModelChoiceField(label=_("Share with those who work in"), queryset=Center.objects.none())

    def __init__(self, *args: Any, centers: QuerySet[Center], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["center"]
        field.queryset = centers


class ColumnsForm(forms.Form):
    columns = forms.MultipleChoiceField(
        label=_("Columns to show"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one column.")},
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["columns"]
        field.choices = choices
