"""The form of a hand-over: what, to whom and why."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.scoping.handover import NamedLine, takers


class Lines(forms.MultipleChoiceField):
    """Also what is no longer in the list: the service leaves it as it is and names it."""

    def valid_value(self, value: str) -> bool:
        return ":" in value


class HandOverForm(forms.Form):
    lines = Lines(label=_("What to hand over"), widget=forms.CheckboxSelectMultiple)
    to = forms.ModelChoiceField(
        label=_("To whom"),
        queryset=User.objects.none(),
        help_text=_("Colleagues who have the same role at this center."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Kept in the audit trail."))

    def __init__(self, *args: Any, held: Membership, lines: Sequence[NamedLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["lines"]
        groups: dict[str, list[tuple[str, str]]] = {}
        for line in lines:
            groups.setdefault(str(line.kind.title), []).append((line.key, line.text))
        chosen.choices = list(groups.items())
        to: Any = self.fields["to"]
        to.queryset = takers(held)
