"""Stored questions of the bank as its form opens them again (`assessment.bilingual` writes them down)."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final
from uuid import uuid4

from assessment.bilingual import LANGUAGES, BankBlocks, Draft
from assessment.blocks.medium import PICTURE, RECORDING
from assessment.marking.choice import even_weights


class NotInTheForm(ValueError):
    """A question, as one from a file, that has what the form cannot show: saving it would change how it is marked."""


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
