"""Renders a page of the manual: Markdown without raw HTML into HTML, its headings, and its words by section. Independent of Django.

A heading may name its anchor, `## Keys {#keys}`, so that it is the same in every language. Links lead to pages of the manual and to headings;
any other link becomes plain text, since its target is not in the product. A picture has one name in all languages, and a file for each.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

NAMED_ANCHOR = re.compile(r"(.*?) *\{#([\w-]+)\}", re.DOTALL)
PAGE_LINK = re.compile(r"([\w-]+)\.md(#[\w-]+)?")
PICTURE_LINK = re.compile(r"pictures/([\w-]+)\.webp")
# Text that is read, apart from the marks around it.
READ = {"text", "code_inline", "softbreak", "hardbreak"}


class BrokenPage(Exception):
    """The source of a page says what cannot be shown."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a picture is, and its size in CSS pixels."""

    address: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text below it, up to the next heading. The first one is the title of the page, without an anchor."""

    level: int
    title: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """`html` begins below the title. `links` and `pictures` are the slugs and names in the page, for tests."""

    html: str
    sections: tuple[Section, ...]
    links: tuple[tuple[str, str], ...]
    pictures: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.sections[0].title


@dataclass(slots=True)
class _Reading:
    address_of: Callable[[str], str]
    picture_of: Callable[[str], Picture]
    links: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)


def render(
    source: str, *, address_of: Callable[[str], str], picture_of: Callable[[str], Picture]
) -> Rendered:
    """Render `source`. `address_of` gives the address of a slug, `picture_of` the picture of a name.

    Raises `BrokenPage` where the page does not begin with its title.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    reading = _Reading(address_of, picture_of)
    tokens = markdown.parse(source)
    if [token.tag for token in tokens if token.type == "heading_open"][:1] != ["h1"] or tokens[0].tag != "h1":
        raise BrokenPage("A page begins with its title.")
    sections = _sections_of(tokens, reading)
    for token in tokens:
        if token.children:
            token.children = list(_for_readers(token.children, reading))
    body = list(_with_frames(tokens[3:]))
    html = markdown.renderer.render(body, markdown.options, {})
    return Rendered(html, sections, tuple(reading.links), tuple(reading.pictures))


def _sections_of(tokens: Sequence[Token], reading: _Reading) -> tuple[Section, ...]:
    """Give each heading its anchor, and gather what is below it."""
    sections: list[Section] = []
    texts: list[str] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type != "inline":
            continue
        if before is None or before.type != "heading_open":
            texts.append(_text_of(token))
            continue
        if sections:
            sections[-1] = _with_text(sections[-1], texts)
            texts = []
        sections.append(_heading_of(before, token, reading))
    sections[-1] = _with_text(sections[-1], texts)
    return tuple(sections)


def _with_text(section: Section, texts: Sequence[str]) -> Section:
    return Section(section.level, section.title, section.anchor, " ".join(texts))


def _heading_of(opening: Token, content: Token, reading: _Reading) -> Section:
    children = content.children or []
    anchor = ""
    if children and (named := NAMED_ANCHOR.fullmatch(children[-1].content)):
        children[-1].content, anchor = named[1], named[2]
    title = _text_of(content)
    level = int(opening.tag[1])
    if level > 1:
        anchor = anchor or _free_anchor(title, reading)
        reading.anchors.append(anchor)
        opening.attrSet("id", anchor)
    return Section(level, title, anchor, "")


def _free_anchor(title: str, reading: _Reading) -> str:
    """As GitHub and GitLab make it, so that a link works there, too."""
    anchor = re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
    repeated = sum(1 for taken in reading.anchors if re.fullmatch(re.escape(anchor) + r"(-\d+)?", taken))
    return f"{anchor}-{repeated}" if repeated else anchor


def _text_of(inline: Token) -> str:
    words = (child.content or " " for child in inline.children or [] if child.type in READ)
    return " ".join("".join(words).split())


def _for_readers(children: Sequence[Token], reading: _Reading) -> Iterator[Token]:
    """The parts of a paragraph with the addresses of the site; a link that leads out of the manual is its text alone."""
    dropped: list[bool] = []
    for child in children:
        if child.type == "link_open":
            address = _address_in(str(child.attrs["href"]), reading)
            dropped.append(not address)
            if address:
                child.attrSet("href", address)
                yield child
        elif child.type == "link_close":
            if not dropped.pop():
                yield child
        elif child.type == "image":
            yield from _picture_in(child, reading)
        else:
            yield child


def _address_in(link: str, reading: _Reading) -> str:
    if link.startswith("#"):
        reading.links.append(("", link[1:]))
        return link
    page = PAGE_LINK.fullmatch(link)
    if not page:
        return ""
    reading.links.append((page[1], (page[2] or "#")[1:]))
    return f"{reading.address_of(page[1])}{page[2] or ''}"


def _picture_in(image: Token, reading: _Reading) -> Iterator[Token]:
    """The picture, in a link to itself: on a phone it is too small to read."""
    named = PICTURE_LINK.fullmatch(str(image.attrs["src"]))
    if not named:
        raise BrokenPage(f"A picture is pictures/<name>.webp, not {image.attrs['src']}.")
    picture = reading.picture_of(named[1])
    reading.pictures.append(named[1])
    image.attrs |= {
        "src": picture.address,
        "width": picture.width,
        "height": picture.height,
        "loading": "lazy",
        "decoding": "async",
    }
    yield Token("link_open", "a", 1, attrs={"href": picture.address, "class": "manual__picture"})
    yield image
    yield Token("link_close", "a", -1)


def _with_frames(tokens: Sequence[Token]) -> Iterator[Token]:
    """Tables in a frame that scrolls: their lines do not break on a phone."""
    for token in tokens:
        if token.type == "table_open":
            yield Token("frame_open", "div", 1, attrs={"class": "manual__table", "tabindex": "0"}, block=True)
        yield token
        if token.type == "table_close":
            yield Token("frame_close", "div", -1, block=True)
