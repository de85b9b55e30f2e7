"""Checks the language rules of a page: digits of one kind, and text of the other language marked with `lang`.

Readers of screens choose a voice by `lang`, and digits of two kinds on one page are read as two numbers.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bs4 import BeautifulSoup, Comment, Doctype, NavigableString, Tag

_ARABIC = re.compile(r"[\u0621-\u064a]")
_ARABIC_DIGIT = re.compile(r"[٠-٩]")
_LATIN_DIGIT = re.compile(r"[0-9]")
# A word with Latin letters is a code or a name, and keeps its digits: Cat6, ISCO-08, NET-C1/CAI-03/1.
_CODE = re.compile(r"\S*[A-Za-z]\S*")
# Two words of Latin letters in a row are a text; a single one may be a name such as PDF.
_LATIN_TEXT = re.compile(r"[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}")
_LATIN_COMMA = re.compile(r"[\u0600-\u06ff] ?[,;?](?:\s|$)")
_ISOLATED = re.compile(r"\u2068[^\u2069]*\u2069")
_ADDRESS = re.compile(r"\S+://\S+|\S+@\S+|\+[0-9]+")
# Nothing of a language, or nothing that can be marked: the title of the window, programs, what is typed, and what a program shows as it is.
_SKIPPED = {
    "title",
    "script",
    "style",
    "template",
    "textarea",
    "code",
    "kbd",
    "pre",
    "svg",
    "math",
    "noscript",
}
_LABELS = ("alt", "title", "placeholder", "aria-label", "content")


class Fault(NamedTuple):
    """What is wrong with a text of a page."""

    law: str
    text: str


def faults_of(html: str, *, digits: str = "arab") -> list[Fault]:
    """The texts of a page that break a rule. `html` is a whole document with `lang` on its root.

    `digits` are those of Arabic pages: "arab", or "latn" in the workplace.
    """
    document = BeautifulSoup(html, "html.parser")
    root = document.find("html")
    page = _language(root) if isinstance(root, Tag) else ""
    if page not in {"ar", "en"}:
        return [Fault("the page names its language", page)]
    return [
        Fault(law, text[:120])
        for text, language in _texts(document, page)
        for law in _broken(text, language, digits)
    ]


def faults_of_text(text: str, language: str, *, digits: str = "arab") -> list[Fault]:
    """As `faults_of`, for a text without markup: a mail, a short message, a line of a certificate.

    What is isolated as a code (U+2068 to U+2069) and addresses belong to no language.
    """
    said = _ADDRESS.sub("", _ISOLATED.sub("", text))
    return [
        Fault(law, line.strip()[:120])
        for line in said.splitlines()
        for law in _broken(line, language, digits)
    ]


def _broken(text: str, language: str, digits: str) -> Iterator[str]:
    if language == "ar":
        wrong = _LATIN_DIGIT if digits == "arab" else _ARABIC_DIGIT
        if wrong.search(_CODE.sub("", text)):
            yield "a page has digits of one kind"
        if _LATIN_COMMA.search(text):
            yield "Arabic text has Arabic commas"
        if _LATIN_TEXT.search(text):
            yield "Latin text on Arabic pages is marked"
    elif language == "en":
        if _ARABIC.search(text):
            yield "Arabic text on English pages is marked"
        if _ARABIC_DIGIT.search(text):
            yield "a page has digits of one kind"


def _texts(document: BeautifulSoup, page: str) -> Iterator[tuple[str, str]]:
    """Each text of the page and the language it is said to be in; none of what is marked as of no language."""
    for node in document.find_all(string=True):
        if not isinstance(node, NavigableString) or isinstance(node, Comment | Doctype):
            continue
        text = " ".join(node.split())
        parents = [parent for parent in node.parents if isinstance(parent, Tag)]
        if text and not any(
            parent.name in _SKIPPED or parent.get("aria-hidden") == "true" for parent in parents
        ):
            language = _language_among(parents, page)
            if language:
                yield text, language
    for tag in document.find_all(re.compile("")):
        for label in _LABELS:
            value = tag.get(label)
            if isinstance(value, str) and value.strip() and _is_read(tag, label):
                language = _language_among([tag, *(p for p in tag.parents if isinstance(p, Tag))], page)
                if language:
                    yield value.strip(), language


def _is_read(tag: Tag, label: str) -> bool:
    if label == "content":
        return tag.name == "meta" and tag.get("name") == "description"
    return tag.name not in {"svg", "path"}


def _language_among(parents: list[Tag], page: str) -> str:
    """The language of the nearest parent that names one; empty for what is a code or a number of its own direction."""
    for parent in parents:
        if parent.get("dir") == "ltr" and page == "ar" and not parent.get("lang") and parent.name != "html":
            return ""
        if language := _language(parent):
            return language
        if parent.name in {"time", "bdi"} and parent.get("dir") == "ltr":
            return ""
    return page


def _language(tag: Tag) -> str:
    return str(tag.get("lang") or "").split("-")[0]
