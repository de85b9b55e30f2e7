"""Counts of the figures that were recorded: in total, by line of a cut, by reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from accounts.enums import Act, Sex
from accounts.models import Center, Governorate, User
from accounts.scoping import fenced
from accounts.services.formatting import format_date, localize_digits
from courses.models import ProgramPage
from courses.queries.occupations import occupation_title
from courses.queries.programs import titles_in_language
from insights.enums import REASONS, AgeBand, Cut, Measure, Stage
from insights.intervals import Share, wilson
from insights.models import FigureSnapshot
from insights.queries.asking import Asked, of_measure

# Of how few people a share says little, whatever it is.
FEW = 30


@dataclass(frozen=True, slots=True)
class Numbers:
    """People by measure, and classes."""

    people: dict[Measure, int] = field(default_factory=dict)
    attended: int = 0
    held: int = 0

    @property
    def enrolled(self) -> int:
        return self.people.get(Measure.ENROLLED, 0)

    @property
    def ended(self) -> int:
        return self.people[Measure.COMPLETED] + self.people[Measure.DROPPED]

    @property
    def completion(self) -> Share | None:
        """Of those whose time is over: who completed."""
        return wilson(self.people[Measure.COMPLETED], self.ended)

    @property
    def attendance(self) -> Share | None:
        """Of the classes held. The interval is that of so many people: one person's classes are not independent."""
        return wilson(self.attended, self.held, sample=self.enrolled)

    @property
    def is_few(self) -> bool:
        return self.enrolled < FEW


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: those whose `cut` is `key`."""

    key: Any
    label: str
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class ReasonLine:
    stage: Stage
    reason: str
    label: str
    people: int


def figures_for(user: User, asked: Asked) -> QuerySet[FigureSnapshot]:
    """What `user` may see of what is asked."""
    seen = fenced(FigureSnapshot.objects.all(), user=user, act=Act.VIEW_COHORTS)
    return seen.filter(asked.conditions()).order_by()


_SUMS: dict[str, Any] = {
    **{
        f"n_{measure.value}": Coalesce(Sum("people", filter=of_measure(measure) or None), 0)
        for measure in Measure
    },
    "n_attended": Coalesce(Sum("attended"), 0),
    "n_held": Coalesce(Sum("held"), 0),
}


def _numbers(row: dict[str, int]) -> Numbers:
    people = {measure: row[f"n_{measure.value}"] for measure in Measure}
    return Numbers(people, row["n_attended"], row["n_held"])


def totals_of(figures: QuerySet[FigureSnapshot]) -> Numbers:
    """One query."""
    return _numbers(figures.aggregate(**_SUMS))


def lines_of(figures: QuerySet[FigureSnapshot], cut: Cut) -> list[Line]:
    """Two or three queries."""
    rows = list(figures.values(cut.value).annotate(**_SUMS))
    labels = labels_of(cut, [row[cut.value] for row in rows])
    lines = [Line(row[cut.value], labels[row[cut.value]], _numbers(row)) for row in rows]
    if cut in {Cut.ENROLLED_MONTH, Cut.AGE_BAND}:
        return sorted(lines, key=lambda line: _order(cut, line.key))
    return sorted(lines, key=lambda line: (not line.key, line.label))


def _order(cut: Cut, key: Any) -> Any:
    return key if cut == Cut.ENROLLED_MONTH else [*AgeBand.values, ""].index(key)


def labels_of(cut: Cut, keys: Iterable[Any]) -> dict[Any, str]:
    """What lines are called, for the reader. Two queries at most."""
    keys = set(keys)
    match cut:
        case Cut.GOVERNORATE:
            return {one.pk: one.name for one in Governorate.objects.filter(pk__in=keys)}
        case Cut.CENTER:
            return {one.pk: one.name for one in Center.objects.filter(pk__in=keys)}
        case Cut.PROGRAM:
            return titles_in_language(ProgramPage.objects.filter(pk__in=keys), get_language() or "ar")
        case _:
            return {key: _word(cut, key) for key in keys}


def _word(cut: Cut, key: Any) -> str:
    """Of what is no row: the title of a code, a month. Empty keys are what is not on record."""
    match cut:
        case Cut.OCCUPATION:
            return occupation_title(key) or gettext("no occupation named")
        case Cut.SEX:
            return str(dict(Sex.choices).get(key, gettext("not on record")))
        case Cut.AGE_BAND:
            return localize_digits(dict(AgeBand.choices).get(key, gettext("not on record")))
        case _:
            return format_date(key, "YEAR_MONTH_FORMAT")


def reasons_of(figures: QuerySet[FigureSnapshot], stages: Iterable[Stage]) -> list[ReasonLine]:
    """Why people are in these stages, the most frequent reason first. One query."""
    rows = (
        figures.filter(stage__in=list(stages))
        .values_list("stage", "reason")
        .annotate(n_people=Sum("people"))
        .order_by("-n_people", "stage", "reason")
    )
    return [
        ReasonLine(Stage(stage), reason, reason_label(stage, reason), people)
        for stage, reason, people in rows
    ]


def reason_label(stage: str, reason: str) -> str:
    """Who did not meet what is asked at the end gives no reason."""
    if stage == Stage.FAILED:
        return capfirst(gettext("did not meet what is asked"))
    return capfirst(str(REASONS[reason])) if reason else capfirst(gettext("no reason given"))


def occupations_taught() -> list[str]:
    """The codes that programs name. One query."""
    codes = ProgramPage.objects.exclude(occupation_code="").values_list("occupation_code", flat=True)
    return sorted(set(codes))
