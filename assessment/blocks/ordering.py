"""The block of steps to put in order."""

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
from assessment.marking.ordering import Credit
from courses.blocks import OneOfBlock


class OrderingBlock(QuestionBlock):
    kind = "ordering"
    by_language = ("text", "explanation", "items")
    text = text_block()
    medium = medium_block()
    items = blocks.ListBlock(
        blocks.CharBlock(label=_("Step"), max_length=200),
        label=_("Steps in the right order"),
        min_num=3,
        max_num=10,
        help_text=_("Trainees see them mixed, each in an order of their own."),
    )
    credit = OneOfBlock(
        label=_("How an order earns marks"),
        choices=[
            (Credit.ALL.value, _("all or nothing")),
            (Credit.PLACES.value, _("for each step in its place")),
            (Credit.NEIGHBORS.value, _("for each step that is followed by the right one")),
        ],
        default=Credit.PLACES.value,
    )
    explanation = explanation_block()
    points = points_block()

    class Meta:
        icon = "list-ol"
        label = _("Steps in order")
        description = _("The trainee puts steps in order.")
        template = "blocks/question_ordering.html"
        preview_value = {
            "text": "رتب خطوات فصل التيار.",
            "items": ["أفصل القاطع", "أعلق لافتة التحذير", "أفحص غياب التيار"],
            "credit": Credit.PLACES.value,
        }

    at_fault = "items"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        # The order is the key.
        return {**super().get_context(value, parent_context=parent_context), "steps": sorted(value["items"])}

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if same_texts(cleaned["items"]):
            self.refuse(_("Two steps say the same."))
        return cleaned

    def shape(self, value: Any) -> Any:
        return value["points"], len(value["items"]), value["credit"]

    def written(self, values: Values) -> Written:
        first = next(iter(values.values()))
        ids = ids_by_text(first["items"])
        items: dict[str, dict[str, str]] = {key: {} for key in ids.values()}
        for language, value in values.items():
            for own, text in zip(first["items"], value["items"], strict=True):
                items[ids[own]][language] = text
        content = {"items": [{"id": key, "text": text} for key, text in items.items()]}
        return content, {"order": [ids[text] for text in first["items"]], "credit": str(first["credit"])}
