"""Blocks of questions. Their templates show what a trainee sees: never which option is right."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

PREVIEW = {
    "text": "ما أول ما تفعله قبل فتح لوحة التوزيع؟",
    "options": [
        {"text": "أفصل القاطع الرئيسي وأتأكد من عدم وجود تيار", "is_right": True},
        {"text": "أرتدي القفازات وأبدأ العمل", "is_right": False},
    ],
}


class OptionBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Option"), max_length=200)
    is_right = blocks.BooleanBlock(label=_("Right"), required=False)

    class Meta:
        icon = "tick"
        label = _("Option")
        label_format = "{text}"
        template = "blocks/question_option.html"


class QuestionBlock(blocks.StructBlock):
    """What both kinds of question have. The block's own id is the id of the question."""

    text = blocks.TextBlock(label=_("Question"), rows=2, max_length=1000)
    options = blocks.ListBlock(OptionBlock(), label=_("Options"), min_num=2, max_num=8)
    explanation = blocks.TextBlock(
        label=_("Explanation"),
        rows=2,
        max_length=1000,
        required=False,
        help_text=_("Shown after marking. Say why, so that a next attempt teaches something."),
    )
    points = blocks.IntegerBlock(label=_("Points"), min_value=1, max_value=100, default=1)

    class Meta:
        icon = "help"
        template = "blocks/question.html"
        label_format = "{text}"
        preview_value = PREVIEW

    # The control a trainee chooses with.
    control = "radio"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return {**super().get_context(value, parent_context=parent_context), "control": self.control}

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        texts = [" ".join(option["text"].split()) for option in cleaned["options"]]
        if len(set(texts)) < len(texts):
            self._refuse(_("Two options say the same."))
        self.check_right_options(sum(option["is_right"] for option in cleaned["options"]))
        return cleaned

    def check_right_options(self, right: int) -> None:
        """Refuse a number of right options that this kind of question cannot have."""
        if right < 1:
            self._refuse(_("Mark at least one option as right."))

    def _refuse(self, sentence: Any) -> None:
        raise blocks.StructBlockValidationError(block_errors={"options": ValidationError(sentence)})


class SingleChoiceBlock(QuestionBlock):
    class Meta:
        icon = "radio-full"
        label = _("One right answer")
        description = _("The trainee chooses one option.")

    def check_right_options(self, right: int) -> None:
        if right != 1:
            self._refuse(_("Mark exactly one option as right."))


class MultipleChoiceBlock(QuestionBlock):
    class Meta:
        icon = "list-ul"
        label = _("Several right answers")
        description = _("The trainee ticks every right option. Wrong ticks take marks back.")

    control = "checkbox"


class QuestionBlocks(blocks.StreamBlock):
    """The questions of a quiz, in order."""

    single = SingleChoiceBlock()
    multiple = MultipleChoiceBlock()

    class Meta:
        max_num = 100
