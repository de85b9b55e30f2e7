"""Counts for the front page: trades, programs, centers."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise

from accounts.models import Center
from courses.enums import Sector
from courses.models import CatalogPage, ProgramPage


@dataclass(frozen=True)
class Trade:
    """A sector and how many programs it has in the language of a catalog."""

    sector: str
    label: str | Promise
    programs: int


@dataclass(frozen=True)
class Places:
    centers: int
    governorates: int


def trades_of(catalog: CatalogPage) -> list[Trade]:
    """The sectors that have programs online, those with most first. One query."""
    counted = dict(
        ProgramPage.objects.child_of(catalog).live().order_by().values_list("sector").annotate(Count("pk"))
    )
    trades = [Trade(code, label, counted[code]) for code, label in Sector.choices if code in counted]
    return sorted(trades, key=lambda trade: -trade.programs)


def places_of_training() -> Places:
    """How many centers are active, and in how many governorates. One query."""
    counted = Center.objects.filter(is_active=True).aggregate(
        centers=Count("pk"), governorates=Count("governorate", distinct=True)
    )
    return Places(**counted)
