"""What a reader asks of the figures: one description for the figures and for the rows behind them."""

import datetime as dt
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from insights.enums import Cut, Measure
from insights.models import Snapshot

# In an address: that nothing is on record.
NONE = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """The end of which day, of which enrollments; None asks for all. `since` and `until` are the first days of months of enrollment, both
    inclusive. An empty `occupation`, `sex` or `age_band` is one that is not on record."""

    day: dt.date
    governorate: int | None = None
    center: int | None = None
    program: int | None = None
    occupation: str | None = None
    sex: str | None = None
    age_band: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    def conditions(self) -> Q:
        """For `FigureSnapshot` and `EnrollmentSpan` alike."""
        told = Q(first_day__lte=self.day, last_day__gte=self.day)
        for cut in Cut:
            value = getattr(self, cut, None)
            if value is not None:
                told &= Q(**{cut.value: value})
        if self.since:
            told &= Q(enrolled_month__gte=self.since)
        if self.until:
            told &= Q(enrolled_month__lte=self.until)
        return told

    def narrowed(self, cut: Cut, key: Any) -> "Asked":
        """One line of a table."""
        change: dict[str, Any] = {cut.value: key}
        if cut == Cut.ENROLLED_MONTH:
            change = {"since": key, "until": key}
        return replace(self, **change)

    def query(self, **more: str) -> str:
        """As the query of an address, which `insights.forms.FiguresForm` reads back."""
        told = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                told[field.name] = _in_an_address(field.name, value)
        return urlencode(told | more)


def _in_an_address(name: str, value: object) -> str:
    if name in {"since", "until"} and isinstance(value, dt.date):
        return f"{value:%Y-%m}"
    return str(value) or NONE


def recorded_day(day: dt.date) -> Snapshot | None:
    """The last day up to `day` that was recorded."""
    return Snapshot.objects.complete().filter(day__lte=day).order_by("-day").first()


def of_measure(measure: Measure) -> Q:
    return Q() if measure == Measure.ENROLLED else Q(stage__in=measure.stages)
