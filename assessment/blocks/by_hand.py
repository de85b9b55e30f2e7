"""The blocks of questions that a person marks: an essay, and files."""

from typing import Any

from django.core.exceptions import ValidationError
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
from assessment.marking.by_hand import MOST_FILES
from courses.blocks import TickBlock

# Words that are asked for at most: of what LONGEST_ESSAY holds.
MOST_WORDS = 2500


class LevelBlock(PartsBlock):
    by_language = ("text",)

    text = blocks.CharBlock(label=_("How it is done"), max_length=300)
    # Not "points", which the bank leaves out: those of a question are said where it is asked.
    earns = blocks.IntegerBlock(label=_("Points of the level"), min_value=0, max_value=100, default=0)

    class Meta:
        icon = "bars"
        label = _("Level")
        label_format = "{earns}: {text}"


class CriterionBlock(PartsBlock):
    by_language = ("text",)

    text = blocks.CharBlock(label=_("What is looked at"), max_length=200)
    levels = blocks.ListBlock(LevelBlock(), label=_("Levels"), min_num=2, max_num=6)

    class Meta:
        icon = "list-ul"
        label = _("Criterion")
        label_format = "{text}"


def rubric_block() -> blocks.ListBlock:
    return blocks.ListBlock(
        CriterionBlock(),
        label=_("Rubric"),
        default=[],
        max_num=10,
        help_text=_(
            "What markers look at, with levels and their points. The best levels of all lines together are all points of the question: other "
            "sums are converted. Without a rubric a marker gives points for the whole."
        ),
    )


def shown_block() -> blocks.BooleanBlock:
    return TickBlock(
        label=_("Trainees see the rubric while they answer"),
        required=False,
        help_text=_("Otherwise they see it with their mark."),
    )


class ByHandBlock(QuestionBlock):
    """The rubric is in the key; in the content, too, where trainees see it while they answer."""

    class Meta:
        template = "blocks/question_by_hand.html"

    at_fault = "rubric"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        shown = value["rubric"] if value.get("is_rubric_shown") else []
        return {
            **super().get_context(value, parent_context=parent_context),
            "rubric": shown,
            "kind": self.kind,
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        criteria = cleaned["rubric"]
        if same_texts(criterion["text"] for criterion in criteria):
            self.refuse(_("Two criteria say the same."))
        for criterion in criteria:
            points = [level["earns"] for level in criterion["levels"]]
            if not max(points) or len(set(points)) < len(points):
                self.refuse(
                    _("The levels of a criterion differ in their points, and one of them gives some.")
                )
        return cleaned

    def refuse(self, sentence: Any = None) -> None:
        raise blocks.StructBlockValidationError(
            block_errors={
                self.at_fault: blocks.ListBlockValidationError(
                    non_block_errors=ValidationError(sentence or self.fault)
                )
            }
        )

    def shape(self, value: Any) -> Any:
        rubric = [[level["earns"] for level in criterion["levels"]] for criterion in value["rubric"]]
        return value["points"], self.asked(value), bool(value["is_rubric_shown"]), rubric

    def asked(self, value: Any) -> dict[str, Any]:
        """What of the content is of this kind alone."""
        raise NotImplementedError

    def written(self, values: Values) -> Written:
        first = next(iter(values.values()))
        rubric = [
            {
                "id": str(number),
                "text": {language: value["rubric"][number - 1]["text"] for language, value in values.items()},
                "levels": [
                    {
                        "id": str(place),
                        "text": {
                            language: value["rubric"][number - 1]["levels"][place - 1]["text"]
                            for language, value in values.items()
                        },
                        "points": int(level["earns"]),
                    }
                    for place, level in enumerate(criterion["levels"], start=1)
                ],
            }
            for number, criterion in enumerate(first["rubric"], start=1)
        ]
        content = self.asked(first)
        if rubric and first["is_rubric_shown"]:
            content["rubric"] = rubric
        return content, {"rubric": rubric} if rubric else {}


class EssayBlock(ByHandBlock):
    kind = "essay"
    text = text_block()
    medium = medium_block()
    words = blocks.IntegerBlock(
        label=_("Words, about"),
        required=False,
        min_value=5,
        max_value=MOST_WORDS,
        help_text=_("Shown to trainees as a hint, with a counter. A longer answer is taken, too."),
    )
    rubric = rubric_block()
    is_rubric_shown = shown_block()
    explanation = explanation_block()
    points = points_block()

    class Meta:
        icon = "doc-full"
        label = _("An essay")
        description = _("The trainee writes a text. A person marks it.")
        preview_value = {"text": "صف خطوات تأمين لوحة التوزيع قبل العمل، ولماذا كل خطوة."}

    def asked(self, value: Any) -> dict[str, Any]:
        return {"words": int(value["words"])} if value["words"] else {}


class FilesBlock(ByHandBlock):
    kind = "files"
    text = text_block()
    medium = medium_block()
    most = blocks.IntegerBlock(
        label=_("Files, at most"),
        min_value=1,
        max_value=MOST_FILES,
        default=1,
        help_text=_(
            "Photos of work, or PDF files. Names, places and times that a phone notes in them are removed."
        ),
    )
    rubric = rubric_block()
    is_rubric_shown = shown_block()
    explanation = explanation_block()
    points = points_block()

    class Meta:
        icon = "upload"
        label = _("Photos or a PDF")
        description = _("The trainee sends photos of work, or a PDF. A person marks them.")
        preview_value = {"text": "صوّر التوصيلة بعد إتمامها من زاويتين.", "most": 2}

    def asked(self, value: Any) -> dict[str, Any]:
        return {"most": int(value["most"])}
