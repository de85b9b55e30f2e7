"""Every text of the site has its Arabic, with the same places and all six plural forms."""

import re
from collections import Counter
from pathlib import Path

import polib
import pytest
from django.utils import dates
from django.utils.translation import override

ROOT = Path(__file__).resolve().parents[2]
CATALOGS = sorted((ROOT / "lms" / "locale").glob("*/ar/LC_MESSAGES/django.po"))
PLACE = re.compile(r"%\(\w+\)[sd]")


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda path: path.parts[-4])
def test_no_text_is_left_in_english(catalog: Path):
    entries = [entry for entry in polib.pofile(str(catalog)) if not entry.obsolete]

    assert entries
    assert [entry.msgid for entry in entries if not entry.translated()] == []


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda path: path.parts[-4])
def test_no_text_is_in_a_catalog_twice(catalog: Path):
    """Messages are not collected into such a catalog."""
    counted = Counter((entry.msgctxt, entry.msgid) for entry in polib.pofile(str(catalog)))

    assert [text for text, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda path: path.parts[-4])
def test_a_translation_fills_no_place_the_text_does_not_have(catalog: Path):
    invented = []
    for entry in polib.pofile(str(catalog)):
        allowed = set(PLACE.findall(entry.msgid + entry.msgid_plural))
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            invented += [(entry.msgid, place) for place in PLACE.findall(text) if place not in allowed]

    assert invented == []


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda path: path.parts[-4])
def test_plurals_have_the_six_forms_of_arabic(catalog: Path):
    entries = polib.pofile(str(catalog))

    assert entries.metadata["Plural-Forms"].startswith("nplurals=6")
    assert [entry.msgid for entry in entries if entry.msgid_plural and len(entry.msgstr_plural) != 6] == []


def test_two_catalogs_never_translate_the_same_text_differently():
    said: dict[tuple[str | None, str], str] = {}
    quarrels = []
    for catalog in CATALOGS:
        for entry in polib.pofile(str(catalog)):
            key = (entry.msgctxt, entry.msgid)
            if entry.msgstr and said.setdefault(key, entry.msgstr) != entry.msgstr:
                quarrels.append((entry.msgid, said[key], entry.msgstr))

    assert quarrels == []


def test_no_catalog_of_ours_translates_a_month_or_weekday():
    """The site merges all catalogs: a button called "May" would rename the month in every date."""
    with override("en"):
        named = {
            str(name)
            for names in (dates.MONTHS, dates.MONTHS_3, dates.MONTHS_AP, dates.WEEKDAYS, dates.WEEKDAYS_ABBR)
            for name in names.values()
        }

    ours = {
        entry.msgid: catalog.parents[2].name
        for catalog in CATALOGS
        for entry in polib.pofile(catalog)
        if entry.msgid.casefold() in {name.casefold() for name in named} and not entry.msgctxt
    }

    assert ours == {}


@pytest.mark.parametrize("catalog", CATALOGS, ids=lambda path: path.parts[-4])
def test_a_count_is_said_once(catalog: Path):
    """None, one and two are words in Arabic: no number follows them in brackets."""
    twice = [
        text
        for entry in polib.pofile(str(catalog))
        for form, text in entry.msgstr_plural.items()
        if form <= 2 and re.search(r"\(%\((?:count|number|shown)\)s\)", text)
    ]

    assert twice == []
