"""The catalog's filters: a plain GET form whose address can be shared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from unicodedata import category
from urllib.parse import urlencode

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Center, Governorate
from accounts.services.formatting import localize_digits
from courses.enums import Sector
from courses.models import SkillLevel
from courses.search_normalization import LONGEST_QUERY

# Not a place of training: those born outside the Republic.
ABROAD = "88"
# Control characters and lone surrogates.
UNSEEN = {"Cc", "Cs"}


@dataclass(frozen=True)
class AppliedFilter:
    """A filter in force, and the address of the same list without it."""

    label: str
    href: str


def tidy_query(typed: str) -> str:
    """A typed query on one line, without control characters."""
    return " ".join("".join(" " if category(sign) in UNSEEN else sign for sign in typed).split())


class CatalogFilterForm(forms.Form):
    """Unknown values are ignored: an old or mistyped address still shows programs."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "enterkeyhint": "search", "autocomplete": "off"}),
    )
    sector = forms.ChoiceField(label=_("Sector"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    governorate = forms.TypedChoiceField(label=_("Governorate"), required=False, coerce=int, empty_value=None)
    center = forms.TypedChoiceField(label=_("Center"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Mapping[str, Any]) -> None:
        typed = tidy_query(str(data.get("q", "")))
        # Words beyond the limit are not searched for; the page shows a note.
        self.is_cut = len(typed) > LONGEST_QUERY
        tidy = {name: data.get(name, "") for name in self.base_fields} | {"q": typed[:LONGEST_QUERY].strip()}
        super().__init__(tidy, use_required_attribute=False, label_suffix="")
        name = "name_ar" if get_language() == "ar" else "name_en"
        governorates = Governorate.objects.exclude(nid_code=ABROAD).order_by(name).values_list("pk", name)
        centers = Center.objects.filter(is_active=True).order_by(name).values_list("pk", name)
        levels = SkillLevel.objects.values_list("code", name)
        self._offer("sector", _("Any sector"), Sector.choices)
        self._offer("level", _("Any level"), list(levels))
        self._offer("governorate", _("Any governorate"), list(governorates))
        self._offer(
            "center", _("Any center"), [(center, localize_digits(label)) for center, label in centers]
        )

    def wanted(self) -> dict[str, Any]:
        """The filters that are in force, by field."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def applied(self) -> list[AppliedFilter]:
        wanted = self.wanted()
        return [
            AppliedFilter(
                label=self._spoken(name, value),
                href="?" + urlencode({key: kept for key, kept in wanted.items() if key != name}),
            )
            for name, value in wanted.items()
        ]

    def _offer(self, name: str, anything: str | Promise, choices: list[tuple[Any, Any]]) -> None:
        field = cast("forms.ChoiceField", self.fields[name])
        field.choices = [("", anything), *choices]

    def _spoken(self, name: str, value: Any) -> str:
        choices = getattr(self.fields[name], "choices", None)
        return str(dict(choices).get(value, value)) if choices else value
