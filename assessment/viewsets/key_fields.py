"""Fields for the key of a question, or of a part of one, by its kind: shown as the key is, read as `assessment.marking` takes it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.services.formatting import format_number
from assessment.blocks.hotspot import areas_in
from assessment.enums import QuestionKind
from assessment.marking.choice import even_weights
from assessment.queries.keys_in_words import area_in_numbers
from assessment.queries.questions import in_language

type Fields = list[tuple[str, forms.Field]]
type Typed = Mapping[str, Any]


class Part(NamedTuple):
    """A question, or what has a key of its own in one. `prefix`: of the names of its fields; `label`: before theirs."""

    kind: str
    content: Mapping[str, Any]
    key: Mapping[str, Any]
    prefix: str = ""
    label: str = ""

    def named(self, label: Any) -> Any:
        return f"{self.label}: {label}" if self.label else label


class Way(NamedTuple):
    """How a kind is shown and read."""

    fields: Callable[[Part], Fields]
    read: Callable[[Part, Typed], dict[str, Any]]


def fields_of(part: Part) -> Fields:
    way = WAYS.get(QuestionKind(part.kind))
    return way.fields(part) if way else []


def key_typed(part: Part, typed: Typed) -> dict[str, Any]:
    """The key of a part once its form is valid. It may be one that marks nothing: who proposes it is told then."""
    return WAYS[QuestionKind(part.kind)].read(part, typed)


def parts_of(part: Part) -> list[Part]:
    """The gaps of a text."""
    return [
        Part(
            gap["kind"],
            gap["content"],
            part.key["gaps"][gap["id"]]["key"],
            f"{part.prefix}gap-{gap['id']}-",
            _gap(gap["id"]),
        )
        for gap in part.content["gaps"]
    ]


def instead_of(part: Part) -> Part:
    """What is asked of those who do not see the picture."""
    instead = part.content["instead"]
    return Part(
        instead["kind"],
        instead["content"],
        part.key["instead"],
        f"{part.prefix}instead-",
        str(_("Without the picture")),
    )


def _gap(number: str) -> str:
    return str(_("Gap %(number)s")) % {"number": format_number(int(number)) if number.isdecimal() else number}


def _options(part: Part) -> Fields:
    field = forms.MultipleChoiceField(
        label=part.named(_("Right options")),
        choices=[(one["id"], in_language(one["text"])) for one in part.content["options"]],
        initial=[one for one, weight in part.key["weights"].items() if not weight.startswith(("-", "0"))],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where one answer is asked for, each that is ticked is right.")
        if part.kind != QuestionKind.MULTIPLE
        else "",
    )
    return [(f"{part.prefix}right", field)]


def _weights(part: Part, typed: Typed) -> dict[str, Any]:
    right = typed[f"{part.prefix}right"]
    wrong = [one["id"] for one in part.content["options"] if one["id"] not in right]
    takes_one = part.kind != QuestionKind.MULTIPLE
    return {**part.key, "weights": even_weights(right, wrong, takes_one=takes_one) if right else {}}


def _number(part: Part) -> Fields:
    answer = part.key["answers"][0]
    value = forms.CharField(
        label=part.named(_("Right number")),
        max_length=200,
        initial=answer["value"],
        help_text=_("Such as 3.14 or 1/3. With generated values a formula: {u} / {r}, sqrt({a}^2 + {b}^2)."),
    )
    tolerance = forms.CharField(
        label=part.named(_("Tolerance")),
        max_length=20,
        initial=answer.get("tolerance", "0"),
        help_text=_("How far from it is still right: a number such as 0.01, or a share such as 5%."),
    )
    return [(f"{part.prefix}value", value), (f"{part.prefix}tolerance", tolerance)]


def _answers(part: Part, typed: Typed) -> dict[str, Any]:
    first, *others = part.key["answers"]
    value, tolerance = typed[f"{part.prefix}value"], typed[f"{part.prefix}tolerance"]
    return {**part.key, "answers": [{**first, "value": value, "tolerance": tolerance or "0"}, *others]}


def _words(part: Part) -> Fields:
    field = forms.CharField(
        label=part.named(_("Right answers")),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        initial="\n".join(one["text"] for one in part.key["accepted"]),
        help_text=_("One on each line. Every one is right."),
        max_length=4000,
    )
    return [(f"{part.prefix}accepted", field)]


def _accepted(part: Part, typed: Typed) -> dict[str, Any]:
    lines = dict.fromkeys(" ".join(one.split()) for one in typed[f"{part.prefix}accepted"].splitlines())
    return {**part.key, "accepted": [{"text": one} for one in lines if one]}


def _stems(part: Part) -> Fields:
    choices = [(one["id"], in_language(one["text"])) for one in part.content["choices"]]
    return [
        (
            f"{part.prefix}pair-{stem['id']}",
            forms.ChoiceField(
                label=in_language(stem["text"]), choices=choices, initial=part.key["pairs"][stem["id"]]
            ),
        )
        for stem in part.content["stems"]
    ]


def _pairs(part: Part, typed: Typed) -> dict[str, Any]:
    stems = [stem["id"] for stem in part.content["stems"]]
    return {**part.key, "pairs": {one: typed[f"{part.prefix}pair-{one}"] for one in stems}}


def _places(part: Part) -> Fields:
    items = [(one["id"], in_language(one["text"])) for one in part.content["items"]]
    return [
        (
            f"{part.prefix}place-{number}",
            forms.ChoiceField(
                label=str(_("Place %(number)s")) % {"number": format_number(number)},
                choices=items,
                initial=item,
            ),
        )
        for number, item in enumerate(part.key["order"], start=1)
    ]


def _order(part: Part, typed: Typed) -> dict[str, Any]:
    places = range(1, len(part.key["order"]) + 1)
    return {**part.key, "order": [typed[f"{part.prefix}place-{number}"] for number in places]}


def _gaps(part: Part) -> Fields:
    return _joined(fields_of(gap) for gap in parts_of(part))


def _filled(part: Part, typed: Typed) -> dict[str, Any]:
    gaps: Mapping[str, Any] = part.key["gaps"]
    ids = [gap["id"] for gap in part.content["gaps"]]
    keys = [key_typed(gap, typed) for gap in parts_of(part)]
    return {**part.key, "gaps": {one: {**gaps[one], "key": key} for one, key in zip(ids, keys, strict=True)}}


def _areas(part: Part) -> Fields:
    field = forms.CharField(
        label=_("Right places"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
        initial="\n".join(area_in_numbers(area) for area in part.key["areas"]),
        help_text=_(
            "A line for each, as many as there are now: left, top, right, bottom, from 0 to 1000 of the width and the height; or the corners of a shape; or three numbers for a circle: its middle and its radius."
        ),
        max_length=2000,
    )
    return [(f"{part.prefix}areas", field), *fields_of(instead_of(part))]


def _drawn(part: Part, typed: Typed) -> dict[str, Any]:
    areas = [area for line in typed[f"{part.prefix}areas"].splitlines() for area in _area(line)]
    return {**part.key, "areas": areas, "instead": key_typed(instead_of(part), typed)}


def _area(line: str) -> Sequence[dict[str, Any]]:
    """None of an empty line."""
    numbers = line.replace(",", " ").replace("،", " ").split()
    if len(numbers) == len(("x", "y", "radius")) and all(number.isdecimal() for number in numbers):
        return [{"circle": [int(number) for number in numbers]}]
    return areas_in(line)


def _joined(several: Iterable[Fields]) -> Fields:
    return [field for fields in several for field in fields]


_CHOICE = Way(_options, _weights)
WAYS: Mapping[QuestionKind, Way] = {
    QuestionKind.SINGLE: _CHOICE,
    QuestionKind.MULTIPLE: _CHOICE,
    QuestionKind.TRUE_FALSE: _CHOICE,
    QuestionKind.NUMERIC: Way(_number, _answers),
    QuestionKind.SHORT_TEXT: Way(_words, _accepted),
    QuestionKind.MATCHING: Way(_stems, _pairs),
    QuestionKind.ORDERING: Way(_places, _order),
    QuestionKind.FILL_IN: Way(_gaps, _filled),
    QuestionKind.HOTSPOT: Way(_areas, _drawn),
}
