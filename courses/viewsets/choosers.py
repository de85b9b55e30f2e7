"""Who is chosen for a seat."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView

from accounts.enums import Act
from accounts.folding import fold_arabic
from accounts.models import Person
from accounts.scoping.choosers import CenterChooserViewSet

if TYPE_CHECKING:
    # What is mixed into views of Wagtail, which has no types.
    WagtailView = Any
else:
    WagtailView = object


class PersonFilterForm(BaseFilterForm):
    """Finds people by any part of the name, in any spelling."""

    q = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Name, in any spelling")}),
    )

    def filter(self, objects: QuerySet[Person]) -> QuerySet[Person]:
        for word in fold_arabic(self.cleaned_data["q"]).split():
            objects = objects.filter(folded_name__contains=word)
        return objects


class ChoosesPeople(WagtailView):
    """People with what tells namesakes apart: the year of birth and the center, and no more of them than that."""

    filter_form_class = PersonFilterForm

    def apply_object_list_ordering(self, objects: QuerySet[Person]) -> QuerySet[Person]:
        ordered: QuerySet[Person] = super().apply_object_list_ordering(objects)
        return ordered.select_related("registered_at")

    @property
    def title_column(self) -> Column:
        """People have names, not titles."""
        column: Column = super().title_column
        column.label = _("Name")
        return column

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,
            Column(
                "born",
                label=gettext_lazy("Year of birth"),
                accessor=lambda person: f"{person.birth_date:%Y}" if person.birth_date else "–",
            ),
            Column("registered_at", label=gettext_lazy("Center")),
        ]


class ChoosePersonView(ChoosesPeople, ChooseView):
    pass


class ChoosePersonResultsView(ChoosesPeople, ChooseResultsView):
    pass


class PersonChooserViewSet(CenterChooserViewSet):
    model = "accounts.Person"
    act = Act.ENROLL
    icon = "user"
    choose_one_text = gettext_lazy("Choose a person")
    choose_another_text = gettext_lazy("Choose another person")
    choose_view_class = ChoosePersonView
    choose_results_view_class = ChoosePersonResultsView
