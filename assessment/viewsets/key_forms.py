"""The form for another key of a question, by its kind."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.enums import KeyRule, QuestionKind
from assessment.models import QuestionVersion
from assessment.services.regrades import LONGEST_REASON
from assessment.viewsets.key_fields import WAYS, Part, fields_of, key_typed


class KeyForm(forms.Form):
    """Shows the key as it is; `key` is the other one, for the service."""

    rule = forms.ChoiceField(label=_("From now on"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("What was wrong"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("Kept with each mark that changes. Staff who certify read it; trainees do not."),
    )

    def __init__(self, *args: Any, version: QuestionVersion, key: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = Part(version.kind, version.content, key)
        has_key = QuestionKind(version.kind) in WAYS
        rules = [one for one in KeyRule if one != KeyRule.KEY or has_key]
        rule = cast("forms.ChoiceField", self.fields["rule"])
        rule.choices, rule.initial = [(one.value, one.label) for one in rules], rules[0].value
        key_fields = fields_of(self.part)
        for name, field in key_fields:
            field.required = False
            self.fields[name] = field
        self.order_fields(["rule", *(name for name, _field in key_fields), "reason"])

    @property
    def key(self) -> dict[str, Any] | None:
        """What marks, once the form is valid; None where the rule needs no key."""
        typed = self.cleaned_data
        return key_typed(self.part, typed) if typed["rule"] == KeyRule.KEY else None
