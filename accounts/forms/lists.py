"""Names of saved views, and which columns a list shows in which order."""

from collections.abc import Mapping, Sequence
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
    """`order` of what is posted are the names of all columns, with commas, in the order in which the page showed them."""

    columns = forms.MultipleChoiceField(
        label=_("Columns to show"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one column.")},
    )

    def __init__(self, *args: Any, labels: Mapping[str, str], order: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels = labels
        posted = [name for name in str(self.data.get("order", "")).split(",") if name in labels]
        self.arrange(list(dict.fromkeys([*posted, *order])))

    def arrange(self, order: Sequence[str]) -> None:
        self.order = list(order)
        field: Any = self.fields["columns"]
        field.choices = [(name, self.labels[name]) for name in self.order]

    def move(self, name: str, *, by: int) -> None:
        """One place up (-1) or down (1); at the end of the list it stays. What is no column moves nothing."""
        if name not in self.order:
            return
        order = [other for other in self.order if other != name]
        place = min(max(self.order.index(name) + by, 0), len(order))
        self.arrange([*order[:place], name, *order[place:]])

    def clean_columns(self) -> list[str]:
        ticked = set(self.cleaned_data["columns"])
        return [name for name in self.order if name in ticked]
