"""The draft of a quiz as those read it who write it or decide about it: with keys, explanations and rules, and what of it is new."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Center
from accounts.services.formatting import localize_digits
from assessment.bilingual import Draft
from assessment.blocks import DRAW, OF_BANK, SECTION
from assessment.enums import QuestionKind, SecondMarking
from assessment.marking.question import InvalidQuestion
from assessment.models import Question, QuizPage
from assessment.models.pages import DrawFromBank
from assessment.queries.bank_pages import CriterionShown, KeyLine, areas_of, key_of, rubric_in_languages

RULES = (
    "is_required",
    "purpose",
    "pass_percent",
    "attempts_allowed",
    "limit_minutes",
    "grace_seconds",
    "is_supervised",
    "shuffles_questions",
    "shuffles_options",
    "second_marking",
    "second_percent",
    "near_points",
    "mark_tolerance",
)
# By rule, with which kinds of second marking it holds.
NEEDED_BY = {
    "second_percent": {SecondMarking.SAMPLE},
    "near_points": {SecondMarking.NEAR},
    "mark_tolerance": {SecondMarking.ALL, SecondMarking.SAMPLE, SecondMarking.NEAR},
}


@dataclass(frozen=True)
class RuleShown:
    """A rule in words; `before` is what is published, None where that is the same or nothing is published."""

    label: str
    value: str
    before: str | None = None


@dataclass(frozen=True)
class PartShown:
    """A question, a heading or a draw from the bank. `number` counts questions from 1, None for the others.

    `picture` is the key of a document, that of a hotspot; `facts` are how answers are marked, besides the key. A draft may lack a part of a question: then
    `is_whole` is False and there is no key.
    """

    block_id: str
    kind: str
    name: str
    text: str
    number: int | None = None
    points: int | None = None
    explanation: str = ""
    key: Sequence[KeyLine] = ()
    rubric: Sequence[CriterionShown] = ()
    is_rubric_shown: bool = False
    areas: Sequence[Mapping[str, Any]] = ()
    picture: int | None = None
    alt: str = ""
    instead: str = ""
    # As its block has it: what it shows or plays besides its words.
    medium: Mapping[str, Any] | None = None
    # Its key, where it is a question of the bank.
    of_bank: int | None = None
    facts: Sequence[str] = ()
    # Of a draw.
    draw: DrawFromBank | None = None
    is_whole: bool = True
    # As the page keeps it, without ids: what is compared.
    stored: Any = None
    is_new: bool = False
    is_moved: bool = False
    before: "PartShown | None" = None

    @property
    def is_changed(self) -> bool:
        return self.is_new or self.is_moved or self.before is not None


@dataclass(frozen=True)
class QuizDraft:
    """`removed`: what is published and no longer there. `has_published`: whether there is anything to compare with."""

    parts: list[PartShown]
    removed: list[PartShown]
    rules: list[RuleShown]
    has_published: bool

    @property
    def changes(self) -> int:
        changed = sum(part.is_changed for part in self.parts) + len(self.removed)
        return changed + sum(rule.before is not None for rule in self.rules)

    @property
    def points(self) -> int:
        """Of all questions together."""
        return sum(part.points or 0 for part in self.parts)


def quiz_draft(draft: QuizPage, published: QuizPage | None, *, owner: Center | None) -> QuizDraft:
    """The draft against what is published, if anything is. `owner`: whose questions a draw takes, None for the ministry's alone."""
    parts = list(_parts(draft, owner))
    old = list(_parts(published, owner)) if published else []
    left = {part.block_id for part in parts}
    return QuizDraft(
        parts=_compared(parts, old) if published else parts,
        removed=[part for part in old if part.block_id not in left],
        rules=_rules(draft, published),
        has_published=published is not None,
    )


def _compared(parts: Sequence[PartShown], old: Sequence[PartShown]) -> list[PartShown]:
    olds = {part.block_id: part for part in old}
    kept = [part.block_id for part in parts if part.block_id in olds]
    left = {part.block_id for part in parts}
    before = [part.block_id for part in old if part.block_id in left]
    matching = SequenceMatcher(None, before, kept, autojunk=False).get_matching_blocks()
    in_place = {kept[at] for block in matching for at in range(block.b, block.b + block.size)}
    compared = []
    for part in parts:
        was = olds.get(part.block_id)
        is_same = was is not None and was.stored == part.stored
        compared.append(
            replace(
                part,
                is_new=was is None,
                is_moved=was is not None and part.block_id not in in_place,
                before=None if is_same else was,
            )
        )
    return compared


