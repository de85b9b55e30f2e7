"""What is asked of those who take a quiz: no key, no weight, no explanation."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from assessment.chance import Chance
from assessment.enums import QuestionKind
from assessment.marking.hotspot import WIDE
from assessment.models import Attempt
from assessment.queries.media import MediumShown, media_of_attempt
from assessment.queries.questions import (
    GAP,
    StoredQuestion,
    chance_of,
    in_language,
    questions_of,
    text_of,
)
from assessment.queries.responses_by_hand import CriterionToRead, FileToRead, files_sent, rubric_of

# What is typed.
TYPED = frozenset({QuestionKind.NUMERIC, QuestionKind.SHORT_TEXT, QuestionKind.ESSAY})


@dataclass(frozen=True)
class OptionToRead:
    option_id: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class StemToMatch:
    """One side of a pair, and what may belong to it."""

    stem_id: str
    text: str
    choices: list[OptionToRead]


@dataclass(frozen=True)
class StepToPlace:
    """One of the things to put in order; `place` counts from 1, None where it was given none."""

    step_id: str
    text: str
    place: int | None


@dataclass(frozen=True)
class GapToFill:
    """`number` counts from 1 in the order of the text."""

    gap_id: str
    number: int
    is_number: bool
    filled: str
    choices: list[OptionToRead]


@dataclass(frozen=True)
class PassagePart:
    """A piece of a text, or a gap in it."""

    text: str
    gap: GapToFill | None = None


@dataclass(frozen=True)
class Dot:
    """A point on a picture of `width` dots, as SVG places it: dots of the picture, written as a page needs them."""

    x: str
    y: str


@dataclass(frozen=True)
class PictureToMark:
    """`points` as the form sends them, `dots` as they are drawn."""

    width: int
    height: int
    alt: str
    most: int
    points: str
    dots: list[Dot]
    instead_text: str
    instead_takes_several: bool
    instead: list[OptionToRead]

    @property
    def dot(self) -> str:
        return dot_size(self.width)

    @property
    def is_answered_instead(self) -> bool:
        return any(option.is_chosen for option in self.instead)


@dataclass(frozen=True)
class FilesToSend:
    """`chosen` are those of the answer, in its order; `sent` all that are stored for the question, also what was taken back."""

    most: int
    chosen: list[FileToRead]
    sent: list[FileToRead]

    @property
    def takes_more(self) -> bool:
        return len(self.chosen) < self.most

    @property
    def stored(self) -> list[dict[str, Any]]:
        """What the page's script is told of `sent`: as the receipt of a file says it."""
        return [file.told for file in self.sent]


@dataclass(frozen=True)
class QuestionToAnswer:
    """A question as it may leave the server before marking, with what was answered: no key, no weight, no explanation.

    `slot` counts from 0. `options`, `line`, `stems`, `steps`, `passage`, `picture` or `files` is filled, as its kind needs.
    """

    slot: int
    kind: QuestionKind
    text: str
    is_answered: bool
    options: list[OptionToRead]
    line: str
    stems: list[StemToMatch]
    takes_unit: bool
    steps: list[StepToPlace]
    passage: list[PassagePart]
    picture: PictureToMark | None
    # Of the section that begins with it.
    heading: str
    files: FilesToSend | None
    # Words that are asked for, about; None where no number is.
    words: int | None
    # Where trainees see it while they answer.
    rubric: list[CriterionToRead]
    # What it shows or plays besides.
    medium: MediumShown | None

    @property
    def gaps(self) -> list[GapToFill]:
        return [part.gap for part in self.passage if part.gap]

    @property
    def number(self) -> int:
        """As the page counts, from 1."""
        return self.slot + 1


def questions_to_answer(attempt: Attempt, responses: Mapping[int, Any]) -> list[QuestionToAnswer]:
    """The questions of an attempt, in the reader's language, without anything that discloses the answers.

    `responses`: what is saved of the answers, slot by slot, or what was sent and refused.
    """
    questions = questions_of(attempt)
    sent = files_sent(attempt) if any(one.kind == QuestionKind.FILES for one in questions) else {}
    media = media_of_attempt(attempt, questions)
    return [
        to_answer(
            one,
            slot=slot,
            response=responses.get(slot),
            attempt=attempt,
            files=sent.get(slot, ()),
            medium=media.get(slot),
        )
        for slot, one in enumerate(questions)
    ]


def options_as_shown(one: StoredQuestion, *, slot: int, attempt: Attempt) -> Sequence[Mapping[str, Any]]:
    """The options of a question, if it has some, in the order in which this attempt shows them; true comes before false."""
    options: Sequence[Mapping[str, Any]] = one.content.get("options", ())
    if not attempt.shuffles_options or one.kind == QuestionKind.TRUE_FALSE:
        return options
    return Chance(attempt.seed).shuffled(options, "options", slot)


def instead_as_shown(one: StoredQuestion, *, slot: int, attempt: Attempt) -> Sequence[Mapping[str, Any]]:
    """The options of the question in place of a picture, in the order in which this attempt shows them."""
    options: Sequence[Mapping[str, Any]] = one.content["instead"]["content"]["options"]
    return Chance(attempt.seed).shuffled(options, "instead", slot) if attempt.shuffles_options else options


