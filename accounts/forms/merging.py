"""Forms of merging two records, of undoing it, and of notes about a person."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models.notes import LONGEST_NOTE


class RecordSearchForm(forms.Form):
    q = forms.CharField(
        label=_("Name, national number, mobile number or user name"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MergeForm(forms.Form):
    reason = forms.CharField(
        label=_("How do you know that both are one person?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "For example: the person came with the card and knew both phone numbers. The person may read it."
        ),
    )


class UndoMergeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why are these two people?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The person may read it."),
    )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("New note"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "For staff of your center who may see this person. It is never changed or deleted, and the person may read it: by law it is"
            " in the file of their own data."
        ),
    )
