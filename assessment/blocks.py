"""Blocks of questions. Their templates show what a trainee sees: never the key.

Each block writes its question down as content and key (`assessment.marking`), from its values by language, the source language first.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from assessment.marking.choice import even_weights
from assessment.marking.kinds import question_of
from assessment.marking.question import InvalidQuestion

PREVIEW = {
    "text": "ما أول ما تفعله قبل فتح لوحة التوزيع؟",
    "options": [
        {"text": "أفصل القاطع الرئيسي وأتأكد من عدم وجود تيار", "is_right": True},
        {"text": "أرتدي القفازات وأبدأ العمل", "is_right": False},
    ],
}
TRUE = {"ar": "صواب", "en": "True"}
FALSE = {"ar": "خطأ", "en": "False"}

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


def points_block() -> blocks.IntegerBlock:
    return blocks.IntegerBlock(label=_("Points"), min_value=1, max_value=100, default=1)


def texts(values: Values, name: str) -> dict[str, str]:
    """A text by language, where there is one."""
    return {language: value[name] for language, value in values.items() if value[name]}


class OptionBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Option"), max_length=200)
    is_right = blocks.BooleanBlock(label=_("Right"), required=False)

    class Meta:
        icon = "tick"
        label = _("Option")
        label_format = "{text}"
        template = "blocks/question_option.html"


class QuestionBlock(blocks.StructBlock):
    """What all kinds of question have. The block's own id is the id of the question."""

    # As `assessment.marking.kinds` calls it.
    kind: str

    class Meta:
        icon = "help"
        label_format = "{text}"

    def shape(self, value: Any) -> Any:
        """What has to be the same in all languages for them to be one question."""
        return value["points"]

    def written(self, values: Values) -> Written:
        """Content and key of this kind, but for the text and the explanation."""
        raise NotImplementedError

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        try:
            question_of(self.kind, *self.written({"ar": cleaned}))
        except InvalidQuestion:
            self.refuse()
        return cleaned

    # What has a fault where the question cannot be marked, and what to do.
    at_fault = "text"
    fault = _("This question cannot be marked. Look through what is right.")

    def refuse(self, sentence: Any = None) -> None:
        raise blocks.StructBlockValidationError(
            block_errors={self.at_fault: ValidationError(sentence or self.fault)}
        )


class ChoiceBlock(QuestionBlock):
    """Options, of which some are right."""

    text = text_block()
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
        said = [" ".join(option["text"].split()) for option in cleaned["options"]]
        if len(set(said)) < len(said):
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
        options = {language: list(value["options"].bound_blocks) for language, value in values.items()}
        first = next(iter(options.values()))
        # Wagtail gives a new option its id when it is saved; before, places will do.
        ids = [option.id or str(place) for place, option in enumerate(first)]
        shown = [
            {"id": id_, "text": {language: those[place].value["text"] for language, those in options.items()}}
            for place, id_ in enumerate(ids)
        ]
        right = [id_ for id_, option in zip(ids, first, strict=True) if option.value["is_right"]]
        wrong = [id_ for id_ in ids if id_ not in right]
        weights = even_weights(right, wrong, takes_one=self.takes_one) if right else {}
        return {"options": shown}, {"weights": weights}


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
    is_true = blocks.BooleanBlock(label=_("The statement is true"), required=False)
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


class PairBlock(blocks.StructBlock):
    left = blocks.CharBlock(label=_("This"), max_length=200)
    right = blocks.CharBlock(label=_("belongs to this"), max_length=200)

    class Meta:
        icon = "link"
        label = _("Pair")
        label_format = "{left} – {right}"


class MatchingBlock(QuestionBlock):
    kind = "matching"
    text = text_block()
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
        lefts = [" ".join(pair["left"].split()) for pair in cleaned["pairs"]]
        if len(set(lefts)) < len(lefts):
            self.refuse(_("Two pairs begin alike."))
        if {pair["right"] for pair in cleaned["pairs"]} & set(cleaned["others"]):
            self.refuse(_("A choice that belongs to nothing belongs to a pair, too."))
        return cleaned

    def shape(self, value: Any) -> Any:
        rights = [pair["right"] for pair in value["pairs"]]
        return value["points"], [rights.index(right) for right in rights], len(value["others"])

    def written(self, values: Values) -> Written:
        first = next(iter(values.values()))
        # Sorted, so that no id and no place says which choice is whose.
        choices = sorted({*(pair["right"] for pair in first["pairs"]), *first["others"]})
        ids = {text: str(number) for number, text in enumerate(choices, start=1)}
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


class QuestionBlocks(blocks.StreamBlock):
    """The questions of a quiz, in order."""

    single = SingleChoiceBlock()
    multiple = MultipleChoiceBlock()
    true_false = TrueFalseBlock()
    numeric = NumberBlock()
    short_text = ShortTextBlock()
    matching = MatchingBlock()

    class Meta:
        max_num = 100