def to_answer(
    one: StoredQuestion,
    *,
    slot: int,
    response: Any,
    attempt: Attempt,
    files: Sequence[FileToRead] = (),
    medium: MediumShown | None = None,
) -> QuestionToAnswer:
    """A question as it is asked in this attempt, in the reader's language, with a response to it or None. `files`: sent to it so far."""
    is_typed = one.kind in TYPED
    chosen = response if isinstance(response, list) else [response]
    pairs = response if isinstance(response, dict) else {}
    return QuestionToAnswer(
        slot=slot,
        heading=next(
            (in_language(section["title"]) for section in attempt.sections if section["slot"] == slot), ""
        ),
        kind=one.kind,
        text=text_of(one),
        is_answered=bool(response),
        options=_to_read(options_as_shown(one, slot=slot, attempt=attempt), chosen),
        line=response if is_typed and isinstance(response, str) else "",
        stems=[
            StemToMatch(
                stem["id"],
                in_language(stem["text"]),
                _to_read(one.content["choices"], [pairs.get(stem["id"])]),
            )
            for stem in one.content.get("stems", ())
        ],
        takes_unit=one.kind == QuestionKind.NUMERIC and one.content["unit"]["has_some"],
        steps=_steps(one, response, chance_of(attempt, slot)),
        passage=_passage(one, pairs),
        picture=_picture(one, pairs, slot=slot, attempt=attempt),
        files=_files(one, chosen, files),
        words=one.content.get("words") if one.kind == QuestionKind.ESSAY else None,
        rubric=rubric_of(one.content),
        medium=medium,
    )


def _files(one: StoredQuestion, chosen: Sequence[Any], sent: Sequence[FileToRead]) -> FilesToSend | None:
    if one.kind != QuestionKind.FILES:
        return None
    known = {str(file.public_id): file for file in sent}
    return FilesToSend(
        int(one.content.get("most", 1)), [known[name] for name in chosen if name in known], list(sent)
    )


def _steps(one: StoredQuestion, response: Any, chance: Chance) -> list[StepToPlace]:
    """In the order that was given to them, and what has no place yet in one of chance."""
    if one.kind != QuestionKind.ORDERING:
        return []
    # A form that was refused has places by step; two of them may be the same.
    order = response if isinstance(response, list) else ()
    places = (
        response
        if isinstance(response, dict)
        else {step: place for place, step in enumerate(order, start=1) if step}
    )
    mixed = chance.shuffled(one.content["items"], "order")
    mixed.sort(key=lambda step: places.get(step["id"]) or len(mixed) + 1)
    return [StepToPlace(step["id"], in_language(step["text"]), places.get(step["id"])) for step in mixed]


def _passage(one: StoredQuestion, response: Mapping[str, Any]) -> list[PassagePart]:
    if one.kind != QuestionKind.FILL_IN:
        return []
    gaps = {gap["id"]: gap for gap in one.content["gaps"]}
    # Texts and ids of gaps in turn.
    pieces = GAP.split(in_language(one.content["text"]))
    parts = [PassagePart(pieces[0])]
    for number, (gap_id, text) in enumerate(batched(pieces[1:], 2, strict=True), start=1):
        gap, filled = gaps[gap_id], response.get(gap_id)
        to_fill = GapToFill(
            gap_id,
            number,
            gap["kind"] == QuestionKind.NUMERIC,
            filled if isinstance(filled, str) else "",
            _to_read(gap["content"].get("options", ()), [filled]),
        )
        parts += [PassagePart("", to_fill), PassagePart(text)]
    return parts


def _picture(
    one: StoredQuestion, response: Mapping[str, Any], *, slot: int, attempt: Attempt
) -> PictureToMark | None:
    if one.kind != QuestionKind.HOTSPOT:
        return None
    picture, instead = one.content["picture"], one.content["instead"]
    points, chosen = response.get("points", []), response.get("instead", [])
    return PictureToMark(
        width=picture["width"],
        height=picture["height"],
        alt=in_language(one.content["alt"]),
        most=one.content["most"],
        points=" ".join(f"{x},{y}" for x, y in points),
        dots=dots_on(picture, points),
        instead_text=in_language(instead["text"]),
        instead_takes_several=instead["kind"] == QuestionKind.MULTIPLE,
        instead=_to_read(
            instead_as_shown(one, slot=slot, attempt=attempt),
            chosen if isinstance(chosen, list) else [chosen],
        ),
    )


def dot_size(width: int) -> str:
    """The radius of a point on a picture of so many dots: it is seen on a phone, and covers little."""
    return f"{width / 40:.1f}"


def dots_on(picture: Mapping[str, Any], points: Iterable[Sequence[int]]) -> list[Dot]:
    """Points in thousandths, as dots of a picture."""
    return [
        Dot(f"{x * picture['width'] / WIDE:.1f}", f"{y * picture['height'] / WIDE:.1f}") for x, y in points
    ]


def _to_read(options: Iterable[Mapping[str, Any]], chosen: Collection[Any]) -> list[OptionToRead]:
    return [
        OptionToRead(option["id"], in_language(option["text"]), option["id"] in chosen) for option in options
    ]
