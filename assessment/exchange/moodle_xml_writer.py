"""Writes Moodle's XML, as `moodle_xml` reads it. Independent of Django.

Two elements are ours, and other software passes over them: `<equivalent>`, the question in place of a hotspot's picture, and `<step>` of a
variable. A gap has one place in Moodle: in the second language of a text it is written `[[1]]`.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from urllib.parse import quote

from assessment.exchange.areas import places_of, thousandths_of
from assessment.exchange.calculated import write_answers, write_variables
from assessment.exchange.canonical import tags_of
from assessment.exchange.cloze import write_gap
from assessment.exchange.figures import decimal_of
from assessment.exchange.gift_writer import GRADING_OF_CREDIT
from assessment.exchange.item import Item, Picture, Texts, UnwritableCode, UnwritableQuestion, Written
from assessment.exchange.markup import element, text
from assessment.exchange.moodle_xml import read
from assessment.exchange.pictures import size_of
from assessment.exchange.texts import write_html, write_images, write_string
from assessment.exchange.writing import percent, written_items

_BEGIN = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
_END = "</quiz>\n"


def write(items: Iterable[Item]) -> Written:
    """A file of the items, in UTF-8."""
    parts, unwritable = written_items(
        items, _written, lambda part: read(f"{_BEGIN}{part}{_END}".encode()), holds_pictures=True
    )
    pieces = [_BEGIN]
    category = ""
    for item, part in parts:
        if item.category != category:
            category = item.category
            path = f"$course$/top/{category}".rstrip("/")
            pieces.append(
                element("question", element("category", element("text", text(path))), type="category")
            )
            pieces.append("\n")
        pieces.append(part)
    return Written("".join([*pieces, _END]).encode(), unwritable)


def _written(item: Item) -> str:
    languages = tuple(item.text)
    type_, inside = _inside(item)
    tags = tags_of(item)
    source = _cloze(item) if item.kind == "fill_in" else write_html(item.text)
    file = ""
    if picture := item.shown:
        place = f"@@PLUGINFILE@@/{quote(picture.name)}"
        source += f"<br>{write_images(place, item.content['medium']['alt'], languages)}"
        file = _file(picture)
    parts = [
        element("name", element("text", text(item.title))),
        element("questiontext", element("text", text(source)), file, format="html"),
        element(
            "generalfeedback", element("text", text(write_html(item.explanation, languages))), format="html"
        ),
        element("defaultgrade", str(item.points)),
        element("penalty", "0"),
        element("hidden", "0"),
        element("idnumber", text(item.name)),
        inside,
        element("tags", *(element("tag", element("text", text(tag))) for tag in tags)) if tags else "",
    ]
    lines = "".join(f"    {part}\n" for part in parts if part)
    return f'  <question type="{type_}">\n{lines}  </question>\n'


def _text(texts: Texts, languages: Sequence[str]) -> str:
    return element("text", text(write_html(texts, languages)))


def _choice(item: Item) -> str:
    answers = [
        element(
            "answer",
            _text(one["text"], tuple(item.text)),
            fraction=percent(item.key["weights"].get(one["id"], "0")),
            format="html",
        )
        for one in item.content["options"]
    ]
    single = element("single", "true" if item.kind == "single" else "false")
    return single + element("shuffleanswers", "true") + "".join(answers)


def _true_false(item: Item) -> str:
    return "".join(
        element("answer", element("text", one), fraction=percent(item.key["weights"].get(one, "0")))
        for one in ("true", "false")
    )


def _short_text(item: Item) -> str:
    answers = [
        element("answer", element("text", text(one["text"])), fraction=percent(one.get("share", "1")))
        for one in item.key["accepted"]
    ]
    return element("usecase", "1" if item.key["is_exact"] else "0") + "".join(answers)


def _ordering(item: Item) -> str:
    texts = {one["id"]: one["text"] for one in item.content["items"]}
    answers = [
        element("answer", _text(texts[one], tuple(item.text)), fraction=str(place), format="html")
        for place, one in enumerate(item.key["order"], start=1)
    ]
    settings = [
        element("layouttype", "VERTICAL"),
        element("selecttype", "ALL"),
        element("selectcount", str(len(answers))),
        element("gradingtype", GRADING_OF_CREDIT[item.key["credit"]]),
    ]
    return "".join([*settings, *answers])


def _gaps(_item: Item) -> str:
    # They are written in the text.
    return ""


def _essay(_item: Item) -> str:
    return element("responseformat", "editor") + element("attachments", "0")


def _files(item: Item) -> str:
    return element("responseformat", "noinline") + element("attachments", str(item.content["most"]))


def _inside(item: Item) -> tuple[str, str]:
    """The type, and what is of that type alone."""
    if item.key.get("variables"):
        return "calculated", _numeric(item)
    type_, write_inside = _WRITERS[item.kind]
    return type_, write_inside(item)


def _numeric(item: Item) -> str:
    content, key = item.content, item.key
    shares = [percent(one.get("share", "1")) for one in key["answers"]]
    units = ""
    if key["units"]:
        is_asked = content["unit"]["is_asked"]
        units = element("unitgradingtype", "1" if is_asked else "0") + element("unitpenalty", "1")
        units += element("showunits", "0") + element("unitsleft", "0")
        units += element("units", *(_unit(name, factor) for name, factor in key["units"].items()))
    if key.get("variables"):
        return write_answers(key, shares) + units + write_variables(key["variables"])
    answers = [
        element(
            "answer",
            element("text", text(one["value"])),
            element("tolerance", text(one["tolerance"])),
            fraction=share,
        )
        for one, share in zip(key["answers"], shares, strict=True)
    ]
    return "".join(answers) + units


def _unit(name: str, factor: str) -> str:
    many = decimal_of(1 / Fraction(factor))
    if many is None:
        raise UnwritableQuestion(UnwritableCode.UNITS, f"{name} {factor}")
    return element("unit", element("multiplier", many), element("unit_name", text(name)))


def _pairs(item: Item) -> str:
    languages = tuple(item.text)
    pairs = item.key["pairs"]
    choices = {one["id"]: one["text"] for one in item.content["choices"]}
    lines = [(one["text"], choices[pairs[one["id"]]]) for one in item.content["stems"]]
    lines += [({}, choice) for id_, choice in choices.items() if id_ not in pairs.values()]
    return element("shuffleanswers", "true") + "".join(
        element(
            "subquestion",
            _text(stem, languages),
            element("answer", element("text", text(write_string(choice, languages)))),
            format="html",
        )
        for stem, choice in lines
    )


def _cloze(item: Item) -> str:
    """The text with its gaps in it, in its first language."""
    languages = tuple(item.text)
    source = write_html(item.text)
    first = write_html({languages[0]: item.text[languages[0]]}, (languages[0],))
    begin = source.index(first)
    filled = first
    for gap in item.content["gaps"]:
        kept = item.key["gaps"][gap["id"]]
        place = f"[[{gap['id']}]]"
        if filled.count(place) != 1:
            raise UnwritableQuestion(UnwritableCode.NOT_HELD, place)
        filled = filled.replace(place, write_gap(gap, kept["key"], kept["points"], languages))
    return source[:begin] + filled + source[begin + len(first) :]


def _file(picture: Picture) -> str:
    return element("file", b64encode(picture.data).decode(), name=picture.name, path="/", encoding="base64")


def _hotspot(item: Item) -> str:
    picture = item.picture(item.content["picture"])
    if picture is None:
        raise UnwritableQuestion(UnwritableCode.PICTURE, item.content["picture"])
    width, height = size_of(picture.data)
    drops = []
    for number, area in enumerate(item.key["areas"], start=1):
        shape, places = places_of(area, width, height)
        drops.append(
            element(
                "drop",
                element("no", str(number)),
                element("shape", shape),
                element("coords", places),
                element("choice", "1"),
                element("area", thousandths_of(area)),
            )
        )
    drag = element("drag", element("no", "1"), element("text", "●"), element("noofdrags", str(len(drops))))
    equivalent = ""
    if "instead" in item.content:
        instead = item.content["instead"]
        inner = replace(
            item, kind=instead["kind"], content=instead["content"], key=item.key["instead"], pictures=()
        )
        type_, inside = _inside(inner)
        said = element(
            "questiontext", _text(instead["content"].get("text", {}), tuple(item.text)), format="html"
        )
        equivalent = element("equivalent", element("question", said, inside, type=type_))
    return _file(picture) + drag + "".join(drops) + equivalent


_WRITERS: Mapping[str, tuple[str, Callable[[Item], str]]] = {
    "single": ("multichoice", _choice),
    "multiple": ("multichoice", _choice),
    "true_false": ("truefalse", _true_false),
    "numeric": ("numerical", _numeric),
    "short_text": ("shortanswer", _short_text),
    "matching": ("matching", _pairs),
    "ordering": ("ordering", _ordering),
    "fill_in": ("cloze", _gaps),
    "hotspot": ("ddmarker", _hotspot),
    "essay": ("essay", _essay),
    "files": ("essay", _files),
}
