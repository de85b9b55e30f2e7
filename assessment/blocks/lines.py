"""Blocks of questions that are answered in a line that is typed."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from assessment.blocks.common import (
    QuestionBlock,
    Values,
    Written,
    explanation_block,
    points_block,
    text_block,
)


class UnitBlock(blocks.StructBlock):
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


class NumberBlock(QuestionBlock):
    kind = "numeric"
    text = text_block()
    value = blocks.CharBlock(label=_("Right number"), max_length=40, help_text=_("Such as 3.14 or 1/3."))
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
    is_unit_asked = blocks.BooleanBlock(label=_("A unit has to be typed"), required=False)
    explanation = explanation_block()
    points = points_block()

    class Meta:
        icon = "decimal"
        label = _("A number")
        description = _("The trainee types a number, in any digits.")
        template = "blocks/question_line.html"
        preview_value = {"text": "ما شدة التيار بالأمبير؟ الجهد ٢٢٠ فولت والمقاومة ٤٤ أوم.", "value": "5"}

    at_fault = "value"
    fault = _("Write one number, such as 3.14 or 1/3, and a tolerance and units that are numbers.")

    def shape(self, value: Any) -> Any:
        return value["points"], value["value"], value["tolerance"], value["is_unit_asked"]

    def written(self, values: Values) -> Written:
        first = next(iter(values.values()))
        units = {unit["name"]: unit["factor"] for value in values.values() for unit in value["units"]}
        content = {"unit": {"is_asked": bool(first["is_unit_asked"]), "has_some": bool(units)}}
        return content, {
            "answers": [{"value": first["value"], "tolerance": first["tolerance"] or "0"}],
            "units": units,
        }


class ShortTextBlock(QuestionBlock):
    kind = "short_text"
    text = text_block()
    accepted = blocks.ListBlock(
        blocks.CharBlock(label=_("Answer"), max_length=200),
        label=_("Right answers"),
        min_num=1,
        max_num=20,
        help_text=_(
            "Every one is right. Hamza, vowel signs and capital letters do not matter; * is any words."
        ),
    )
    is_exact = blocks.BooleanBlock(
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
