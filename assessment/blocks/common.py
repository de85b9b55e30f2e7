"""What all blocks of questions have. Their templates show what a trainee sees: never the key.

Each block writes its question down as content and key (`assessment.marking`), from its values by language, the source language first.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from accounts.digits import latin_digits
from assessment.blocks.compared import PartsBlock
from assessment.blocks.medium import MediumBlock, medium_shape, written_medium
from assessment.marking.kinds import question_of
from assessment.marking.question import InvalidQuestion

# A part of a question by language.
type Values = Mapping[str, Any]
# Content and key.
type Written = tuple[dict[str, Any], dict[str, Any]]


def text_block() -> blocks.TextBlock:
    return blocks.TextBlock(label=_("Question"), rows=2, max_length=1000)


def explanation_block() -> blocks.TextBlock:
    return blocks.TextBlock(
        label=_("Explanation"),
        rows=2,
        max_length=1000,
        required=False,
        help_text=_("Shown after marking. Say why, so that a next attempt teaches something."),
    )


def medium_block() -> MediumBlock:
    return MediumBlock(required=False)


def points_block() -> blocks.IntegerBlock:
    return blocks.IntegerBlock(label=_("Points"), min_value=1, max_value=100, default=1)


def texts(values: Values, name: str) -> dict[str, str]:
    """A text by language, where there is one."""
    return {language: value[name] for language, value in values.items() if value[name]}


def plain_number(text: str) -> str:
    """A number or a formula with digits and a point as `assessment.marking` reads them."""
    return latin_digits(text).replace("٫", ".").strip()


def same_texts(said: Iterable[str]) -> bool:
    """Whether two texts are the same but for spaces."""
    folded = [" ".join(text.split()) for text in said]
    return len(set(folded)) < len(folded)


def ids_by_text(said: Iterable[str]) -> dict[str, str]:
    """An id for each text. They follow the alphabet, so that neither an id nor its place says what is right."""
    return {text: str(number) for number, text in enumerate(sorted(set(said)), start=1)}


class QuestionBlock(PartsBlock):
    """What all kinds of question have. The block's own id is the id of the question."""

    # As `assessment.marking.kinds` calls it.
    kind: str
    # The parts that are written in each language; the bank has both side by side (`assessment.bilingual`).
    by_language: tuple[str, ...] = ("text", "explanation")

    class Meta:
        icon = "help"
        label_format = "{text}"

    def shape(self, value: Any) -> Any:
        """What has to be the same in all languages for them to be one question."""
        return value["points"]

    def written(self, values: Values) -> Written:
        """Content and key of this kind, but for the text and the explanation."""
        raise NotImplementedError

    def whole(self, values: Values) -> Written:
        """Content and key as they are stored."""
        content, key = self.written(values)
        medium = written_medium({language: value.get("medium") for language, value in values.items()})
        return {
            "text": texts(values, "text"),
            **content,
            **({"medium": medium} if medium else {}),
        }, {**key, "explanation": texts(values, "explanation")}

    def whole_shape(self, value: Any) -> Any:
        """`shape`, with what the question shows or plays."""
        return self.shape(value), medium_shape(value.get("medium"))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        try:
            question_of(self.kind, *self.written({"ar": cleaned}))
        except InvalidQuestion:
            self.refuse(self.fault_in({"ar": cleaned}))
        return cleaned

    # What has a fault where the question cannot be marked, and what to do.
    at_fault = "text"
    fault = _("This question cannot be marked. Look through what is right.")

    def fault_in(self, _values: Values) -> Any:
        """What is said of values that cannot be marked."""
        return self.fault

    def refuse(self, sentence: Any = None) -> None:
        raise blocks.StructBlockValidationError(
            block_errors={self.at_fault: ValidationError(sentence or self.fault)}
        )
