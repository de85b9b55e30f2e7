"""What a cohort is taught: units as they were pinned, not as their pages are today."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from wagtail.documents.models import Document
from wagtail.images.models import Image

from courses.enums import CohortState
from courses.models import (
    Cohort,
    ContentVersion,
    Enrollment,
    PinnedFile,
    PinnedUnit,
    UnitPage,
    UrgentCorrection,
)
from media_pipeline.models import PublishedVersion, Video
from media_pipeline.queries.versions import register_use


@dataclass(frozen=True)
class TaughtUnit:
    """A pinned unit as its page, never saved; `video_version` is None without a video, or before one is ready."""

    page: UnitPage
    video_version: PublishedVersion | None


def units_of(cohort: Cohort) -> list[dict[str, Any]]:
    """The entries of the cohort's units (`ContentVersion.units`), in teaching order; none where no content is pinned."""
    return cohort.content_version.units if cohort.content_version else []


def taught_unit(version: ContentVersion, unit_key: UUID) -> TaughtUnit | None:
    """The unit in the reader's language, else in the source language, else in any; None where the version has no such unit.

    Two queries, with what the unit shows a few more; another one for a unit with rules that is read in a translation.
    """
    pins = _pins_of(version, unit_key)
    if not pins:
        return None
    preferred = sorted(pins, key=_rank)
    pinned = PinnedUnit.objects.select_related("locale", "video__published", "video_version__video").get(
        pk=pins[preferred[0]]
    )
    page = _as_page(pinned)
    _take_rules(page, pins)
    current = pinned.video.published if pinned.video else None
    return TaughtUnit(page, pinned.video_version or current)


def taught_in_languages(version: ContentVersion, unit_key: UUID) -> dict[str, UnitPage]:
    """The unit as its page in each language, that of the source language first; empty where the version has no such unit.

    A query for each language, none where this process showed it before; with what the unit shows a few more.
    """
    pins = _pins_of(version, unit_key)
    pages = {language: _as_page(_pinned(pins[language])) for language in _from_the_source(pins)}
    for page in pages.values():
        _take_rules(page, pins)
    return pages


@lru_cache(maxsize=500)
def _pinned(key: int) -> PinnedUnit:
    """A pinned unit, whose content the database never changes. One has tens of kB at most."""
    row: PinnedUnit = PinnedUnit.objects.select_related("locale").get(pk=key)
    return row


def titles_of_units(keys: Collection[str]) -> dict[str, str]:
    """What units are called, by their keys as text, as they were pinned last: in the reader's language, else in the source language,
    else in any. One query.
    """
    pins = PinnedUnit.objects.filter(unit_key__in=keys).order_by("unit_key", "locale_id", "-pk")
    titles: dict[str, dict[str, str]] = defaultdict(dict)
    for key, language, title in pins.distinct("unit_key", "locale_id").values_list(
        "unit_key", "locale__language_code", "content__title"
    ):
        titles[str(key)][language] = title
    return {key: those[min(those, key=_rank)] for key, those in titles.items()}


def correction_for(enrollment: Enrollment, unit_key: UUID) -> UrgentCorrection | None:
    """The newest correction of a unit since the person enrolled, whichever version the cohort has by now."""
    corrections = UrgentCorrection.objects.filter(
        version__program=enrollment.cohort.program_id, unit_key=unit_key, at__gte=enrollment.enrolled_at
    )
    return corrections.filter(after__isnull=False).first()


def corrections_of(cohort: Cohort, *, at_most: int) -> list[UrgentCorrection]:
    """The newest corrections of the cohort's program, each once, however many versions it changed."""
    corrections = UrgentCorrection.objects.filter(version__program=cohort.program_id)[: 10 * at_most]
    once = {(one.unit_key, one.note, one.by_id, one.at): one for one in corrections}
    return list(once.values())[:at_most]


def taught_seconds(version: ContentVersion, unit_key: UUID) -> float | None:
    """The length of the unit's video, in the reader's language first; None without a video that is ready. One query."""
    pins = _pins_of(version, unit_key)
    rows = PinnedUnit.objects.filter(pk__in=pins.values()).values_list(
        "pk", "video_version__seconds", "video__published__seconds"
    )
    lengths = {pk: pinned if pinned is not None else current for pk, pinned, current in rows}
    ordered = (lengths.get(pins[language]) for language in sorted(pins, key=_rank))
    return next((float(seconds) for seconds in ordered if seconds is not None), None)


def videos_pinned_to(cohort: Cohort) -> QuerySet[Video]:
    """The videos of the cohort's units in every language."""
    pins = [pk for unit in units_of(cohort) for pk in unit["pinned"].values()]
    return Video.objects.filter(pinned_units__in=pins)


def versions_in_use() -> QuerySet[ContentVersion]:
    """The content of cohorts that are not closed."""
    return ContentVersion.objects.filter(
        pk__in=Cohort.objects.exclude(state=CohortState.CLOSED).values("content_version")
    )


def versions_teaching(unit_key: UUID) -> QuerySet[ContentVersion]:
    """Those of `versions_in_use` that have the unit."""
    return versions_in_use().filter(units__contains=[{"unit": str(unit_key)}])


def pinned_now() -> set[int]:
    """The keys of the pinned units of `versions_in_use`. One query."""
    return {
        pk
        for units in versions_in_use().values_list("units", flat=True)
        for unit in units
        for pk in unit["pinned"].values()
    }


def is_pinned(shown: Image | Document) -> bool:
    """Whether a pinned unit shows the picture or the file."""
    kind = "image" if isinstance(shown, Image) else "document"
    return shown.pk is not None and PinnedFile.objects.filter(**{kind: shown}).exists()


@register_use
def video_versions_pinned() -> QuerySet[Any, Any]:
    """The keys of the versions of videos that cohorts which are not closed see."""
    pinned = PinnedUnit.objects.filter(pk__in=pinned_now(), video_version__isnull=False)
    return pinned.order_by().values_list("video_version", flat=True)


def _pins_of(version: ContentVersion, unit_key: UUID) -> dict[str, int]:
    """The keys of the unit's pinned rows by language."""
    return next((unit["pinned"] for unit in version.units if unit["unit"] == str(unit_key)), {})


def _rank(language: str) -> int:
    return [get_language(), settings.LANGUAGE_CODE, language].index(language)


def _from_the_source(pins: Mapping[str, int]) -> list[str]:
    """The languages, the source language first."""
    return sorted(pins, key=lambda language: (language != settings.LANGUAGE_CODE, language))


def _take_rules(page: UnitPage, pins: Mapping[str, int]) -> None:
    """Those of the source language, in a translation: a unit has one set of rules, in whatever language it is read."""
    source = pins[_from_the_source(pins)[0]]
    if page.rules and pins[page.locale.language_code] != source:
        content = _pinned(source).content
        for name in page.rules:
            # One that was pinned before there was such a rule has it as it is without a choice.
            setattr(page, name, content.get(name, page._meta.get_field(name).get_default()))


def _as_page(pinned: PinnedUnit) -> UnitPage:
    model = apps.get_model(pinned.kind)
    page: UnitPage = model.from_json(json.dumps({**pinned.content, "pk": pinned.page_id}), check_fks=False)
    page.translation_key, page.locale, page.live = pinned.unit_key, pinned.locale, True
    return page
