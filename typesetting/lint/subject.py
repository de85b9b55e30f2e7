"""The parsed file that the rules check."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import pikepdf

# The operands of an operator, and its name.
Instruction = tuple[list[Any], str]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a file breaks: the clause of its standard, and where."""

    clause: str
    message: str

    def __str__(self) -> str:
        return f"{self.clause}: {self.message}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A clause, and a function that yields a sentence for each breach of it."""

    clause: str
    broken_by: Callable[["Subject"], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Paint:
    """Something a page paints: by which operator, inside which marks, and the codes where it is text.

    `marks` are `(tag, marked-content identifier or None)` from outside inward.
    """

    operator: str
    marks: tuple[tuple[str, int | None], ...]
    font: str | None = None
    codes: bytes = b""


@dataclass(frozen=True, slots=True)
class Element:
    """A structure element with its role and the kids that are elements."""

    role: str
    dictionary: Any
    kids: tuple["Element", ...]

    def __iter__(self) -> Iterator["Element"]:
        yield self
        for kid in self.kids:
            yield from kid


@dataclass(slots=True)
class Subject:
    """The bytes, the objects, the metadata, the elements in reading order, and the content of each page."""

    data: bytes
    pdf: pikepdf.Pdf
    xmp: ElementTree.Element | None
    elements: tuple[Element, ...]
    instructions: list[list[Instruction]]
    paints: list[list[Paint]]

    @classmethod
    @contextmanager
    def open(cls, data: bytes) -> Iterator["Subject"]:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            tree = pdf.Root.get("/StructTreeRoot")
            instructions = [_instructions(page) for page in pdf.pages]
            yield cls(
                data=data,
                pdf=pdf,
                xmp=_xmp(pdf.Root.get("/Metadata")),
                elements=() if tree is None else _elements(tree),
                instructions=instructions,
                paints=[list(_paints(content)) for content in instructions],
            )

    @property
    def all_elements(self) -> Iterator[Element]:
        for top in self.elements:
            yield from top

    @property
    def streams(self) -> Iterator[Any]:
        return (o for o in self.pdf.objects if isinstance(o, pikepdf.Stream))

    @property
    def annotations(self) -> Iterator[Any]:
        for page in self.pdf.pages:
            yield from page.get("/Annots", ())


_PAINTING = frozenset(
    [
        "S",
        "s",
        "f",
        "F",
        "f*",
        "B",
        "B*",
        "b",
        "b*",
        "sh",
        "Do",
        "Tj",
        "TJ",
        "'",
        '"',
        "BI",
        "INLINE",
        "IMAGE",
    ]
)
_SHOWING = frozenset(("Tj", "TJ", "'", '"'))


def text_of(parent: Any, key: str) -> str:
    """A string entry, empty where there is none."""
    return str(parent.get(key, ""))


def kids_of(parent: Any) -> list[Any]:
    """The kids of a structure element, one or several."""
    kids = parent.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _elements(parent: Any) -> tuple[Element, ...]:
    return tuple(
        Element(role=str(kid.S)[1:], dictionary=kid, kids=_elements(kid))
        for kid in kids_of(parent)
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid
    )


def _xmp(stream: Any) -> ElementTree.Element | None:
    if stream is None:
        return None
    packet = stream.read_bytes()
    if b"<!" in packet:
        return None  # no document type and so no entities: nothing that expands
    try:
        return ElementTree.fromstring(packet)  # noqa: S314 - see above
    except ElementTree.ParseError:
        return None


def _instructions(page: pikepdf.Page) -> list[Instruction]:
    return [(list(found.operands), str(found.operator)) for found in pikepdf.parse_content_stream(page)]


def _paints(content: list[Instruction]) -> Iterator[Paint]:
    marks: list[tuple[str, int | None]] = []
    font: str | None = None
    for operands, name in content:
        if name in {"BMC", "BDC"}:
            properties = operands[1] if name == "BDC" else {}
            mcid = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
            marks.append((str(operands[0])[1:], None if mcid is None else int(mcid)))
        elif name == "EMC":
            marks.pop()
        elif name == "Tf":
            font = str(operands[0])
        elif name in _SHOWING:
            yield Paint(name, tuple(marks), font, _codes(operands[-1]))
        elif name in _PAINTING:
            yield Paint(name, tuple(marks))


def _codes(shown: Any) -> bytes:
    if isinstance(shown, pikepdf.Array):
        return b"".join(bytes(part) for part in shown if isinstance(part, pikepdf.String))
    return bytes(shown)
