"""A catalog of ninety programs in both languages with centers and dates, and what people type to find them.

`catalog.json` was written by one person and `pairs.json` by three others, who had seen nothing else. What one of them wrote is held
out: the search was not tuned by it.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone
from wagtail.models import Locale

from accounts.models import Center, Governorate
from courses.enums import CohortState
from courses.models import CatalogPage, Cohort, ProgramPage
from courses.queries.search import find_programs, read_query
from courses.services.search_index import index_all
from tests.factories.catalogs import add_programs
from tests.factories.pages import root_page

HERE = Path(__file__).parent
LANGUAGES = ("ar", "en")


@dataclass(frozen=True)
class Pair:
    """What is typed on the site of a language, which programs are right as the first, and which have to be found, too."""

    q: str
    lang: str
    kind: str
    first: tuple[str, ...]
    also: tuple[str, ...]
    none: bool
    is_held_out: bool

    def is_right(self, found: Sequence[str]) -> bool:
        return not found if self.none else bool(found) and found[0] in self.first


def pairs() -> Iterator[Pair]:
    for pair in json.loads((HERE / "pairs.json").read_text(encoding="utf-8")):
        held_out = pair["set"] == "held-out"
        first, also = tuple(pair["first"]), tuple(pair["also"])
        yield Pair(pair["q"], pair["lang"], pair["class"], first, also, pair["none"], held_out)


def read_catalog() -> dict[str, Any]:
    """Centers and programs, as facts."""
    return json.loads((HERE / "catalog.json").read_text(encoding="utf-8"))


def build_catalog(data: dict[str, Any] | None = None) -> dict[str, CatalogPage]:
    """The catalog pages by language, with all programs, indexed."""
    data = data or read_catalog()
    catalogs = {language: _catalog_page(language) for language in LANGUAGES}
    keys = {program["code"]: uuid.uuid4() for program in data["programs"]}
    pages = {
        language: add_programs(
            catalog, [_program(program, language, keys[program["code"]]) for program in data["programs"]]
        )
        for language, catalog in catalogs.items()
    }
    _open_cohorts(data, pages["ar"])
    index_all()
    return catalogs


def codes_found(catalog: CatalogPage, query: str) -> list[str]:
    """The codes of the programs that the catalog shows for a query, in order."""
    programs = ProgramPage.objects.child_of(catalog).live()
    reading = read_query(query)
    if not reading.terms:
        return []
    codes = dict(programs.values_list("pk", "code"))
    return [codes[key] for key in find_programs(programs, reading).programs]


def _catalog_page(language: str) -> CatalogPage:
    locale, _is_new = Locale.objects.get_or_create(language_code=language)
    page = CatalogPage(title=language, slug=f"catalog-{language}", locale=locale)
    root_page().add_child(instance=page)
    return page


def _program(facts: dict[str, Any], language: str, key: uuid.UUID) -> ProgramPage:
    return ProgramPage(
        translation_key=key,
        title=facts[f"title_{language}"],
        slug=facts["code"].lower(),
        code=facts["code"],
        sector=facts["sector"],
        level_id=facts["level"],
        hours=facts["hours"],
        occupation_code=facts["occupation_code"],
        summary=facts[f"summary_{language}"],
        skills="\n".join(facts[f"skills_{language}"]),
    )


def _open_cohorts(data: dict[str, Any], programs: Iterable[ProgramPage]) -> None:
    governorates = {place.nid_code: place for place in Governorate.objects.all()}
    centers = {
        center.code: center
        for center in Center.objects.bulk_create(
            Center(
                code=facts["code"],
                name_ar=facts["name_ar"],
                name_en=facts["name_en"],
                governorate=governorates[facts["governorate"]],
            )
            for facts in data["centers"]
        )
    }
    today = timezone.localdate()
    given_at = {program["code"]: program["centers"] for program in data["programs"]}
    Cohort.objects.bulk_create(
        Cohort(
            program=program,
            center=centers[code],
            code=f"{program.code}-{code}",
            starts_on=today + dt.timedelta(days=10),
            ends_on=today + dt.timedelta(days=40),
            seats=15,
            state=CohortState.OPEN,
        )
        for program in programs
        for code in given_at[program.code]
    )
