"""Reads the manual: its pages in a language, what is next to a page, and the sections that have some words.

The pages are files of the release. Each is rendered once in a process.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from PIL import Image

from courses.search_normalization import FILLERS, SHORTEST_STEM, Word, words_of, words_to_find
from manual.chapters import CHAPTERS, SLUGS
from manual.markdown import Picture, Rendered, Section, render

APP = Path(__file__).parent
PAGES = APP / "pages"
PICTURES = APP / "static" / "manual" / "pictures"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# Pictures have two pixels for each one of the page, so that they are sharp on any screen.
PIXEL_RATIO = 2
MOST_SHOWN = 30
LONGEST_EXCERPT = 160


class NoSuchPage(LookupError):
    """The manual has no page of this name."""


@dataclass(frozen=True, slots=True)
class HowTo:
    """One page. `language` is the one it is written in, another than was asked for where that one lacks."""

    slug: str
    language: str
    rendered: Rendered

    @property
    def title(self) -> str:
        return self.rendered.title

    @property
    def html(self) -> SafeString:
        """Safe: the renderer escapes, and the source is a file of the release."""
        return SafeString(self.rendered.html)

    @property
    def url(self) -> str:
        return reverse("manual:page", args=[self.slug])

    @property
    def headings(self) -> list[Section]:
        """For the list of contents."""
        return [section for section in self.rendered.sections if section.level == 2]


@dataclass(frozen=True, slots=True)
class Found:
    """A section that has the words: the title of its page, its own heading, the beginning of its text."""

    howto: HowTo
    section: Section

    @property
    def url(self) -> str:
        return f"{self.howto.url}#{self.section.anchor}" if self.section.anchor else self.howto.url

    @property
    def heading(self) -> str:
        """Empty for the beginning of a page."""
        return self.section.title if self.section.anchor else ""

    @property
    def excerpt(self) -> str:
        text = self.section.text
        return text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT].rsplit(' ', 1)[0]} …"


def howto(slug: str, language: str) -> HowTo:
    """The page in `language`, else in the one that has it. Raises `NoSuchPage`."""
    if slug not in SLUGS:
        raise NoSuchPage(slug)
    for code in (language, *LANGUAGES):
        if (PAGES / code / f"{slug}.md").is_file():
            return HowTo(slug, code, rendered(slug, code))
    raise NoSuchPage(slug)


def chapters(language: str) -> list[tuple[str | Promise, list[HowTo]]]:
    """Every page, by its chapter."""
    return [(chapter.title, [howto(slug, language) for slug in chapter.slugs]) for chapter in CHAPTERS]


def neighbors(slug: str, language: str) -> tuple[HowTo | None, HowTo | None]:
    """The pages before and behind this one."""
    at = SLUGS.index(slug)
    before = howto(SLUGS[at - 1], language) if at else None
    behind = howto(SLUGS[at + 1], language) if at + 1 < len(SLUGS) else None
    return before, behind


def found(typed: str, language: str, *, only_headings: bool = False) -> list[Found]:
    """The sections that have every word of `typed`, in any spelling: those that have them in their heading first.

    `only_headings`: the words have to be in the heading of the section or in the title of its page.
    """
    words = [word for word in words_to_find(typed) if _says_something(word)]
    if not words:
        return []
    hits = [
        (rank, Found(howto(slug, language), section))
        for slug in SLUGS
        for section, rank in _ranked(slug, language, words)
        if rank == 0 or not only_headings
    ]
    return [hit for _rank, hit in sorted(hits, key=lambda hit: hit[0])][:MOST_SHOWN]


def _says_something(word: Word) -> bool:
    """Not with the stop words of the search for programs, which says nothing by "certificate" or "center". A letter that is drawn out is one."""
    readings = {word.plain, word.joined.plain} if word.joined else {word.plain}
    return FILLERS.isdisjoint(readings) and (len(word.plain) > 1 or word.plain.isdigit())


def _ranked(slug: str, language: str, words: Sequence[Word]) -> Iterator[tuple[Section, int]]:
    """The sections of a page with all words: 0 where headings have them, else 1. Words of the title count for each section that has one more."""
    sections = indexed(slug, howto(slug, language).language)
    title = sections[0][1]
    for section, heading, text in sections:
        if _are_in(words, heading, title):
            yield section, 0
        elif _are_in(words, heading | text, title):
            yield section, 1


def _are_in(words: Sequence[Word], section: frozenset[str], title: frozenset[str]) -> bool:
    own = [_is_in(word, section) for word in words]
    return any(own) and all(is_own or _is_in(word, title) for word, is_own in zip(words, own, strict=True))


def _is_in(word: Word, forms: frozenset[str]) -> bool:
    """Also where the word is only begun, by as many letters as tell it from others."""
    if not forms.isdisjoint(word.forms):
        return True
    return len(word.plain) >= SHORTEST_STEM and any(form.startswith(word.plain) for form in forms)


@cache
def indexed(slug: str, language: str) -> list[tuple[Section, frozenset[str], frozenset[str]]]:
    """The sections of a page with the forms of the words in their heading and in their text."""
    return [
        (section, _forms_in(section.title), _forms_in(section.text))
        for section in rendered(slug, language).sections
    ]


def _forms_in(text: str) -> frozenset[str]:
    return frozenset(form for word in words_of(text) for form in word.forms)


@cache
def rendered(slug: str, language: str) -> Rendered:
    source = (PAGES / language / f"{slug}.md").read_text(encoding="utf-8")
    return render(source, address_of=_address_of, picture_of=partial(picture, language=language))


def _address_of(slug: str) -> str:
    return reverse("manual:page", args=[slug])


@cache
def picture(name: str, language: str) -> Picture:
    with Image.open(PICTURES / language / f"{name}.webp") as image:
        width, height = image.size
    address = static(f"manual/pictures/{language}/{name}.webp")
    return Picture(address, width // PIXEL_RATIO, height // PIXEL_RATIO)
