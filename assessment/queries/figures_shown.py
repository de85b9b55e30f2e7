"""Figures of questions in words, with the answers that were given and which of them are right: for those who read keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.services.formatting import format_percent, localize_digits
from assessment.analysis.items import AnswerCount, ItemFigures
from assessment.analysis.reliability import Reliability
from assessment.enums import KeyRule, QuestionKind
from assessment.models import QuestionVersion
from assessment.queries.figures import NEVER_KEPT, VersionFigures, is_kept
from assessment.queries.keys import KeyInForce, keys_in_force
from assessment.queries.questions import BLANK, GAP, StoredQuestion, in_language, words_in_gap

# Ebel & Frisbie (1991) take items from 0.3 for good ones, and those below 0.2 for ones to be revised.
GOOD, WEAK = 0.3, 0.2
EASY, HARD = 0.9, 0.3
TITLE_CHARACTERS = 200
# What was given is an order of steps, a place, or a work of its own: there is no list to count.
_NOT_LISTED = NEVER_KEPT | {QuestionKind.ORDERING, QuestionKind.HOTSPOT}


@dataclass(frozen=True)
class AnswerShown:
    """One answer, and how many of each third gave it. `is_right` is None where it is partly right, or not known.

    `misleads`: it is wrong, and more of the best third gave it than of the weakest.
    """

    text: str
    is_right: bool | None
    upper: int
    middle: int
    lower: int

    @property
    def misleads(self) -> bool:
        return self.is_right is False and self.upper > self.lower


@dataclass(frozen=True)
class QuestionFigures:
    """One version of a question. `figures` is None where there are too few first attempts, `n` of them."""

    version: QuestionVersion
    text: str
    n: int
    figures: ItemFigures | None
    answers: list[AnswerShown]
    others: int
    # Why it is marked otherwise than by the key it was asked with.
    corrected: KeyRule | None

    @property
    def is_negative(self) -> bool:
        return self.figures is not None and self.figures.is_negative

    @property
    def facility(self) -> int | None:
        return None if self.figures is None else round(self.figures.facility * 100)

    @property
    def sentences(self) -> list[str]:
        """What each figure says, and what to do."""
        if self.figures is None:
            return []
        return [
            said_of_discrimination(self.figures.discrimination),
            said_of_facility(self.figures.facility),
            said_of_index(self.figures.index),
        ]

    @property
    def discrimination(self) -> str:
        if self.figures is None or self.figures.discrimination is None:
            return "–"
        return in_two_places(self.figures.discrimination)

    @property
    def index(self) -> str:
        return "–" if self.figures is None else in_two_places(self.figures.index)


def questions_shown(items: Sequence[VersionFigures]) -> list[QuestionFigures]:
    """In their order. Three queries, however many."""
    keys = [one.version for one in items]
    versions = QuestionVersion.objects.in_bulk(keys)
    in_force = keys_in_force(keys)
    return [_shown(one, versions[one.version], in_force[one.version]) for one in items]


def _shown(one: VersionFigures, version: QuestionVersion, key: KeyInForce) -> QuestionFigures:
    figures = one.figures if isinstance(one.figures, ItemFigures) else None
    answers, others = _answers(figures, key) if figures else ([], 0)
    text = GAP.sub(BLANK, in_language(version.content["text"]))
    return QuestionFigures(
        version=version,
        text=Truncator(" ".join(text.split())).chars(TITLE_CHARACTERS),
        n=one.figures.n,
        figures=figures,
        answers=answers,
        others=others,
        corrected=key.rule if key.is_corrected else None,
    )


def _answers(figures: ItemFigures, key: KeyInForce) -> tuple[list[AnswerShown], int]:
    """Those that are listed, and how many others were given."""
    kind = key.asked.kind
    if kind in _NOT_LISTED or key.asked.content.get("variables"):
        return [], 0
    listed = [one for one in figures.answers if is_kept(one, kind)]
    shown = [_answer(one, key) for one in listed]
    return shown, figures.others + len(figures.answers) - len(listed)


def _answer(one: AnswerCount, key: KeyInForce) -> AnswerShown:
    if one.answer is None:
        text, is_right = _("no answer"), None
    else:
        text, is_right = answer_in_words(key.asked, one.answer), _is_right(one.answer, key)
    return AnswerShown(text, is_right, one.upper, one.middle, one.lower)


def answer_in_words(one: StoredQuestion, answer: str) -> str:
    """An answer as `assessment.analysis` names it, as people read it."""
    match one.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE | QuestionKind.TRUE_FALSE:
            return _texts(one.content["options"]).get(answer, answer)
        case QuestionKind.MATCHING:
            stem, _between, choice = answer.partition(": ")
            stems, choices = _texts(one.content["stems"]), _texts(one.content["choices"])
            return f"{stems.get(stem, stem)}: {choices.get(choice, choice)}"
        case QuestionKind.FILL_IN:
            gap, _between, filled = answer.partition(": ")
            return f"{gap}: {words_in_gap(one, gap, filled)}"
        case _:
            return answer


def _texts(parts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {part["id"]: in_language(part["text"]) for part in parts}


def _is_right(answer: str, key: KeyInForce) -> bool | None:
    """By the key in force; None where it is partly right, or everybody or no one gets the points."""
    if key.rule != KeyRule.KEY:
        return None
    one = key.question
    match one.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE | QuestionKind.TRUE_FALSE:
            weight = one.key["weights"].get(answer, "0")
            return not weight.startswith(("-", "0"))
        case QuestionKind.MATCHING:
            stem, _between, choice = answer.partition(": ")
            return bool(one.key["pairs"].get(stem) == choice)
        case QuestionKind.NUMERIC | QuestionKind.SHORT_TEXT:
            share = key.share(answer)
            return None if share is None or 0 < share < 1 else share == 1
        case _:
            return None


def in_two_places(figure: float) -> str:
    """-0.2 as "-0.20", in the digits of the page and from left to right on any."""
    # No "-0.00".
    return f"\u2066{localize_digits(f'{round(figure, 2) + 0.0:.2f}')}\u2069"


def said_of_discrimination(figure: float | None) -> str:
    if figure is None:
        return _("There is no discrimination: everybody earned the same on it, or nothing else was asked.")
    if figure < 0:
        return _(
            "Those who know more get it wrong more often. Look at the key first: it may take a wrong answer for right. Then look for words that mislead."
        )
    if figure < WEAK:
        return _(
            "It hardly tells those who know more from those who know less. See whether a second answer can be defended, or whether it asks for what was not taught."
        )
    if figure < GOOD:
        return _("It tells those who know more from those who know less, though not sharply. It may stay.")
    return _("It tells those who know more from those who know less. Leave it as it is.")


def said_of_facility(figure: float) -> str:
    earned = {"percent": format_percent(round(figure * 100))}
    if figure >= EASY:
        return _("People earned %(percent)s of its points on average: nearly everybody knows it.") % earned
    if figure < HARD:
        return (
            _(
                "People earned %(percent)s of its points on average: it is hard. See whether it was taught, and whether its words are plain."
            )
            % earned
        )
    return _("People earned %(percent)s of its points on average: neither too easy nor too hard.") % earned


def said_of_index(figure: float) -> str:
    gap = {"percent": format_percent(abs(round(figure * 100)))}
    if figure < 0:
        return _("The weakest 27 of 100 people earned %(percent)s of its points more than the best 27.") % gap
    return _("The best 27 of 100 people earned %(percent)s of its points more than the weakest 27.") % gap


def said_of_reliability(whole: Reliability) -> list[str]:
    if whole.value is None or whole.error is None:
        return [_("How reliable the scores are cannot be said: all are equal, or there is one question.")]
    # With another set of questions of the kind.
    if whole.value >= 0.8:
        first = _("With other questions of this kind people would come out in nearly the same order.")
    elif whole.value >= 0.6:
        first = _(
            "With other questions of this kind people would come out in a similar order. For a decision about a person, ask more questions."
        )
    else:
        first = _(
            "With other questions of this kind people would come out in another order. Ask more questions, and correct the weak ones below."
        )
    points = {"points": format_percent(round(whole.error * 100, 1))}
    return [
        first,
        _("Two of three scores are at most %(points)s away from what the person would score on average.")
        % points,
    ]
