"""Questions of the bank: the blocks of quiz pages, with both languages side by side.

A block of a quiz page has one language. `BilingualQuestion` has the same parts; those that its block names in `by_language` are there twice,
once in each language. What it writes down comes from that block, so that a question of the bank and the same one on a page are stored alike.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

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
