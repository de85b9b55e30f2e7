"""What people choose for themselves."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import time_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.enums import Digits, Language
from accounts.models import Digest
from accounts.models.digests import FIRST_HOUR, LAST_HOUR
from accounts.services.courtesies import courtesies
from accounts.services.formatting import localize_digits

# The language in which such digits are usual: readers of screens choose a voice by it.
WRITTEN_IN = {Digits.ARABIC: Language.ARABIC, Digits.LATIN: Language.ENGLISH}

# Among the choices of a courtesy, besides its channels.
GATHERED = "gathered"


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
    """A field for each courtesy: the channels by which it is wanted, and whether it is gathered; then when the daily message comes."""

    hour = forms.TypedChoiceField(label=_("When does it come?"), coerce=int)
    is_sent_short = forms.BooleanField(
        label=_("As a short message, where no e-mail address of mine is on record"),
        help_text=_("It says only how many notices there are."),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        declined: Collection[tuple[str, str]],
        gathered: Collection[str],
        digest: Digest,
        is_staff: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.courtesies = [one for one in courtesies() if is_staff or not one.is_for_staff]
        topics = {one.topic for one in self.courtesies}
        # What is not offered stays as it was chosen.
        self._kept_declined = [pair for pair in declined if pair[0] not in topics]
        self._kept_gathered = [topic for topic in gathered if topic not in topics]
        hours = [
            (hour, localize_digits(time_format(dt.time(hour)))) for hour in range(FIRST_HOUR, LAST_HOUR + 1)
        ]
        self.fields["hour"].choices = hours  # type: ignore[attr-defined]
        self.initial = {"hour": digest.hour, "is_sent_short": digest.is_sent_short}
        for courtesy in self.courtesies:
            channels = [(channel.value, capfirst(channel.label)) for channel in courtesy.channels]
            wanted = [
                channel.value for channel in courtesy.channels if (courtesy.topic, channel) not in declined
            ]
            self.fields[courtesy.topic] = forms.MultipleChoiceField(
                label=str(courtesy.label),
                choices=[*channels, *([(GATHERED, _("Together, once a day"))] if courtesy.may_wait else [])],
                initial=[*wanted, *([GATHERED] if courtesy.topic in gathered else [])],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    @property
    def kinds(self) -> list[forms.BoundField]:
        """The fields of the courtesies."""
        return [self[courtesy.topic] for courtesy in self.courtesies]

    @property
    def declined(self) -> list[tuple[str, str]]:
        return self._kept_declined + [
            (courtesy.topic, channel.value)
            for courtesy in self.courtesies
            for channel in courtesy.channels
            if channel not in self.cleaned_data[courtesy.topic]
        ]

    @property
    def gathered(self) -> list[str]:
        return self._kept_gathered + [
            courtesy.topic for courtesy in self.courtesies if GATHERED in self.cleaned_data[courtesy.topic]
        ]


class PhotoForm(forms.Form):
    # A file of any kind: the service decodes it, and knows what is no picture.
    file = forms.FileField(
        label=_("Picture"),
        help_text=_("Any photo of your phone: it is made small before it is sent. Only your face, upright."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "data-photo": True}),
    )
