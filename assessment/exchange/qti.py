"""Reads QTI 2.1, 2.2 and 3.0: one item, or a package of them. Independent of Django.

Of a package those documents are read that are items, in the order of its manifest; the manifest says their tags and difficulty (LOM), a test in
it what they weigh. QTI 1.2 is counted and listed, not read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote

from assessment.exchange.canonical import checked, tidy_category, with_difficulty
from assessment.exchange.figures import number_in
from assessment.exchange.item import (
    MOST_POINTS,
    Fault,
    FaultCode,
    FaultyQuestion,
    Item,
    Note,
    NoteCode,
    Picture,
    Reading,
    UnreadableFile,
    Unsupported,
    UnsupportedCode,
    UnsupportedQuestion,
)
from assessment.exchange.markup import Node, parse
from assessment.exchange.packages import ZIP, Package, is_safe
from assessment.exchange.pictures import MOST_BYTES, is_picture, is_taken
from assessment.exchange.qti_interactions import Question, name_of_file
from assessment.exchange.qti_names import as_version_2
from assessment.exchange.texts import shortened, tidy_line

_MANIFEST = "imsmanifest.xml"
_ITEM = "assessmentItem"
_OLD = "questestinterop"
_ITEM_TYPES = ("imsqti_item", "imsqti_xmlv1", "imsqti_assessment_xmlv1")
_TEST_TYPES = ("imsqti_test", "imsqti_assessment_xmlv2")
_DIFFICULTIES = ("very easy", "easy", "medium", "difficult", "very difficult")


# The bytes of a file that a document names, None where there are none.
type Find = Callable[[str], bytes | None]


@dataclass(slots=True)
class _Meta:
    """What is said of an item outside of it."""

    name: str | None = None
    tags: list[str] = field(default_factory=list)
    difficulty: int | None = None
    category: str = ""
    points: Fraction | None = None


def read(data: bytes) -> Reading:
    """The questions of a document or a package. Raises UnreadableFile."""
    if data.startswith(ZIP):
        return _read_package(Package(data))
    reading = Reading()
    root = as_version_2(parse(data))
    if root.name not in {_ITEM, _OLD}:
        raise UnreadableFile(FaultCode.FORM, line=root.line, detail=root.name)
    _add(reading, root, _Meta(), "", _no_file)
    return reading


def _read_package(package: Package) -> Reading:
    reading = Reading()
    manifest = _Manifest(package, reading)
    others = [one for one in package.names if one.lower().endswith(".xml") and one not in manifest.items]
    for name in [*manifest.items, *others]:
        if name not in package:
            reading.add(Fault(0, FaultCode.MEMBER_MISSING, name), file=name)
            continue
        try:
            root = as_version_2(parse(package.read(name)))
        except UnreadableFile as error:
            if name in manifest.items:
                reading.add(Fault(error.line, error.code, error.detail), file=name)
            else:
                reading.notes.append(Note(NoteCode.ELEMENT, name))
            continue
        if root.name in {_ITEM, _OLD}:
            meta = manifest.items.get(name) or _Meta()
            meta.points = manifest.weights.get(name)
            _add(reading, root, meta, name, partial(_file_near, package, name))
    if not reading.count:
        raise UnreadableFile(FaultCode.NO_QUESTIONS)
    return reading


class _Manifest:
    """The items that the manifest of a package lists, and what they weigh in the tests that it lists."""

    def __init__(self, package: Package, reading: Reading) -> None:
        self.items: dict[str, _Meta] = {}
        self.weights: dict[str, Fraction] = {}
        names = sorted((name for name in package.names if name.rsplit("/", 1)[-1] == _MANIFEST), key=len)
        if not names:
            return
        for resource in parse(package.read(names[0])).every("resource"):
            type_, href = resource.get("type").lower(), unquote(resource.get("href"))
            name = normpath(join(dirname(names[0]), href))
            if type_.startswith(_ITEM_TYPES):
                if is_safe(href):
                    self.items[name] = _meta(resource)
                else:
                    reading.add(Fault(resource.line, FaultCode.UNSAFE_NAME, shortened(href)), file=names[0])
            elif type_.startswith(_TEST_TYPES) and name in package:
                self.weights |= _weights(as_version_2(parse(package.read(name))), name)


def _meta(resource: Node) -> _Meta:
    lom = next(resource.every("lom"), None)
    if lom is None:
        return _Meta()
    tags = [tidy_line(one.text) for one in lom.every("keyword")]
    names, difficulty = with_difficulty([one for one in tags if one])
    said = next(
        (tidy_line(value.text).lower() for one in lom.every("difficulty") for value in one.all("value")), ""
    )
    said = said.removeprefix("lomv1.0").strip()
    if said in _DIFFICULTIES:
        difficulty = _DIFFICULTIES.index(said) + 1
    identifier = next(lom.every("identifier"), None)
    entry = identifier.first("entry") if identifier else None
    taxon = next(lom.every("taxon"), None)
    return _Meta(
        None if identifier is None else tidy_line(entry.text if entry else ""),
        list(names),
        difficulty,
        tidy_category(taxon.text) if taxon else "",
    )


def _weights(test: Node, name: str) -> dict[str, Fraction]:
    """What the items of a test weigh, by the names of their documents."""
    found = {}
    for one in test.every("assessmentItemRef"):
        weight = one.first("weight")
        if weight is not None:
            where = normpath(join(dirname(name), unquote(one.get("href"))))
            found[where] = number_in(weight.get("value", "1"))
    return found


def _no_file(_href: str) -> bytes | None:
    return None


def _file_near(package: Package, name: str, href: str) -> bytes | None:
    """What a document of a package refers to, where that is in the package."""
    where = normpath(join(dirname(name), unquote(href)))
    return package.read(where) if where in package else None


def _add(reading: Reading, root: Node, meta: _Meta, file: str, find: Find) -> None:
    if root.name == _OLD:
        for one in root.every("item"):
            found = Unsupported(
                one.line, "QTI 1.2", UnsupportedCode.VERSION, title=tidy_line(one.get("title"))
            )
            reading.add(found, file=file)
        return
    reading.add(read_item(root, meta, find), file=file)


def read_item(root: Node, meta: _Meta | None = None, find: Find = _no_file) -> Item | Unsupported | Fault:
    """One item, whose names are those of QTI 2."""
    meta = meta or _Meta()
    title = tidy_line(root.get("title"))
    question = Question(root, partial(_holds_picture, find))
    try:
        item = question.item()
        points = _points(root, question, meta)
        pictures = _pictures(question, find)
        return checked(
            replace(
                item,
                title=title,
                name=root.get("identifier") if meta.name is None else meta.name,
                tags=tuple(meta.tags),
                difficulty=meta.difficulty,
                category=meta.category,
                points=points,
                notes=tuple(question.notes),
                pictures=pictures,
                line=root.line,
            )
        )
    except UnsupportedQuestion as error:
        return Unsupported(root.line, question.type, error.code, error.detail, title)
    except FaultyQuestion as error:
        return Fault(root.line, error.code, error.detail, title)


def _holds_picture(find: Find, source: str) -> bool:
    data = find(source)
    return data is not None and len(data) <= MOST_BYTES and is_taken(data)


def _pictures(question: Question, find: Find) -> tuple[Picture, ...]:
    """That of a hotspot, where it is in the package and one of those that we show, and that of its text."""
    shown = find(question.shown) if question.shown else None
    pictures = () if shown is None else (Picture(name_of_file(question.shown), shown),)
    if not question.picture:
        return pictures
    data = find(question.picture)
    if data is None or len(data) > MOST_BYTES or not is_picture(data):
        question.notes.append(Note(NoteCode.MEDIA, shortened(question.picture)))
        return pictures
    return (*pictures, Picture(name_of_file(question.picture), data))


def _points(root: Node, question: Question, meta: _Meta) -> int:
    """The weight in the test, or what the item can earn."""
    outcomes = {one.get("identifier"): one for one in root.all("outcomeDeclaration")}
    said: Mapping[str, Any] = {
        "normalMaximum": outcomes["SCORE"].get("normalMaximum") if "SCORE" in outcomes else "",
        "MAXSCORE": outcomes["MAXSCORE"].text.strip() if "MAXSCORE" in outcomes else "",
    }
    given = said["MAXSCORE"] or said["normalMaximum"]
    points = meta.points if meta.points is not None else number_in(given) if given else question.most
    kept = min(max(round(points), 1), MOST_POINTS)
    if kept != points:
        question.notes.append(Note(NoteCode.POINTS, str(points)))
    return kept
