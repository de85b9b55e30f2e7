"""The block of a text with gaps."""

import re
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from accounts.digits import latin_digits
from accounts.services.formatting import localize_digits
from assessment.blocks.common import (
    QuestionBlock,
    Values,
    Written,
    explanation_block,
    ids_by_text,
    medium_block,
    plain_number,
    points_block,
    same_texts,
)
from assessment.blocks.compared import PartsBlock
from assessment.marking.fill_in import MOST_GAPS
from assessment.marking.kinds import question_of
from assessment.marking.question import InvalidQuestion
from courses.blocks import OneOfBlock

# As authors write a gap in the text, in any digits.
_PLACE = re.compile(r"\[\[\s*([0-9]{1,2})\s*\]\]")


def places_in(text: str) -> list[int]:
    """The numbers of the gaps in a text, in its order."""
    return [int(number) for number in _PLACE.findall(latin_digits(text))]


def with_plain_places(text: str) -> str:
    """The text with its gaps as `[[1]]`."""
    found = list(_PLACE.finditer(latin_digits(text)))
    ends = [0, *(one.end() for one in found)]
    starts = [*(one.start() for one in found), len(text)]
    parts = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    signs = [*(f"[[{one[1]}]]" for one in found), ""]
    return "".join(part + sign for part, sign in zip(parts, signs, strict=True))


def of_gap(number: int, fault: Any) -> str:
    """A fault with the number of its gap, as the text has it."""
    return gettext("Gap %(number)s: %(fault)s") % {"number": localize_digits(number), "fault": fault}


class GapBlock(PartsBlock):
    kind = OneOfBlock(
        label=_("What is filled in"),
        choices=[
            ("short_text", _("a word")),
            ("numeric", _("a number")),
            ("single", _("one of several choices")),
        ],
        default="short_text",
    )
    right = blocks.ListBlock(
        blocks.CharBlock(label=_("Answer"), max_length=200),
        label=_("Right answers"),
        min_num=1,
        max_num=20,
        help_text=_("Several words or numbers may be right, and one choice."),
    )
    wrong = blocks.ListBlock(
        blocks.CharBlock(label=_("Choice"), max_length=200),
        label=_("Wrong choices"),
        default=[],
        max_num=7,
        help_text=_("Only where one of several choices is filled in."),
    )
    tolerance = blocks.CharBlock(
        label=_("Tolerance"),
        max_length=20,
        default="0",
        help_text=_("Of a number: 0.01, or a share such as 5%."),
    )

    class Meta:
        icon = "edit"
        label = _("Gap")
        label_format = "{right}"


class FillInBlock(QuestionBlock):
    kind = "fill_in"
    text = blocks.TextBlock(
        label=_("Text with gaps"),
        rows=4,
        max_length=2000,
        help_text=_("Write [[1]] where the first gap is, [[2]] where the second is, and so on."),
    )
    medium = medium_block()
    gaps = blocks.ListBlock(GapBlock(), label=_("Gaps"), min_num=1, max_num=MOST_GAPS)
    explanation = explanation_block()
    points = points_block()

    class Meta:
        icon = "edit"
        label = _("Gaps in a text")
        description = _("The trainee fills in words, numbers or choices inside a text.")
        template = "blocks/question_fill_in.html"
        preview_value = {
            "text": "قبل لمس الأسلاك يُفصل [[1]] ثم يُفحص غياب [[2]].",
            "gaps": [{"right": ["القاطع"]}, {"right": ["التيار"]}],
        }

    at_fault = "gaps"
    fault = _("A gap cannot be marked. A word is more than signs; a number and its tolerance are numbers.")

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        shown = _PLACE.sub("____", latin_digits(value["text"] or ""))
        return {**super().get_context(value, parent_context=parent_context), "shown": shown}

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if sorted(places_in(cleaned["text"])) != list(range(1, len(cleaned["gaps"]) + 1)):
            self.refuse(
                _("The text has to have each gap once: [[1]], [[2]] and so on, as many as there are below.")
            )
        for number, gap in enumerate(cleaned["gaps"], start=1):
            if fault := self.fault_of_gap(gap):
                self.refuse(of_gap(number, fault))
        return cleaned

    def fault_of_gap(self, gap: Any) -> Any:
        """What is wrong with it, if anything."""
        is_choice = gap["kind"] == "single"
        if is_choice and (len(gap["right"]) != 1 or not gap["wrong"]):
            return _("A gap with choices has one right answer and at least one wrong choice.")
        if not is_choice and gap["wrong"]:
            return _("Wrong choices belong to a gap with choices only.")
        if is_choice and same_texts([*gap["right"], *gap["wrong"]]):
            return _("Two choices of a gap say the same.")
        return None

    def fault_in(self, values: Values) -> Any:
        content, key = self.written(values)
        for number, gap in enumerate(content["gaps"], start=1):
            try:
                question_of(self.kind, {"gaps": [gap]}, {"gaps": {gap["id"]: key["gaps"][gap["id"]]}})
            except InvalidQuestion:
                return of_gap(number, self.fault)
        return self.fault

    def shape(self, value: Any) -> Any:
        gaps = [
            (
                gap["kind"],
                len(gap["wrong"]),
                gap["kind"] == "numeric" and (list(gap["right"]), gap["tolerance"]),
            )
            for gap in value["gaps"]
        ]
        return value["points"], gaps

    def written(self, values: Values) -> Written:
        first = next(iter(values.values()))
        gaps, keys = [], {}
        for place, gap in enumerate(first["gaps"]):
            those = {language: value["gaps"][place] for language, value in values.items()}
            content, key = self.written_gap(gap["kind"], those)
            gaps.append({"id": str(place + 1), "kind": gap["kind"], "content": content})
            keys[str(place + 1)] = {"key": key}
        shown = {language: with_plain_places(value["text"]) for language, value in values.items()}
        return {"text": shown, "gaps": gaps}, {"gaps": keys}

    def written_gap(self, kind: str, gaps: Values) -> Written:
        """Content and key of a gap, from its values by language."""
        return _WRITTEN[kind](gaps)


def _word(gaps: Values) -> Written:
    accepted = dict.fromkeys(text for gap in gaps.values() for text in gap["right"])
    return {}, {"accepted": [{"text": text} for text in accepted], "is_exact": False}


def _number(gaps: Values) -> Written:
    gap = next(iter(gaps.values()))
    answers = [{"value": plain_number(text), "tolerance": gap["tolerance"] or "0"} for text in gap["right"]]
    return {}, {"answers": answers}


def _choice(gaps: Values) -> Written:
    first = next(iter(gaps.values()))
    own = [*first["right"], *first["wrong"]]
    ids = ids_by_text(own)
    options: dict[str, dict[str, str]] = {key: {} for key in ids.values()}
    for language, gap in gaps.items():
        for text, said in zip(own, [*gap["right"], *gap["wrong"]], strict=True):
            options[ids[text]][language] = said
    shown = [{"id": key, "text": text} for key, text in options.items()]
    return {"options": shown}, {"weights": {ids[own[0]]: "1"}}


_WRITTEN = {"short_text": _word, "numeric": _number, "single": _choice}
