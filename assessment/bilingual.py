"""Questions of the bank: the blocks of quiz pages, with both languages side by side.

A block of a quiz page has one language. `BilingualQuestion` has the same parts; those that its block names in `by_language` are there twice,
once in each language. What it writes down comes from that block, so that a question of the bank and the same one on a page are stored alike.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Final, NamedTuple
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.models import AbstractDocument

from assessment.blocks import (
    EssayBlock,
    FilesBlock,
    MatchingBlock,
    MultipleChoiceBlock,
    NumberBlock,
    OrderingBlock,
    ShortTextBlock,
    SingleChoiceBlock,
    TrueFalseBlock,
)
from assessment.blocks.bank_gaps import BankFillInBlock
from assessment.blocks.bank_places import BankHotspotBlock
from assessment.blocks.common import QuestionBlock
from assessment.blocks.medium import PICTURE, RECORDING
from assessment.marking.choice import even_weights
from assessment.marking.kinds import question_of
from assessment.marking.question import InvalidQuestion
from media_pipeline.models import Video

LANGUAGES: Final = {"ar": _("Arabic"), "en": _("English")}
# How many points a question gives is said where it is asked.
ELSEWHERE: Final[Mapping[str, Any]] = {"points": 1}


class Draft(NamedTuple):
    """A question as it is stored: what a version has, and what is edited before it becomes one."""

    kind: str
    content: dict[str, Any]
    key: dict[str, Any]


class NotInTheForm(ValueError):
    """A question, as one from a file, that has what the form cannot show: saving it would change how it is marked."""


class BothLanguages(blocks.StructBlock):
    """One text in Arabic and in English."""

    class Meta:
        form_classname = "both-languages struct-block"


class BilingualQuestion(blocks.StructBlock):
    """A kind of question with both languages. One language has to be whole; of the other, a part or all may be missing."""

    def __init__(self, of: QuestionBlock) -> None:
        self.of = of
        names = ("icon", "label", "description")
        meta = {name: getattr(of.meta, name) for name in names if hasattr(of.meta, name)}
        super().__init__(_parts(of), label_format="{text}", **meta)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        raw = self.get_prep_value(cleaned)
        missing = {language: set(_missing(self.of, raw, language)) for language in LANGUAGES}
        whole = [language for language in LANGUAGES if not missing[language]]
        if not whole:
            raise _errors(min(missing.values(), key=len), _("Write all of it in Arabic, or all in English."))
        values = {language: self.in_language(raw, language) for language in whole}
        for value_in_one in values.values():
            self.of.clean(value_in_one)
        if len({repr(self.of.whole_shape(one)) for one in values.values()}) > 1:
            raise _errors({self.of.at_fault}, _("Arabic and English do not ask the same."))
        try:
            question_of(*self.written(cleaned))
        except InvalidQuestion:
            raise _errors({self.of.at_fault}, self.of.fault) from None
        return cleaned

    def in_language(self, raw: Mapping[str, Any], language: str) -> Any:
        """A value of the block of quiz pages: this one's, as JSON, in one language."""
        return self.of.to_python(_in_language(self.of, raw, language))

    def written(self, value: Any) -> Draft:
        """The question as it is stored; texts that are missing in a language are left out."""
        # Once: it gives new options the ids that all languages share.
        raw = self.get_prep_value(value)
        # The one that is whole first: ids and places are taken from it.
        languages = sorted(LANGUAGES, key=lambda language: bool(set(_missing(self.of, raw, language))))
        content, key = self.of.whole({language: self.in_language(raw, language) for language in languages})
        return Draft(self.of.kind, _without_missing(content), _without_missing(key))


class BankBlocks(blocks.StreamBlock):
    """One question of the bank, of any kind that the form can show."""

    class Meta:
        max_num = 1

    def __init__(self, **kwargs: Any) -> None:
        kinds = (
            SingleChoiceBlock,
            MultipleChoiceBlock,
            TrueFalseBlock,
            NumberBlock,
            ShortTextBlock,
            MatchingBlock,
            OrderingBlock,
            EssayBlock,
            FilesBlock,
            BankFillInBlock,
            BankHotspotBlock,
        )
        super().__init__([(kind.kind, BilingualQuestion(kind())) for kind in kinds], **kwargs)


def draft_in(stream: Any) -> Draft:
    """The question of a cleaned value of `BankBlocks`."""
    written: Draft = stream[0].block.written(stream[0].value)
    return written


class Chosen(NamedTuple):
    """What was chosen for a question from what was uploaded before."""

    documents: list[AbstractDocument]
    recordings: list[Video]


def chosen_in(stream: Any) -> Chosen:
    """The pictures and recordings of a cleaned value of `BankBlocks`."""
    value = stream[0].value
    pictures, recording = [value.get("picture"), value["medium"]["picture"]], value["medium"]["recording"]
    return Chosen([one for one in pictures if one], [recording] if recording else [])