def _parts(page: QuizPage, owner: Center | None) -> Iterator[PartShown]:
    number = 0
    draws = iter(page.draws_from(owner))
    named = [question.pk for question in page.questions_of_bank]
    of_bank = Question.objects.select_related("published").in_bulk(named) if named else {}
    for block in page.questions:
        name = str(block.block.label)
        stored = _without_ids(block.block.get_prep_value(block.value))
        shown = PartShown(block.id, block.block_type, name, "", stored=stored)
        if block.block_type == SECTION:
            yield replace(shown, text=block.value["title"])
        elif block.block_type == DRAW:
            yield _draw(shown, block.value, next(draws))
        elif block.block_type == OF_BANK:
            number += 1
            chosen = block.value["question"]
            shown = replace(shown, number=number, points=block.value["points"])
            yield _of_bank(shown, of_bank.get(chosen.pk) if chosen else None, page.locale.language_code)
        else:
            number += 1
            yield _question(replace(shown, number=number), block, page.locale.language_code)


def _draw(shown: PartShown, value: Mapping[str, Any], draw: DrawFromBank) -> PartShown:
    tags = list(value["tags"])
    difficulty = int(value["difficulty"]) if value["difficulty"] else None
    facts = [_("Questions drawn: %(count)s") % {"count": localize_digits(draw.asked)}]
    if tags:
        facts.append(_("With all these tags: %(tags)s") % {"tags": _(", ").join(tags)})
    if difficulty:
        facts.append(_("Of the difficulty %(level)s") % {"level": localize_digits(difficulty)})
    facts.append(
        _("Questions in the bank that fit now: %(count)s") % {"count": localize_digits(draw.fitting)}
    )
    each = value["points"] or 0
    facts.append(_("Points of each: %(points)s") % {"points": localize_digits(each)})
    return replace(shown, points=each * draw.asked, facts=facts, draw=draw)


def _of_bank(shown: PartShown, row: Question | None, language: str) -> PartShown:
    """As it is in force now; not whole where it is there no more."""
    if row is None or row.published is None:
        return replace(shown, is_whole=False)
    draft = Draft(row.published.kind, row.published.content, row.published.key)
    texts, explanations = draft.content["text"], draft.key.get("explanation", {})
    return replace(
        shown,
        of_bank=row.pk,
        text=texts.get(language) or next(iter(texts.values())),
        explanation=explanations.get(language, ""),
        key=key_of(draft),
        rubric=rubric_in_languages(draft),
        is_rubric_shown="rubric" in draft.content,
    )


def _question(shown: PartShown, block: Any, language: str) -> PartShown:
    value = block.value
    shown = replace(
        shown,
        text=value["text"] or "",
        points=value["points"],
        explanation=value["explanation"] or "",
        medium=value["medium"],
        facts=_facts(shown.kind, value),
    )
    try:
        content, key = block.block.whole({language: block.block.clean(value)})
    except (ValidationError, InvalidQuestion):
        return replace(shown, is_whole=False)
    if shown.kind == QuestionKind.HOTSPOT:
        picture = value["picture"]
        shown = replace(
            shown, picture=picture.pk if picture else None, alt=value["alt"], instead=value["instead_text"]
        )
    draft = Draft(shown.kind, content, key)
    return replace(
        shown,
        key=key_of(draft),
        rubric=rubric_in_languages(draft),
        is_rubric_shown="rubric" in content,
        areas=areas_of(draft),
    )


def _facts(kind: str, value: Any) -> list[str]:
    match kind:
        case QuestionKind.NUMERIC if value["is_unit_asked"]:
            return [_("A unit has to be typed")]
        case QuestionKind.SHORT_TEXT if value["is_exact"]:
            return [_("The spelling matters")]
        case QuestionKind.ORDERING:
            credit = dict(value.block.child_blocks["credit"].field.choices).get(value["credit"], "")
            return [f"{_('How an order earns marks')}: {credit}"]
        case QuestionKind.ESSAY if value["words"]:
            return [f"{_('Words, about')}: {localize_digits(value['words'])}"]
        case QuestionKind.FILES:
            return [f"{_('Files, at most')}: {localize_digits(value['most'] or 0)}"]
    return []


def _without_ids(stored: Any) -> Any:
    if isinstance(stored, list):
        return [_without_ids(one) for one in stored]
    if isinstance(stored, dict):
        return {name: _without_ids(one) for name, one in stored.items() if name != "id"}
    return stored


def _rules(draft: QuizPage, published: QuizPage | None) -> list[RuleShown]:
    rules = []
    pages = [draft, published] if published else [draft]
    # What a rule that is not in force depends on says nothing.
    kinds = {SecondMarking(page.second_marking) for page in pages}
    unused = {name for name, needs in NEEDED_BY.items() if kinds.isdisjoint(needs)}
    for name in RULES:
        if name in unused:
            continue
        value = _in_words(draft, name)
        before = _in_words(published, name) if published else value
        label = capfirst(str(QuizPage._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
        rules.append(RuleShown(label, value, None if before == value else before))
    return rules


def _in_words(page: QuizPage, name: str) -> str:
    value = getattr(page, name)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is None:
        return _("without a limit")
    if name in {"purpose", "second_marking"}:
        return str(getattr(page, f"get_{name}_display")())
    return localize_digits(value)
