"""Blocks of questions that are answered by choosing options."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from assessment.blocks.common import (
    QuestionBlock,
    Values,
    Written,
    explanation_block,
    medium_block,
    points_block,
    same_texts,
    text_block,
)
from assessment.blocks.compared import PartsBlock
from assessment.marking.choice import even_weights
from courses.blocks import TickBlock

PREVIEW = {
    "text": "ما أول ما تفعله قبل فتح لوحة التوزيع؟",
    "options": [
        {"text": "أفصل القاطع الرئيسي وأتأكد من عدم وجود تيار", "is_right": True},
        {"text": "أرتدي القفازات وأبدأ العمل", "is_right": False},
    ],
}
TRUE = {"ar": "صواب", "en": "True"}
FALSE = {"ar": "خطأ", "en": "False"}


class OptionBlock(PartsBlock):
    by_language = ("text",)

    text = blocks.CharBlock(label=_("Option"), max_length=200)
    is_right = TickBlock(label=_("Right"), required=False)

    class Meta:
        icon = "tick"
        label = _("Option")
        label_format = "{text}"
        template = "blocks/question_option.html"


def written_options(lists: Mapping[str, Any], *, takes_one: bool) -> Written:
    """Content and key of lists of `OptionBlock` by language."""
    options = {language: list(those.bound_blocks) for language, those in lists.items()}
    first = next(iter(options.values()))
    # Wagtail gives a new option its id when it is saved; before, places will do.
    ids = [option.id or str(place) for place, option in enumerate(first)]
    shown = [
        {"id": id_, "text": {language: those[place].value["text"] for language, those in options.items()}}
        for place, id_ in enumerate(ids)
    ]
    right = [id_ for id_, option in zip(ids, first, strict=True) if option.value["is_right"]]
    wrong = [id_ for id_ in ids if id_ not in right]
    weights = even_weights(right, wrong, takes_one=takes_one) if right else {}
    return {"options": shown}, {"weights": weights}


class ChoiceBlock(QuestionBlock):
    """Options, of which some are right."""

    text = text_block()
    medium = medium_block()
    options = blocks.ListBlock(OptionBlock(), label=_("Options"), min_num=2, max_num=8)
    explanation = explanation_block()
    points = points_block()

    class Meta:
        template = "blocks/question.html"
        preview_value = PREVIEW

    # The control a trainee chooses with.
    control = "radio"
    takes_one = True
    at_fault = "options"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return {**super().get_context(value, parent_context=parent_context), "control": self.control}

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if same_texts(option["text"] for option in cleaned["options"]):
            self.refuse(_("Two options say the same."))
        self.check_right_options(sum(option["is_right"] for option in cleaned["options"]))
        return cleaned

    def check_right_options(self, right: int) -> None:
        """Refuse a number of right options that this kind of question cannot have."""
        if right < 1:
            self.refuse(_("Mark at least one option as right."))

    def shape(self, value: Any) -> Any:
        return value["points"], [option["is_right"] for option in value["options"]]

    def written(self, values: Values) -> Written:
        options = {language: value["options"] for language, value in values.items()}
        return written_options(options, takes_one=self.takes_one)


class SingleChoiceBlock(ChoiceBlock):
    kind = "single"

    class Meta:
        icon = "radio-full"
        label = _("One right answer")
        description = _("The trainee chooses one option.")

    fault = _("Mark exactly one option as right.")

    def check_right_options(self, right: int) -> None:
        if right != 1:
            self.refuse()


class MultipleChoiceBlock(ChoiceBlock):
    kind = "multiple"

    class Meta:
        icon = "list-ul"
        label = _("Several right answers")
        description = _("The trainee ticks every right option. Wrong ticks take marks back.")

    control = "checkbox"
    takes_one = False
    fault = _("Mark at least one option as right.")


class TrueFalseBlock(QuestionBlock):
    kind = "true_false"
    text = blocks.TextBlock(label=_("Statement"), rows=2, max_length=1000)
    medium = medium_block()
    is_true = TickBlock(label=_("The statement is true"), required=False)
    explanation = explanation_block()
    points = points_block()

    class Meta:
        icon = "check"
        label = _("True or false")
        description = _("The trainee says whether a statement is true.")
        template = "blocks/question_true_false.html"
        preview_value = {"text": "يُفحص غياب التيار بعد فصل القاطع وقبل لمس الأسلاك.", "is_true": True}

    def shape(self, value: Any) -> Any:
        return value["points"], value["is_true"]

    def written(self, values: Values) -> Written:
        is_true = next(iter(values.values()))["is_true"]
        options = [{"id": "true", "text": TRUE}, {"id": "false", "text": FALSE}]
        return {"options": options}, {"weights": {"true" if is_true else "false": "1"}}