def medium_from_a_file(draft: Draft) -> Mapping[str, Any] | None:
    """The picture of a question that came in with it from a file: the form has no document to show for it."""
    medium: Mapping[str, Any] = draft.content.get("medium", {})
    return medium if medium.get("kind") == PICTURE and "document" not in medium else None


def in_the_form(draft: Draft) -> list[dict[str, Any]]:
    """A question as JSON of `BankBlocks`, which writes the same down again. Raises NotInTheForm.

    A picture is in the form as the document that it was made of. One from a file was made of none: that of a hotspot has to be chosen to
    be saved, any other one stays without it (`medium_from_a_file`).
    """
    opened = OPENED.get(draft.kind)
    if opened is None:
        raise NotInTheForm(draft.kind)
    said = {
        "text": _both(draft.content["text"]),
        "explanation": _both(draft.key.get("explanation", {})),
    }
    raw = {**said, **opened(draft.content, draft.key)}
    block = BankBlocks().child_blocks[draft.kind]
    # Without the medium, whose document would be asked for: lists ask this of each row.
    words = {name: part for name, part in draft.content.items() if name != "medium"}
    if draft.kind not in ANY_IDS and block.written(block.to_python(raw)) != draft._replace(content=words):
        raise NotInTheForm(draft.kind)
    return [{"type": draft.kind, "value": {**raw, "medium": _medium(draft.content.get("medium", {}))}}]


def _parts(of: blocks.StructBlock) -> list[tuple[str, blocks.Block]]:
    doubled = getattr(of, "by_language", ())
    return [
        (name, _part(child, is_doubled=name in doubled))
        for name, child in of.child_blocks.items()
        if name not in ELSEWHERE
    ]


def _part(child: blocks.Block, *, is_doubled: bool) -> blocks.Block:
    _args, kwargs = child._constructor_args
    if isinstance(child, blocks.ListBlock):
        return blocks.ListBlock(_part(child.child_block, is_doubled=is_doubled), **kwargs)
    if isinstance(child, blocks.StructBlock):
        return blocks.StructBlock(
            _parts(child),
            icon=child.meta.icon,
            label=child.meta.label,
            label_format=child.meta.label_format,
            collapsed=child.meta.collapsed,
            required=child.required,
        )
    if not is_doubled:
        return child
    both = [(language, _text(child, language)) for language in LANGUAGES]
    return BothLanguages(
        both, label=child.label, help_text=kwargs.get("help_text", ""), required=child.required
    )


