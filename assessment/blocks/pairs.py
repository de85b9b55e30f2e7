"""The block of what belongs together."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from assessment.blocks.common import (
    QuestionBlock,
    Values,
    Written,
    explanation_block,
    ids_by_text,
    medium_block,
    points_block,
    same_texts,
    text_block,
)
from assessment.blocks.compared import PartsBlock


class PairBlock(PartsBlock):
    by_language = ("left", "right")

    left = blocks.CharBlock(label=_("This"), max_length=200)
    right = blocks.CharBlock(label=_("belongs to this"), max_length=200)

    class Meta:
        icon = "link"
        label = _("Pair")
        label_format = "{left} – {right}"


class MatchingBlock(QuestionBlock):
    kind = "matching"
    by_language = ("text", "explanation", "others")
    text = text_block()
    medium = medium_block()
    pairs = blocks.ListBlock(PairBlock(), label=_("Pairs"), min_num=2, max_num=8)
    others = blocks.ListBlock(
        blocks.CharBlock(label=_("Choice"), max_length=200),
        label=_("Choices that belong to nothing"),
        default=[],
        max_num=4,
    )
    explanation = explanation_block()
    points = points_block()

    class Meta:
        icon = "link"
        label = _("Pairs")
        description = _("The trainee finds what belongs together.")
        template = "blocks/question_matching.html"
        preview_value = {
            "text": "لأي غرض كل أداة؟",
            "pairs": [
                {"left": "مفك الاختبار", "right": "كشف التيار"},
                {"left": "الكماشة", "right": "قطع السلك"},
            ],
        }

    at_fault = "pairs"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if same_texts(pair["left"] for pair in cleaned["pairs"]):
            self.refuse(_("Two pairs begin alike."))
        if {pair["right"] for pair in cleaned["pairs"]} & set(cleaned["others"]):
            self.refuse(_("A choice that belongs to nothing belongs to a pair, too."))
        return cleaned

    def shape(self, value: Any) -> Any:
        rights = [pair["right"] for pair in value["pairs"]]
        return value["points"], [rights.index(right) for right in rights], len(value["others"])

    def written(self, values: Values) -> Written:
        first = next(iter(values.values()))
        ids = ids_by_text([*(pair["right"] for pair in first["pairs"]), *first["others"]])
        by_language: dict[str, dict[str, str]] = {key: {} for key in ids.values()}
        for language, value in values.items():
            for own, pair in zip(first["pairs"], value["pairs"], strict=True):
                by_language[ids[own["right"]]][language] = pair["right"]
            for own, text in zip(first["others"], value["others"], strict=True):
                by_language[ids[own]][language] = text
        stems = [
            {
                "id": str(number),
                "text": {language: value["pairs"][number - 1]["left"] for language, value in values.items()},
            }
            for number in range(1, len(first["pairs"]) + 1)
        ]
        pairs = {str(number): ids[pair["right"]] for number, pair in enumerate(first["pairs"], start=1)}
        shown = [{"id": key, "text": text} for key, text in by_language.items()]
        return {"stems": stems, "choices": shown}, {"pairs": pairs}
