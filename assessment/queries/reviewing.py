"""A marked attempt, as its person reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from django.utils.translation import ngettext

from accounts.services.formatting import format_exactly
from assessment.enums import BY_HAND, KeyRule, QuestionKind
from assessment.marking.fill_in import FillIn
from assessment.marking.numbers import number_text
from assessment.marking.numeric import Numeric
from assessment.models import Answer, Appeal, Attempt, AttemptCorrection
from assessment.queries.asking import (
    TYPED,
    Dot,
    dot_size,
    dots_on,
    instead_as_shown,
    options_as_shown,
)
from assessment.queries.keys import KeyInForce, keys_in_force
from assessment.queries.media import MediumShown, media_of_attempt
from assessment.queries.own_data import response_in_words
from assessment.queries.questions import (
    GAP,
    StoredQuestion,
    explanation_of,
    in_language,
    questions_of,
    stored_questions,
    text_of,
    words_in_gap,
)
from assessment.queries.responses_by_hand import AnswerToRead, answers_to_read
from assessment.scores import as_points

# Characters of a number that is shown as it is.
LONGEST_SHOWN = 12


@dataclass(frozen=True)
class OptionReviewed:
    """`is_right` is None while it is hidden: the attempt failed and another one is left.

    `is_wrong`: it was chosen and is not right. Shown at once for a question with one answer, since its mark discloses it.
    """

    text: str
    is_chosen: bool
    is_right: bool | None
    is_wrong: bool


@dataclass(frozen=True)
class PairReviewed:
    """A stem, a place or a gap with what was given for it, and what is right; that is empty where it is hidden or was given."""

    stem: str
    chosen: str
    right: str


@dataclass(frozen=True)
class PictureReviewed:
    """A picture with the points that were placed, and the areas that are right, as SVG draws polygons: none where they are hidden.

    `options` is filled where the question in place of the picture was answered.
    """

    width: int
    height: int
    alt: str
    dots: list[Dot]
    areas: list[str]
    instead_text: str
    options: list[OptionReviewed]

    @property
    def dot(self) -> str:
        return dot_size(self.width)


@dataclass(frozen=True)
class QuestionReviewed:
    """A marked question. `mark` is the share of its points earned, from 0 to 1. `line` was typed, `right_lines` would have been right:
    empty where they are hidden. So is the `explanation` of a kind that a person marks.
    """

    slot: int
    kind: QuestionKind

    text: str
    mark: Decimal
    points: int
    explanation: str
    options: list[OptionReviewed]
    line: str
    right_lines: list[str]
    pairs: list[PairReviewed]
    picture: PictureReviewed | None
    # Of a kind that a person marks: what was written or sent.
    answer: AnswerToRead | None
    # What it shows or plays besides.
    medium: MediumShown | None = None
    # Why it is marked otherwise than by what was right when it was asked; None where that was right.
    corrected: KeyRule | None = None
    appeal: Appeal | None = None

    @property
    def number(self) -> int:
        """As the page counts, from 1."""
        return self.slot + 1

    @property
    def earned(self) -> str:
        """The points, with two places at the most, rounded down as percents are."""
        return format_exactly(as_points(self.mark, self.points))

    @property
    def is_by_hand(self) -> bool:
        return self.kind in BY_HAND

    @property
    def choices(self) -> list[OptionReviewed]:
        """Its options, else those of the question in place of the picture."""
        return self.options or (self.picture.options if self.picture else [])


def corrections_of(attempt: Attempt) -> list[AttemptCorrection]:
    """How the score of an attempt was corrected, the newest first."""
    # One for each time, however many of its questions were marked again.
    return list(attempt.corrections.order_by("-at", "pk").distinct("at"))


def review(attempt: Attempt, *, shows_right_options: bool) -> list[QuestionReviewed]:
    """A marked attempt, question by question. An open one has nothing to review."""
    answers = {answer.slot: answer for answer in attempt.answers.all()}
    keys = keys_in_force(attempt.versions)
    appeals = {appeal.slot: appeal for appeal in attempt.appeals.all()}
    reviewed = [slot for slot in range(len(attempt.versions)) if slot in answers]
    by_slot = {slot: keys[attempt.versions[slot]].in_slot(attempt, slot) for slot in reviewed}
    written = answers_to_read([(by_slot[slot].question, answers[slot].response) for slot in reviewed])
    media = media_of_attempt(attempt, stored_questions(attempt.versions))
    return [
        _question_reviewed(
            by_slot[slot],
            answers[slot],
            attempt=attempt,
            shows_right=shows_right_options,
            appeal=appeals.get(slot),
            written=answer,
            medium=media.get(slot),
        )
        for slot, answer in zip(reviewed, written, strict=True)
    ]


@dataclass(frozen=True)
class AnswerHandedIn:
    """An answer of an attempt that waits for marks. `number` counts from 1; `answer` of what a person marks, else its `words`."""

    number: int
    text: str
    answer: AnswerToRead | None
    words: list[str]
    medium: MediumShown | None


def handed_in(attempt: Attempt) -> list[AnswerHandedIn]:
    """What was answered to all questions, without what is right. One query for the answers, one for files."""
    responses = dict(attempt.answers.values_list("slot", "response"))
    asked = [(slot, one) for slot, one in enumerate(questions_of(attempt)) if slot in responses]
    answers = answers_to_read([(one, responses[slot]) for slot, one in asked])
    media = media_of_attempt(attempt, questions_of(attempt))
    return [
        AnswerHandedIn(slot + 1, text_of(one), answer, [], media.get(slot))
        if one.kind in BY_HAND
        else AnswerHandedIn(slot + 1, text_of(one), None, _in_words(one, responses[slot]), media.get(slot))
        for (slot, one), answer in zip(asked, answers, strict=True)
    ]


def _in_words(one: StoredQuestion, response: Any) -> list[str]:
    if one.kind == QuestionKind.HOTSPOT and response and "points" in response:
        count = len(response["points"])
        said = ngettext("%(count)s place on the picture", "%(count)s places on the picture", count)
        return [said % {"count": count}]
    return response_in_words(one, response)


def _question_reviewed(
    key: KeyInForce,
    answer: Answer,
    *,
    attempt: Attempt,
    shows_right: bool,
    written: AnswerToRead,
    appeal: Appeal | None,
    medium: MediumShown | None,
) -> QuestionReviewed:
    one, slot, mark = key.question, answer.slot, answer.mark or Decimal(0)
    is_by_hand = one.kind in BY_HAND
    # Where everybody or no one gets the points there is no right answer to show.
    has_right = key.rule == KeyRule.KEY
    shows_right = shows_right and has_right
    return QuestionReviewed(
        slot=slot,
        kind=one.kind,
        text=text_of(one),
        mark=mark,
        points=attempt.points[slot],
        # Of what a person marks it is the model answer; of what was left out it would be the right answer, in words.
        explanation=explanation_of(one)
        if has_right and (shows_right or (not is_by_hand and answer.response is not None))
        else "",
        options=_options_reviewed(
            one.kind,
            options_as_shown(one, slot=slot, attempt=attempt),
            one.key,
            answer.response,
            shows_right=shows_right,
            tells_wrong=has_right,
        ),
        line=(answer.response or "") if one.kind in TYPED else "",
        right_lines=_right_lines(one) if shows_right and mark < 1 else [],
        pairs=_pairs_reviewed(one, answer.response, shows_right=shows_right),
        picture=_picture_reviewed(
            one,
            instead_as_shown(one, slot=slot, attempt=attempt) if one.kind == QuestionKind.HOTSPOT else (),
            answer.response or {},
            shows_right=shows_right,
            tells_wrong=has_right,
        ),
        answer=written if is_by_hand else None,
        medium=medium,
        corrected=key.rule if key.is_corrected else None,
        appeal=appeal,
    )


def _options_reviewed(
    kind: str,
    options: Sequence[Mapping[str, Any]],
    key: Mapping[str, Any],
    response: Any,
    *,
    shows_right: bool,
    tells_wrong: bool,
) -> list[OptionReviewed]:
    if not options:
        return []
    takes_one = kind != QuestionKind.MULTIPLE
    chosen = {response} if takes_one else set(response or ())
    right = {option for option, weight in key["weights"].items() if not weight.startswith("-")}
    return [
        OptionReviewed(
            text=in_language(option["text"]),
            is_chosen=option["id"] in chosen,
            is_right=option["id"] in right if shows_right else None,
            is_wrong=tells_wrong
            and option["id"] in chosen
            and (shows_right or takes_one)
            and option["id"] not in right,
        )
        for option in options
    ]


def _right_lines(one: StoredQuestion) -> list[str]:
    match one.kind:
        case QuestionKind.NUMERIC:
            unit = next(iter(one.key["units"]), "")
            numbers = one.question.right_numbers() if isinstance(one.question, Numeric) else []
            return [f"{shown_number(number)} {unit}".strip() for number in numbers]
        case QuestionKind.SHORT_TEXT:
            return [accepted["text"] for accepted in one.key["accepted"]]
        case _:
            return []


def shown_number(number: Fraction) -> str:
    """A result as it is read: with six digits where it has more."""
    exact = number_text(number)
    if len(exact) <= LONGEST_SHOWN:
        return exact
    return f"{float(number):.6g}"


def _pairs_reviewed(one: StoredQuestion, response: Any, *, shows_right: bool) -> list[PairReviewed]:
    match one.kind:
        case QuestionKind.MATCHING:
            return _matches(one, response or {}, shows_right=shows_right)
        case QuestionKind.ORDERING:
            return _places(one, response or [], shows_right=shows_right)
        case QuestionKind.FILL_IN:
            return _gaps(one, response or {}, shows_right=shows_right)
        case _:
            return []


def _matches(one: StoredQuestion, response: Mapping[str, str], *, shows_right: bool) -> list[PairReviewed]:
    choices = {choice["id"]: in_language(choice["text"]) for choice in one.content["choices"]}
    reviewed = []
    for stem in one.content["stems"]:
        chosen, right = response.get(stem["id"]), one.key["pairs"][stem["id"]]
        told = choices[right] if shows_right and chosen != right else ""
        reviewed.append(PairReviewed(in_language(stem["text"]), choices.get(chosen or "", ""), told))
    return reviewed


def _places(one: StoredQuestion, response: Sequence[str | None], *, shows_right: bool) -> list[PairReviewed]:
    steps = {step["id"]: in_language(step["text"]) for step in one.content["items"]}
    reviewed = []
    for place, (right, given) in enumerate(zip_longest(one.key["order"], response), start=1):
        told = steps[right] if shows_right and given != right else ""
        reviewed.append(PairReviewed(str(place), steps.get(given or "", ""), told))
    return reviewed


def _gaps(one: StoredQuestion, response: Mapping[str, str], *, shows_right: bool) -> list[PairReviewed]:
    shares = one.question.shares(response) if isinstance(one.question, FillIn) else {}
    reviewed = []
    # As they are numbered on the page: in the order of the text.
    for number, gap_id in enumerate(GAP.findall(in_language(one.content["text"])), start=1):
        told = _right_in_gap(one, gap_id) if shows_right and shares[gap_id] < 1 else ""
        filled = words_in_gap(one, gap_id, response[gap_id]) if gap_id in response else ""
        reviewed.append(PairReviewed(str(number), filled, told))
    return reviewed


def _right_in_gap(one: StoredQuestion, gap_id: str) -> str:
    key = one.key["gaps"][gap_id]["key"]
    if "weights" in key:
        return words_in_gap(one, gap_id, next(iter(key["weights"])))
    if "accepted" in key:
        return str(key["accepted"][0]["text"])
    return str(key["answers"][0]["value"])


def _picture_reviewed(
    one: StoredQuestion,
    instead_options: Sequence[Mapping[str, Any]],
    response: Mapping[str, Any],
    *,
    shows_right: bool,
    tells_wrong: bool,
) -> PictureReviewed | None:
    if one.kind != QuestionKind.HOTSPOT:
        return None
    picture, instead = one.content["picture"], one.content["instead"]
    options = (
        _options_reviewed(
            instead["kind"],
            instead_options,
            one.key["instead"],
            response["instead"],
            shows_right=shows_right,
            tells_wrong=tells_wrong,
        )
        if "instead" in response
        else []
    )
    return PictureReviewed(
        width=picture["width"],
        height=picture["height"],
        alt=in_language(one.content["alt"]),
        dots=dots_on(picture, response.get("points", ())),
        areas=[_polygon(picture, area) for area in one.key["areas"]] if shows_right else [],
        instead_text=in_language(instead["text"]),
        options=options,
    )


def _polygon(picture: Mapping[str, Any], area: Mapping[str, Any]) -> str:
    if "rectangle" in area:
        left, top, right, bottom = area["rectangle"]
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    else:
        corners = area["polygon"]
    return " ".join(f"{dot.x},{dot.y}" for dot in dots_on(picture, corners))