def _text(child: blocks.FieldBlock, language: str) -> blocks.FieldBlock:
    _args, kwargs = child._constructor_args
    text = type(child)(**{**kwargs, "required": False, "label": LANGUAGES[language], "help_text": ""})
    text.field.widget.attrs |= {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
    return text


def _in_language(of: blocks.Block, raw: Any, language: str, *, is_doubled: bool = False) -> Any:
    if isinstance(of, blocks.ListBlock):
        return [
            {**item, "value": _in_language(of.child_block, item["value"], language, is_doubled=is_doubled)}
            for item in raw
        ]
    if isinstance(of, blocks.StructBlock):
        doubled = getattr(of, "by_language", ())
        return {
            name: ELSEWHERE[name]
            if name in ELSEWHERE
            else _in_language(child, raw[name], language, is_doubled=name in doubled)
            for name, child in of.child_blocks.items()
        }
    return raw[language] if is_doubled else raw


def _missing(of: blocks.StructBlock, raw: Mapping[str, Any], language: str) -> Iterator[str]:
    """The names of the parts in which a text is not written in a language."""
    for name, child in of.child_blocks.items():
        if name not in ELSEWHERE:
            value = _in_language(
                child, raw[name], language, is_doubled=name in getattr(of, "by_language", ())
            )
            if _lacks(child, value):
                yield name


def _lacks(of: blocks.Block, value: Any) -> bool:
    if isinstance(of, blocks.ListBlock):
        return any(_lacks(of.child_block, item["value"]) for item in value)
    if isinstance(of, blocks.StructBlock):
        return any(_lacks(child, value[name]) for name, child in of.child_blocks.items())
    return bool(of.required) and value == ""


def _errors(names: set[str], sentence: Any) -> blocks.StructBlockValidationError:
    return blocks.StructBlockValidationError(block_errors={name: ValidationError(sentence) for name in names})


def _without_missing(stored: Any) -> Any:
    """Texts by language without those that are empty."""
    if isinstance(stored, list):
        return [_without_missing(one) for one in stored]
    if not isinstance(stored, dict):
        return stored
    is_text = bool(stored) and stored.keys() <= LANGUAGES.keys()
    return {name: _without_missing(one) for name, one in stored.items() if not (is_text and one == "")}


def _both(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: texts.get(language, "") for language in LANGUAGES}


def _item(value: Any, key: str = "") -> dict[str, Any]:
    """As blocks of lists are stored; without an id Wagtail takes it for something else."""
    return {"type": "item", "value": value, "id": key or str(uuid4())}


def _medium(medium: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "picture": medium.get("document"),
        "alt": _both(medium.get("alt", {})),
        "recording": medium.get("video") if medium.get("kind") == RECORDING else None,
    }


def _options(content: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    right = {option for option, weight in key["weights"].items() if not weight.startswith("-")}
    return {
        "options": [
            _item({"text": _both(option["text"]), "is_right": option["id"] in right}, option["id"])
            for option in content["options"]
        ]
    }


def _statement(_content: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    return {"is_true": key["weights"].get("true") == "1"}


def _number(content: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "value": key["answers"][0]["value"],
        "tolerance": key["answers"][0]["tolerance"],
        "units": [_item({"name": name, "factor": factor}) for name, factor in key["units"].items()],
        "is_unit_asked": content["unit"]["is_asked"],
        "variables": [_item(dict(one)) for one in key.get("variables", ())],
    }


def _line(_content: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    return {"accepted": [_item(one["text"]) for one in key["accepted"]], "is_exact": key["is_exact"]}


def _pairs(content: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    choices = {choice["id"]: _both(choice["text"]) for choice in content["choices"]}
    return {
        "pairs": [
            _item({"left": _both(stem["text"]), "right": choices[key["pairs"][stem["id"]]]})
            for stem in content["stems"]
        ],
        "others": [_item(text) for id_, text in choices.items() if id_ not in key["pairs"].values()],
    }


def _steps(content: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    steps = {step["id"]: _both(step["text"]) for step in content["items"]}
    return {"items": [_item(steps[id_]) for id_ in key["order"]], "credit": key.get("credit", "all")}


def _rubric(content: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "rubric": [
            _item(
                {
                    "text": _both(criterion["text"]),
                    "levels": [
                        _item({"text": _both(level["text"]), "earns": level["points"]})
                        for level in criterion["levels"]
                    ],
                }
            )
            for criterion in key.get("rubric", ())
        ],
        "is_rubric_shown": "rubric" in content,
    }


def _essay(content: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    return {"words": content.get("words"), **_rubric(content, key)}


def _files(content: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    return {"most": content.get("most", 1), **_rubric(content, key)}


def _gaps(content: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    return {"gaps": [_item(_gap(gap, key["gaps"][gap["id"]]["key"])) for gap in content["gaps"]]}


def _gap(gap: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    right = [one["text"] for one in key.get("accepted", ())] + [
        one["value"] for one in key.get("answers", ())
    ]
    return {
        "kind": gap["kind"],
        "right": [_item(text) for text in right],
        "options": _options(gap["content"], key)["options"] if gap["kind"] == "single" else [],
        "tolerance": next((one["tolerance"] for one in key.get("answers", ())), "0"),
    }


def _places(content: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    instead = content["instead"]
    if "options" not in instead["content"]:
        raise NotInTheForm("hotspot")
    options, weights = instead["content"]["options"], key["instead"]["weights"]
    right = [one["id"] for one in options if Fraction(weights.get(one["id"], "0")) > 0]
    wrong = [one["id"] for one in options if one["id"] not in right]
    takes_one = len(right) == 1
    if (
        takes_one != (instead["kind"] == "single")
        or even_weights(right, wrong, takes_one=takes_one) != weights
    ):
        raise NotInTheForm("hotspot")
    return {
        # Of a picture from a file there is no document: it is chosen again. No query: lists ask this of each row.
        "picture": content["picture"].get("document"),
        "alt": _both(content.get("alt", {})),
        "areas": "\n".join(_line_of_area(area) for area in key["areas"]),
        "instead_text": _both(instead["text"]),
        "instead_options": _options(instead["content"], key["instead"])["options"],
    }


def _line_of_area(area: Mapping[str, Any]) -> str:
    match area:
        case {"rectangle": [*numbers]}:
            return " ".join(map(str, numbers))
        case {"polygon": [*corners]}:
            return " ".join(f"{x} {y}" for x, y in corners)
    raise NotInTheForm("hotspot")


# How each kind is opened in the form: what its block has besides the text and the explanation.
OPENED: Final[Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]]] = {
    "single": _options,
    "multiple": _options,
    "true_false": _statement,
    "numeric": _number,
    "short_text": _line,
    "matching": _pairs,
    "ordering": _steps,
    "essay": _essay,
    "files": _files,
    "fill_in": _gaps,
    "hotspot": _places,
}
# Their ids come from places and say nothing; a question from a file has others. Of a picture, what is kept takes the place of its document.
ANY_IDS: Final = frozenset({"matching", "ordering", "hotspot"})
