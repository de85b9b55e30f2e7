"""What people choose for themselves."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.enums import Digits, Language

# The language in which such digits are usual: readers of screens choose a voice by it.
WRITTEN_IN = {Digits.ARABIC: Language.ARABIC, Digits.LATIN: Language.ENGLISH}


def _in_its_language(choice: Language | Digits, language: str) -> str:
    return format_html('<bdi lang="{}">{}</bdi>', language, choice.label)


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language of pages and messages"),
        choices=[(one.value, _in_its_language(one, one.value)) for one in Language],
        widget=forms.RadioSelect,
    )
    digits = forms.ChoiceField(
        label=_("Digits in Arabic"),
        choices=[(one.value, _in_its_language(one, WRITTEN_IN[one])) for one in Digits],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.initial.get("digits"):
            self.initial["digits"] = settings.DIGITS_STYLE
