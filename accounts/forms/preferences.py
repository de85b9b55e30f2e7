"""What people choose for themselves."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.enums import Digits, Language
from accounts.services.courtesies import courtesies

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


class NoticesForm(forms.Form):
    """A field for each courtesy: the channels by which it is wanted."""

    def __init__(self, *args: Any, declined: Collection[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for courtesy in courtesies():
            self.fields[courtesy.topic] = forms.MultipleChoiceField(
                label=str(courtesy.label),
                choices=[(channel.value, capfirst(channel.label)) for channel in courtesy.channels],
                initial=[
                    channel.value
                    for channel in courtesy.channels
                    if (courtesy.topic, channel) not in declined
                ],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    @property
    def declined(self) -> list[tuple[str, str]]:
        return [
            (courtesy.topic, channel.value)
            for courtesy in courtesies()
            for channel in courtesy.channels
            if channel not in self.cleaned_data[courtesy.topic]
        ]


class PhotoForm(forms.Form):
    # A file of any kind: the service decodes it, and knows what is no picture.
    file = forms.FileField(
        label=_("Picture"),
        help_text=_("Any photo of your phone: it is made small before it is sent. Only your face, upright."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "data-photo": True}),
    )
