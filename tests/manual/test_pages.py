"""The sources of the manual: both languages say the same, and what they link to is there."""

import re

import pytest

from manual.chapters import SLUGS
from manual.queries import LANGUAGES, PAGES, PICTURES, picture, rendered

EVERY = [(slug, language) for slug in SLUGS for language in LANGUAGES]
HEAVIEST = 100_000
# A command, a setting, a module or class, a document of the repository.
OF_OPERATORS = re.compile(
    r"manage\.py|`[A-Z]+(?:_[A-Z]+)+`|\.py\b|`[a-z_]+\.[A-Za-z_.()]+`|`[A-Z][a-z]+[A-Z]\w*`|docs/"
)


def anchors_in(slug: str, language: str) -> set[str]:
    return {section.anchor for section in rendered(slug, language).sections}


def test_every_file_is_in_a_chapter_and_every_page_is_there_in_both_languages():
    for language in LANGUAGES:
        assert sorted(path.stem for path in (PAGES / language).glob("*.md")) == sorted(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_both_languages_have_the_same_sections_and_pictures(slug: str):
    arabic, english = rendered(slug, "ar"), rendered(slug, "en")

    assert [(section.level, section.anchor) for section in arabic.sections] == [
        (section.level, section.anchor) for section in english.sections
    ]
    assert arabic.pictures == english.pictures


@pytest.mark.parametrize(("slug", "language"), EVERY)
def test_a_page_speaks_to_staff_and_names_no_command_setting_or_code(slug: str, language: str):
    source = (PAGES / language / f"{slug}.md").read_text(encoding="utf-8")

    assert OF_OPERATORS.findall(source) == []


@pytest.mark.parametrize(("slug", "language"), EVERY)
def test_links_of_a_page_lead_to_pages_and_headings_that_exist(slug: str, language: str):
    for linked, anchor in rendered(slug, language).links:
        target = linked or slug
        assert target in SLUGS, linked
        assert not anchor or anchor in anchors_in(target, language), f"{linked}#{anchor}"


def test_every_picture_is_used_and_small():
    named = {(language, name) for slug, language in EVERY for name in rendered(slug, language).pictures}
    files = {(path.parent.name, path.stem): path for path in PICTURES.rglob("*.webp")}

    assert named == set(files)
    assert {key for key, path in files.items() if path.stat().st_size > HEAVIEST} == set()
    assert {name for language, name in files if picture(name, language).width > 1280} == set()
