"""XML as a tree that knows its lines, read without entities of its own, and without anything fetched. Independent of Django.

A document type is refused as a whole: all that expands or fetches is declared in one. Names come without their namespaces.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType
from xml.sax.saxutils import escape, quoteattr

from assessment.exchange.decoding import MOST_BYTES
from assessment.exchange.item import FaultCode, UnreadableFile

_DEEPEST = 200
_MOST_NODES = 1_000_000
_XML = "http://www.w3.org/XML/1998/namespace"
# What XML cannot hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True, eq=False)
class Node:
    """An element: its name, attributes, and what is in it in order."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    line: int = 0
    inside: list["Node | str"] = field(default_factory=list)

    def get(self, attribute: str, default: str = "") -> str:
        return self.attributes.get(attribute, default)

    @property
    def children(self) -> Iterator["Node"]:
        return (one for one in self.inside if isinstance(one, Node))

    def all(self, *names: str) -> list["Node"]:
        """Its children of these names."""
        return [one for one in self.children if one.name in names]

    def first(self, *names: str) -> "Node | None":
        return next((one for one in self.children if one.name in names), None)

    def every(self, *names: str) -> Iterator["Node"]:
        """What is in it of these names, at any depth, in order."""
        for one in self.children:
            if one.name in names:
                yield one
            yield from one.every(*names)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def text_of(self, name: str, default: str = "") -> str:
        """The text of a child, without spaces around it."""
        node = self.first(name)
        return default if node is None else node.text.strip()


def parse(data: bytes) -> Node:
    """The root of a document. Raises UnreadableFile."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile(FaultCode.TOO_LARGE, detail=str(MOST_BYTES))
    return _Builder().built(data)


class _Builder:
    def __init__(self) -> None:
        self._root = Node("")
        self._open = [self._root]
        self._count = 0
        self._parser: XMLParserType = ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.StartDoctypeDeclHandler = self._refuse

    def built(self, data: bytes) -> Node:
        try:
            self._parser.Parse(data, True)  # noqa: FBT003 - expat takes it by place only
        except ExpatError as error:
            raise UnreadableFile(FaultCode.XML, line=error.lineno, detail=str(error)) from error
        except (LookupError, ValueError) as error:
            if isinstance(error, UnreadableFile):
                raise
            # An encoding that no one knows.
            raise UnreadableFile(FaultCode.NOT_TEXT, line=1, detail=str(error)) from error
        root = next(self._root.children, None)
        if root is None:
            raise UnreadableFile(FaultCode.XML, line=1)
        return root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > _MOST_NODES:
            raise UnreadableFile(FaultCode.TOO_LARGE, line=self._parser.CurrentLineNumber)
        if len(self._open) > _DEEPEST:
            raise UnreadableFile(FaultCode.TOO_DEEP, line=self._parser.CurrentLineNumber)
        node = Node(
            _bare(name),
            {_bare(one): value for one, value in attributes.items()},
            self._parser.CurrentLineNumber,
        )
        self._open[-1].inside.append(node)
        self._open.append(node)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _data(self, text: str) -> None:
        self._open[-1].inside.append(text)

    def _refuse(self, name: str, *_rest: object) -> None:
        raise UnreadableFile(FaultCode.ENTITIES, line=self._parser.CurrentLineNumber, detail=name[:40])


def _bare(name: str) -> str:
    space, _mark, local = name.rpartition(" ")
    return f"xml:{local}" if space == _XML else local


def element(name: str, /, *inside: str, **attributes: str | None) -> str:
    """An element of XML that is written. `inside` is XML; an attribute that is None is not there, `_` in its name is `:` or nothing."""
    given = "".join(
        f" {one.rstrip('_').replace('__', ':')}={quoteattr(value)}"
        for one, value in attributes.items()
        if value is not None
    )
    return f"<{name}{given}>{''.join(inside)}</{name}>" if inside else f"<{name}{given}/>"


def text(said: str) -> str:
    """A text as XML holds it."""
    return escape(_UNWRITABLE.sub("", said))
