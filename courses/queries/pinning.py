"""What is published of units now, as it would be pinned."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from wagtail.documents.models import Document
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import Image
from wagtail.models import Page

from courses.enums import CohortState, CompletesBy
from courses.models import Cohort, CoursePage, PinnedUnit, ProgramPage, UnitPage
from courses.queries.content import units_of


def published_units(program: ProgramPage) -> list[UnitPage]:
    """The published units of a program's own language, in teaching order."""
    parents = set(CoursePage.objects.child_of(program).live().values_list("path", flat=True))
    pages = program.get_descendants().live().specific().order_by("path")
    return [page for page in pages if isinstance(page, UnitPage) and page.path[: -page.steplen] in parents]


def tests_of(program: ProgramPage) -> list[UnitPage]:
    """Those of `published_units` that are marked."""
    return [unit for unit in published_units(program) if unit.completes_by() == CompletesBy.MARKS]


def published_in_every_language(keys: Iterable[UUID]) -> list[UnitPage]:
    pages = Page.objects.live().filter(translation_key__in=keys).specific()
    return [page for page in pages if isinstance(page, UnitPage)]


def pin_of(page: UnitPage) -> PinnedUnit:
    """The row that pins a published page, not saved."""
    content, video = page.pinned_content(), page.video()
    version = video.published_id if video else None
    kind = page._meta.label_lower
    canonical = json.dumps([kind, content, version], sort_keys=True, ensure_ascii=False)
    return PinnedUnit(
        unit_key=page.translation_key,
        locale_id=page.locale_id,
        kind=kind,
        page_id=page.pk,
        content=content,
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
        video=video,
        video_version_id=version,
    )


def files_shown_by(page: UnitPage) -> Iterator[tuple[type[Image] | type[Document], int]]:
    """The models and keys of the pictures and files that a page shows, as often as it shows them."""
    for field in page._meta.local_concrete_fields:
        if isinstance(field, StreamField | RichTextField):
            for model, key, _path, _content in field.extract_references(field.value_from_object(page)):
                if issubclass(model, Image | Document):
                    yield model, int(key)


@dataclass(frozen=True)
class TaughtToday:
    """A unit of a cohort's content and whether its pages are still published, and as they were pinned."""

    unit_key: UUID
    title: str
    is_published: bool
    is_changed: bool


@dataclass(frozen=True)
class ContentToday:
    """A cohort's content next to what is published now. `added`: titles of units that came since."""

    units: list[TaughtToday]
    added: list[str]

    @property
    def is_newest(self) -> bool:
        return not self.added and all(unit.is_published and not unit.is_changed for unit in self.units)


def cohorts_with_other_content(page: UnitPage, *, among: QuerySet[Cohort]) -> list[Cohort]:
    """Cohorts that are not closed and study another content of the unit than `page` has, by their code. Three queries."""
    studied = among.exclude(state=CohortState.CLOSED).filter(
        content_version__units__contains=[{"unit": str(page.translation_key)}]
    )
    cohorts = list(studied.select_related("content_version", "center").order_by("code"))
    language = page.locale.language_code
    pins = {
        cohort.pk: unit["pinned"].get(language)
        for cohort in cohorts
        for unit in units_of(cohort)
        if unit["unit"] == str(page.translation_key)
    }
    # As it is stored: texts with blocks that were read are written in another order.
    digest = pin_of(type(page).objects.get(pk=page.pk)).digest
    same = set(
        PinnedUnit.objects.filter(pk__in=[pk for pk in pins.values() if pk], digest=digest).values_list(
            "pk", flat=True
        )
    )
    return [cohort for cohort in cohorts if pins.get(cohort.pk) not in same]


def content_today(cohort: Cohort) -> ContentToday:
    """Compare; nothing is written. Four queries, and those of the pages."""
    pinned = units_of(cohort)
    rows = PinnedUnit.objects.in_bulk([pk for unit in pinned for pk in unit["pinned"].values()])
    sources = published_units(cohort.program)
    pages: dict[str, set[tuple[int, str]]] = {}
    for page in published_in_every_language(
        {*(page.translation_key for page in sources), *(UUID(unit["unit"]) for unit in pinned)}
    ):
        pages.setdefault(str(page.translation_key), set()).add((page.locale_id, pin_of(page).digest))
    known = {unit["unit"] for unit in pinned}
    return ContentToday(
        units=[
            TaughtToday(
                unit_key=UUID(unit["unit"]),
                title=unit["title"],
                is_published=unit["unit"] in pages,
                is_changed=pages.get(unit["unit"], set())
                != {(row.locale_id, row.digest) for pk in unit["pinned"].values() if (row := rows.get(pk))},
            )
            for unit in pinned
        ],
        added=[page.title for page in sources if str(page.translation_key) not in known],
    )
