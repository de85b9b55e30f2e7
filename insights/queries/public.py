"""The figures for everyone, as they were published."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext

from accounts.models import Governorate
from accounts.services.formatting import localize_digits
from insights.enums import Cut, PublicMeasure
from insights.models import PublicFigure, PublicQuarter
from insights.queries.figures import labels_of

LEVELS = (Cut.OCCUPATION, Cut.GOVERNORATE, Cut.SEX, Cut.AGE_BAND)


@dataclass(frozen=True, slots=True)
class PublicLine:
    """A number with the words for each level; empty for the levels it is not broken down by."""

    words: tuple[str, ...]
    depth: int
    people: int
    is_rest: bool

    @property
    def label(self) -> str:
        if self.is_rest:
            return gettext("The rest, in groups that are too small to be shown")
        return self.words[self.depth - 1] if self.depth else gettext("All together")


def quarter_in_words(first_day: dt.date) -> str:
    match first_day.month:
        case 1:
            words = gettext("first quarter of %(year)s")
        case 4:
            words = gettext("second quarter of %(year)s")
        case 7:
            words = gettext("third quarter of %(year)s")
        case _:
            words = gettext("fourth quarter of %(year)s")
    return capfirst(words % {"year": localize_digits(first_day.year)})


def published_quarters() -> QuerySet[PublicQuarter]:
    """The newest first."""
    return PublicQuarter.objects.order_by("-quarter")


def figures_of_quarter(quarter: PublicQuarter, measure: PublicMeasure) -> QuerySet[PublicFigure]:
    return PublicFigure.objects.filter(quarter=quarter, measure=measure).order_by("position")


def in_words(figures: Iterable[PublicFigure]) -> list[PublicLine]:
    """One query for the names of governorates."""
    names: dict[Any, str] = {one.pk: one.name for one in Governorate.objects.all()}
    lines = []
    for figure in figures:
        keys = (figure.occupation, figure.governorate_id, figure.sex, figure.age_band)
        told = [(cut, key) for cut, key in zip(LEVELS, keys, strict=True) if key is not None]
        words = [names[key] if cut == Cut.GOVERNORATE else labels_of(cut, [key])[key] for cut, key in told]
        empty = [""] * (len(LEVELS) - len(words))
        lines.append(PublicLine((*words, *empty), len(words), figure.people, figure.is_rest))
    return lines
