"""The block of a text with gaps in the bank, where choices are in both languages, and words and numbers right in any."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from assessment.blocks.choices import OptionBlock, written_options
from assessment.blocks.common import Values, Written, plain_number, same_texts
from assessment.blocks.compared import PartsBlock
from assessment.blocks.gaps import FillInBlock, GapBlock
from assessment.marking.fill_in import MOST_GAPS


class BankGapBlock(PartsBlock):
    kind = GapBlock.base_blocks["kind"]
    right = blocks.ListBlock(
        blocks.CharBlock(label=_("Answer"), max_length=200),
        label=_("Right answers"),
        default=[],
        max_num=20,
        help_text=_(
            "Words in any of the languages, or numbers. None where one of several choices is filled in."
        ),
    )
    options = blocks.ListBlock(
        OptionBlock(),
        label=_("Choices"),
        default=[],
        max_num=8,
        help_text=_("Only where one of several choices is filled in."),
    )
    tolerance = GapBlock.base_blocks["tolerance"]

    class Meta:
        icon = "edit"
        label = _("Gap")
        label_format = "{right}"


class BankFillInBlock(FillInBlock):
    gaps = blocks.ListBlock(BankGapBlock(), label=_("Gaps"), min_num=1, max_num=MOST_GAPS)

    def fault_of_gap(self, gap: Any) -> Any:
        options = gap["options"]
        if gap["kind"] != "single":
            if options:
                return _("Choices belong to a gap with choices only.")
            return None if gap["right"] else _("Write what is right in each gap.")
        if gap["right"] or sum(option["is_right"] for option in options) != 1 or len(options) < 2:
            return _("A gap with choices has two or more of them, and one is right.")
        if same_texts(option["text"] for option in options):
            return _("Two choices of a gap say the same.")
        return None

    def shape(self, value: Any) -> Any:
        return value["points"], [
            (gap["kind"], [option["is_right"] for option in gap["options"]], list(gap["right"]))
            for gap in value["gaps"]
        ]

    def written(self, values: Values) -> Written:
        content, key = super().written(values)
        # As files write them: each gap counts alike.
        gaps = {id_: {**kept, "points": 1} for id_, kept in key["gaps"].items()}
        return content, {**key, "gaps": gaps}

    def written_gap(self, kind: str, gaps: Values) -> Written:
        first = next(iter(gaps.values()))
        if kind == "single":
            return written_options(
                {language: gap["options"] for language, gap in gaps.items()}, takes_one=True
            )
        if kind == "short_text":
            accepted = [{"text": text} for text in dict.fromkeys(first["right"])]
            return {}, {"accepted": accepted, "is_exact": False}
        tolerance = first["tolerance"] or "0"
        answers = [{"value": plain_number(text), "tolerance": tolerance} for text in first["right"]]
        return {"unit": {"is_asked": False, "has_some": False}}, {"answers": answers, "units": {}}
