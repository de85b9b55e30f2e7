"""Texts of QTI: HTML in elements, in several languages by `xml:lang`. Independent of Django."""

import html
from collections.abc import Callable, Sequence

from assessment.exchange.item import LANGUAGES, Note, Texts
from assessment.exchange.markup import Node, element, text
from assessment.exchange.texts import Passage, is_html, language_of, read_html

# What is drawn in place of an element, None where it is drawn as it is.
type Drawing = Callable[[Node], str | None]


def language_said(node: Node) -> str:
    """The language that an element says, where it is one of ours."""
    said = (node.get("xml:lang") or node.get("lang")).partition("-")[0].lower()
    return said if said in LANGUAGES else ""


def read_passage(
    nodes: Sequence[Node | str],
    notes: list[Note],
    drawing: Drawing = lambda _node: None,
    *,
    taken: str = "",
) -> Passage:
    """The text in elements. A word in another language is a word; two languages, or one for everything, are languages.

    `taken` as of `texts.read_html`.
    """
    said = {language for node in nodes if isinstance(node, Node) for language in _languages(node, drawing)}
    outside = "".join(_outside(node, drawing) for node in nodes)
    is_told_apart = len(said) > 1 or (len(said) == 1 and not outside.strip())
    source = "".join(_html(node, drawing, is_told_apart=is_told_apart) for node in nodes)
    passage = read_html(source, taken=taken)
    notes += passage.notes
    return passage


def _languages(node: Node, drawing: Drawing) -> list[str]:
    if drawing(node) is not None:
        return []
    own = language_said(node)
    return [own] if own else [one for child in node.children for one in _languages(child, drawing)]


def _outside(node: Node | str, drawing: Drawing) -> str:
    """What is said outside of the elements that say a language."""
    if isinstance(node, str):
        return node
    if language_said(node) or drawing(node) is not None:
        return ""
    return "".join(_outside(one, drawing) for one in node.inside)


def _plain(text_: str) -> str:
    """Braces say nothing here: `{mlang}` is of Moodle."""
    return html.escape(text_).replace("{", "&lbrace;")


def _html(node: Node | str, drawing: Drawing, *, is_told_apart: bool) -> str:
    if isinstance(node, str):
        return _plain(node)
    drawn = drawing(node)
    if drawn is not None:
        return drawn
    inside = "".join(_html(one, drawing, is_told_apart=is_told_apart) for one in node.inside)
    if is_told_apart and (language := language_said(node)):
        inside = f'<span class="multilang" lang="{language}">{inside}</span>'
    if node.name == "prompt" or node.name.endswith("Interaction"):
        return f"<div>{inside}</div>"
    if not is_html(node.name):
        return inside
    given = "".join(
        f' {name}="{_plain(value)}"'
        for name, value in node.attributes.items()
        if name in {"src", "data", "alt", "href"}
    )
    return f"<{node.name}{given}>{inside}</{node.name}>"


def write_texts(texts: Texts, languages: Sequence[str] | None, name: str) -> str:
    """A text as elements of one name, one for each language. `languages` as in `texts.write_html`."""
    said = [one for one in LANGUAGES if texts.get(one)]
    first = texts[said[0]] if said else ""
    is_for_all = all(texts[one] == first for one in said)
    if is_for_all and (said == [language_of(first)] if languages is None else set(said) == set(languages)):
        return element(name, lines(first))
    return "".join(element(name, lines(texts[one]), xml__lang=one) for one in said)


def write_picture(source: str, alt: Texts, languages: Sequence[str]) -> str:
    """A picture: once, or once for each language where they describe it otherwise."""
    said = [alt.get(one, "") for one in languages]
    if len(set(said)) == 1:
        return element("p", element("img", src=source, alt=said[0]))
    return "".join(
        element("p", element("img", src=source, alt=text_), xml__lang=one)
        for one, text_ in zip(languages, said, strict=True)
    )


def lines(said: str) -> str:
    return text(said).replace("\n", "<br/>")
