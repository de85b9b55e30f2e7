"""Builds the index entry of a program: its words in every published language, with weights."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.html import strip_tags
from django.utils.translation import override
from wagtail.models import Page

from courses.governorate_aliases import OTHER_NAMES
from courses.models import ProgramPage, SynonymGroup
from courses.occupations import titles_of
from courses.queries.cohorts import giving_seats
from courses.search_normalization import AND, AND_IN_FOR, WORD, pairs_in, phrases_in, words_of

# A description longer than this is a book.
LONGEST_TEXT = 20_000
# PostgreSQL takes 1 MB; a program of a thousand lessons stays far below.
MOST_LEXEMES = 5000
# Neighbors are kept of titles, and of names as short as "semi-skilled worker".
SHORT_TEXT = 3
# A text does not become better by saying a word again and again.
MOST_COUNTED = 3


@dataclass
class ProgramTexts:
    """The texts of a program by weight, A to D."""

    pages: list[ProgramPage] = field(default_factory=list)
    by_weight: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Lexemes:
    """A text search vector as PostgreSQL writes it, and the words by which people find it as they are written."""

    vector: str
    words: dict[str, str]


def texts_of(keys: Iterable[UUID]) -> dict[UUID, ProgramTexts]:
    """The texts of the programs with these translation keys that are published in any language. Three queries."""
    texts: dict[UUID, ProgramTexts] = defaultdict(ProgramTexts)
    pages = ProgramPage.objects.live().filter(translation_key__in=list(keys)).select_related("level")
    for page in pages.order_by("pk"):
        entry = texts[page.translation_key]
        entry.pages.append(page)
        _add_page(entry.by_weight, page)
    _add_units(texts)
    _add_places(texts)
    return texts


def synonym_phrases() -> dict[str, list[SynonymGroup]]:
    """The groups of synonyms by each of their phrases. One query."""
    groups = defaultdict(list)
    for group in SynonymGroup.objects.order_by("pk"):
        for phrase in group.phrases:
            groups[phrase].append(group)
    return groups


def lexemes_of(texts: Mapping[str, list[str]], synonyms: Mapping[str, list[SynonymGroup]]) -> Lexemes:
    places: dict[str, Counter[str]] = defaultdict(Counter)
    written: dict[str, str] = {}
    met: dict[int, SynonymGroup] = {}
    for weight in "ABCD":
        for text in texts.get(weight, ()):
            words = list(words_of(text[:LONGEST_TEXT], joining=AND_IN_FOR if weight == "D" else AND))
            # Of what is only mentioned the stems do: half the words, and the row stays in its page of the table.
            lexemes = [form for word in words for form in (word.stems if weight == "C" else word.forms)]
            for word in words:
                written.setdefault(word.plain, word.written)
                if word.joined:
                    written.setdefault(word.joined.plain, word.joined.written)
            if weight == "A" or len(words) <= SHORT_TEXT:
                lexemes += pairs_in(words)
            groups = {
                group.pk: group
                for _begin, _end, phrase in phrases_in(words)
                for group in synonyms.get(phrase, ())
            }
            lexemes += [f"#{group}" for group in groups]
            if weight in "AB":
                met |= groups
            for lexeme in lexemes:
                places[lexeme][weight] += 1
    for group in met.values():
        for word in words_of(group.words):
            written.setdefault(word.plain, word.written)
    kept = itertools.islice(places.items(), MOST_LEXEMES)
    return Lexemes(" ".join(f"'{lexeme}':{_positions(found)}" for lexeme, found in kept), written)


def _positions(found: Mapping[str, int]) -> str:
    """Where a lexeme is, the best place first: `ts_rank` counts the second a quarter, the third a ninth."""
    weights = "".join(weight * min(found[weight], MOST_COUNTED) for weight in "ABCD" if weight in found)
    return ",".join(f"{at}{weight}" for at, weight in enumerate(weights, start=1))


def _add_page(texts: dict[str, list[str]], page: ProgramPage) -> None:
    # "ELE-H2" is typed as ELEH2, too.
    texts["A"] += [page.title, page.code, "".join(WORD.findall(page.code))]
    texts["B"] += [page.level.name_ar, page.level.name_en, page.occupation_code, *page.skill_list()]
    texts["B"] += ["ISCO", *titles_of(page.occupation_code)] if page.occupation_code else []
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts["B"].append(page.get_sector_display())
    texts["C"] += [page.summary, strip_tags(page.body.replace("<", " <"))]


def _add_units(texts: Mapping[UUID, ProgramTexts]) -> None:
    programs = {page.path: key for key, entry in texts.items() for page in entry.pages}
    if not programs:
        return
    below = Q()
    for path in programs:
        below |= Q(path__startswith=path)
    depths = {len(path) for path in programs}
    for path, title in Page.objects.live().filter(below).order_by("path").values_list("path", "title"):
        for depth in depths:
            if len(path) > depth and (key := programs.get(path[:depth])):
                texts[key].by_weight["C"].append(title)


def _add_places(texts: Mapping[UUID, ProgramTexts]) -> None:
    key = "program__translation_key"
    center, governorate = "center", "center__governorate"
    places = giving_seats().filter(**{f"{key}__in": list(texts)}).order_by(key, "center").distinct()
    names = [f"{place}__name_{language}" for place in (center, governorate) for language in ("ar", "en")]
    facts = places.values_list(key, "center__governorate__nid_code", *names, "center__code")
    for program, governorate_code, *spoken in facts:
        texts[program].by_weight["D"] += [*spoken, *OTHER_NAMES.get(governorate_code, ())]
