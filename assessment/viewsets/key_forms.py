"""The form for another key of a question, by its kind."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.bilingual import LANGUAGES
from assessment.enums import KeyRule, QuestionKind
from assessment.models import QuestionVersion
from assessment.services.regrades import LONGEST_REASON
from assessment.viewsets.key_fields import WAYS, Part, fields_of, key_typed

LONGEST_EXPLANATION = 1000


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
        explanations = self._explanations() if has_key else {}
        self.fields.update(explanations)
        self.order_fields(["rule", *(name for name, _field in key_fields), *explanations, "reason"])

    def _explanations(self) -> dict[str, forms.Field]:
        return {
            f"explanation_{language}": forms.CharField(
                label=_("Explanation of the other key (%(language)s)") % {"language": name},
                required=False,
                max_length=LONGEST_EXPLANATION,
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
                help_text=_("Trainees no longer read the explanation of the key that was wrong."),
            )
            for language, name in LANGUAGES.items()
        }

    @property
    def key(self) -> dict[str, Any] | None:
        """What marks, once the form is valid; None where the rule needs no key."""
        typed = self.cleaned_data
        if typed["rule"] != KeyRule.KEY:
            return None
        key = {name: part for name, part in key_typed(self.part, typed).items() if name != "explanation"}
        texts = {language: typed[f"explanation_{language}"].strip() for language in LANGUAGES}
        said = {language: text for language, text in texts.items() if text}
        return {**key, "explanation": said} if said else key
