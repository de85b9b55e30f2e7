"""The form for another key of a question, by its kind."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.enums import KeyRule, QuestionKind
from assessment.marking.choice import even_weights
from assessment.models import QuestionVersion
from assessment.queries.questions import in_language
from assessment.services.regrades import LONGEST_REASON

CHOICES = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE})
WITH_A_KEY = CHOICES | {QuestionKind.NUMERIC, QuestionKind.SHORT_TEXT, QuestionKind.MATCHING}


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
        self.version, self.old_key = version, key
        self.kind = QuestionKind(version.kind)
        rules = [one for one in KeyRule if one != KeyRule.KEY or self.kind in WITH_A_KEY]
        rule = cast("forms.ChoiceField", self.fields["rule"])
        rule.choices, rule.initial = [(one.value, one.label) for one in rules], rules[0].value
        self.key_fields = list(self._key_fields())
        for name, field in self.key_fields:
            field.required = False
            self.fields[name] = field
        self.order_fields(["rule", *(name for name, _field in self.key_fields), "reason"])

    def _key_fields(self) -> list[tuple[str, forms.Field]]:
        match self.kind:
            case QuestionKind.SINGLE | QuestionKind.MULTIPLE | QuestionKind.TRUE_FALSE:
                return [("right", self._options())]
            case QuestionKind.NUMERIC:
                answer = self.old_key["answers"][0]
                return [
                    (
                        "value",
                        forms.CharField(
                            label=_("Right number"),
                            max_length=200,
                            initial=answer["value"],
                            help_text=_(
                                "Such as 3.14 or 1/3. With generated values a formula: {u} / {r}, sqrt({a}^2 + {b}^2)."
                            ),
                        ),
                    ),
                    (
                        "tolerance",
                        forms.CharField(
                            label=_("Tolerance"),
                            max_length=20,
                            initial=answer.get("tolerance", "0"),
                            help_text=_(
                                "How far from it is still right: a number such as 0.01, or a share such as 5%."
                            ),
                        ),
                    ),
                ]
            case QuestionKind.SHORT_TEXT:
                texts = "\n".join(one["text"] for one in self.old_key["accepted"])
                area = forms.Textarea(attrs={"rows": 4, "dir": "auto"})
                help_text = _("One on each line. Every one is right.")
                return [
                    (
                        "accepted",
                        forms.CharField(
                            label=_("Right answers"),
                            widget=area,
                            initial=texts,
                            help_text=help_text,
                            max_length=4000,
                        ),
                    )
                ]
            case QuestionKind.MATCHING:
                choices = [(one["id"], in_language(one["text"])) for one in self.version.content["choices"]]
                return [
                    (
                        f"pair-{stem['id']}",
                        forms.ChoiceField(
                            label=in_language(stem["text"]),
                            choices=choices,
                            initial=self.old_key["pairs"][stem["id"]],
                        ),
                    )
                    for stem in self.version.content["stems"]
                ]
            case _:
                return []

    def _options(self) -> forms.Field:
        weights = self.old_key["weights"]
        return forms.MultipleChoiceField(
            label=_("Right options"),
            choices=[(one["id"], in_language(one["text"])) for one in self.version.content["options"]],
            initial=[one for one, weight in weights.items() if not weight.startswith(("-", "0"))],
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Where one answer is asked for, each that is ticked is right.")
            if self.kind != QuestionKind.MULTIPLE
            else "",
        )

    @property
    def key(self) -> dict[str, Any] | None:
        """What marks, once the form is valid; None where the rule needs no key."""
        typed = self.cleaned_data
        if typed["rule"] != KeyRule.KEY:
            return None
        match self.kind:
            case QuestionKind.NUMERIC:
                answer = {
                    **self.old_key["answers"][0],
                    "value": typed["value"],
                    "tolerance": typed["tolerance"] or "0",
                }
                return {**self.old_key, "answers": [answer, *self.old_key["answers"][1:]]}
            case QuestionKind.SHORT_TEXT:
                lines = dict.fromkeys(" ".join(one.split()) for one in typed["accepted"].splitlines())
                return {**self.old_key, "accepted": [{"text": one} for one in lines if one]}
            case QuestionKind.MATCHING:
                stems = [stem["id"] for stem in self.version.content["stems"]]
                return {**self.old_key, "pairs": {one: typed[f"pair-{one}"] for one in stems}}
            case _:
                right = typed["right"]
                wrong = [one["id"] for one in self.version.content["options"] if one["id"] not in right]
                takes_one = self.kind != QuestionKind.MULTIPLE
                weights = even_weights(right, wrong, takes_one=takes_one) if right else {}
                return {**self.old_key, "weights": weights}
