"""Blocks of questions that are answered in a line that is typed."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from assessment.blocks.common import (
    QuestionBlock,
    Values,
    Written,
    explanation_block,
    medium_block,
    plain_number,
    points_block,
    text_block,
)
from assessment.blocks.compared import PartsBlock
from assessment.chance import Chance
from assessment.marking.numeric import Numeric, names_in
from assessment.marking.question import InvalidQuestion
from courses.blocks import TickBlock

# Attempts that are tried when a question is saved. Each finds values in far fewer draws than an attempt makes, so that none is left without.
SEEDS_TRIED, DRAWS_TRIED = 50, 3


class UnitBlock(PartsBlock):
    name = blocks.CharBlock(label=_("Unit of measurement"), max_length=20)
    factor = blocks.CharBlock(
        label=_("How much of the first unit"),
        max_length=20,
        default="1",
        help_text=_("1 for the first one. For centimeters after meters: 1/100."),
    )

    class Meta:
        icon = "tag"
        label = _("Unit of measurement")
        label_format = "{name}"


class VariableBlock(PartsBlock):
    name = blocks.RegexBlock(
        regex=r"^[A-Za-z_][A-Za-z_0-9]{0,30}$",
        label=_("Name"),
        error_messages={"invalid": _("A name has Latin letters, digits and _, and begins with a letter.")},
    )
    low = blocks.CharBlock(label=_("From"), max_length=20)
    high = blocks.CharBlock(label=_("Up to"), max_length=20)
    step = blocks.CharBlock(label=_("In steps of"), max_length=20, default="1")

    class Meta:
        icon = "sliders"
        label = _("Value")
        label_format = "{name}: {low}–{high}"


class NumberBlock(QuestionBlock):
    kind = "numeric"
    text = text_block()
    medium = medium_block()
    value = blocks.CharBlock(
        label=_("Right number"),
        max_length=200,
        help_text=_("Such as 3.14 or 1/3. With generated values a formula: {u} / {r}, sqrt({a}^2 + {b}^2)."),
    )
    tolerance = blocks.CharBlock(
        label=_("Tolerance"),
        max_length=20,
        default="0",
        help_text=_("How far from it is still right: a number such as 0.01, or a share such as 5%."),
    )
    units = blocks.ListBlock(
        UnitBlock(),
        label=_("Units of measurement"),
        default=[],
        max_num=10,
        help_text=_("Units that may be typed behind the number. Without any, the number is typed alone."),
    )
    is_unit_asked = TickBlock(label=_("A unit has to be typed"), required=False)
    variables = blocks.ListBlock(
        VariableBlock(),
        label=_("Generated values"),
        default=[],
        max_num=10,
        help_text=_("Each attempt gets numbers of its own. Write {name} in the question where one is shown."),
    )
    explanation = explanation_block()
    points = points_block()

    class Meta:
        icon = "decimal"
        label = _("A number")
        description = _("The trainee types a number, in any digits.")
        template = "blocks/question_line.html"
        preview_value = {"text": "ما شدة التيار بالأمبير؟ الجهد ٢٢٠ فولت والمقاومة ٤٤ أوم.", "value": "5"}

    at_fault = "value"
    fault = _(
        "Write one number, such as 3.14 or 1/3, or a formula of the generated values, and a tolerance and units that are numbers."
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        names = [one["name"] for one in cleaned["variables"]]
        if len(set(names)) < len(names):
            self.refuse(_("Two generated values have one name."))
        shown = names_in(cleaned["text"])
        if names and (missing := sorted(set(names) - shown)):
            self.refuse(_("The question does not show the value {%(name)s}.") % {"name": missing[0]})
        question = Numeric(*self.written({"ar": cleaned}))
        try:
            for seed in range(SEEDS_TRIED):
                question.drawn(Chance(seed), draws=DRAWS_TRIED)
        except InvalidQuestion:
            self.refuse(_("The formula has no result for some of the generated values."))
        return cleaned

    def shape(self, value: Any) -> Any:
        variables = [tuple(one.values()) for one in value.get("variables") or ()]
        return value["points"], value["value"], value["tolerance"], value["is_unit_asked"], variables

    def written(self, values: Values) -> Written:
        first = next(iter(values.values()))
        units = {unit["name"]: unit["factor"] for value in values.values() for unit in value["units"]}
        content: dict[str, Any] = {
            "unit": {"is_asked": bool(first["is_unit_asked"]), "has_some": bool(units)}
        }
        answer = {"value": plain_number(first["value"]), "tolerance": first["tolerance"] or "0"}
        key: dict[str, Any] = {"answers": [answer], "units": units}
        if variables := first.get("variables"):
            content["variables"] = [one["name"] for one in variables]
            key["variables"] = [dict(one) for one in variables]
        return content, key


class ShortTextBlock(QuestionBlock):
    kind = "short_text"
    text = text_block()
    medium = medium_block()
    accepted = blocks.ListBlock(
        blocks.CharBlock(label=_("Answer"), max_length=200),
        label=_("Right answers"),
        min_num=1,
        max_num=20,
        help_text=_(
            "Every one is right. Hamza, vowel signs and capital letters do not matter; * is any words."
        ),
    )
    is_exact = TickBlock(
        label=_("The spelling matters"), required=False, help_text=_("As in a symbol: NaCl, mW.")
    )
    explanation = explanation_block()
    points = points_block()

    class Meta:
        icon = "pilcrow"
        label = _("A word")
        description = _("The trainee types a word or a few.")
        template = "blocks/question_line.html"
        preview_value = {"text": "ما اسم الجهاز الذي يفصل التيار عند زيادة الحمل؟", "accepted": ["القاطع"]}

    at_fault = "accepted"
    fault = _("Write at least one answer that is more than signs, with at most five asterisks.")

    def shape(self, value: Any) -> Any:
        return value["points"], value["is_exact"]

    def written(self, values: Values) -> Written:
        accepted = dict.fromkeys(text for value in values.values() for text in value["accepted"])
        key = {
            "accepted": [{"text": text} for text in accepted],
            "is_exact": any(v["is_exact"] for v in values.values()),
        }
        return {}, key
