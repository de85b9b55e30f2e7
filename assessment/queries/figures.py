"""Figures of questions: calculated at once where that takes less than a second, else as they were kept."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone

from assessment.analysis.items import AnswerCount, ItemFigures, item_figures
from assessment.analysis.reliability import Reliability, reliability
from assessment.analysis.taken import LEAST, Columns, TooFew
from assessment.enums import BY_HAND, QuestionKind
from assessment.models import ItemAnalysis, QuestionVersion
from assessment.models import ItemFigures as KeptFigures
from assessment.queries.asking import TYPED
from assessment.queries.first_attempts import (
    REST,
    Scope,
    first_attempts,
    is_changed_since,
    taken_in,
    versions_of_question,
)

# First attempts of which the figures are calculated while a reader waits.
MOST_AT_ONCE = 500
# What fewer people typed is neither kept nor shown word by word: it may say who they are. Of works that a person marks nothing is.
LEAST_TYPED = 3
WRITTEN = frozenset({*TYPED, QuestionKind.FILL_IN})
NEVER_KEPT = BY_HAND
# What was marked is committed within so long, and is found then.
COMMITTED_WITHIN = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class VersionFigures:
    """Of one version of a question."""

    version: int
    figures: ItemFigures | TooFew


@dataclass(frozen=True)
class Figures:
    """`n`: first attempts. Without `is_ready` there are enough of them and no figures yet; `job` is what calculates or calculated them."""

    n: int
    as_of: dt.datetime | None = None
    reliability: Reliability | None = None
    items: Sequence[VersionFigures] = field(default_factory=tuple)
    job: ItemAnalysis | None = None
    # Attempts were added or marked again since.
    is_old: bool = False

    @property
    def is_enough(self) -> bool:
        return self.n >= LEAST

    @property
    def is_ready(self) -> bool:
        return self.as_of is not None


def figures_for_a_page(scope: Scope) -> Figures:
    """Those of a scope, as a page shows them: none of fewer than 30 first attempts."""
    n = first_attempts(scope).count()
    if n < LEAST:
        return Figures(n)
    if n <= MOST_AT_ONCE:
        return calculated(scope)
    job = ItemAnalysis.objects.filter(**_exactly(scope)).first()
    if job is None or job.as_of is None:
        return Figures(n, job=job)
    return _kept(job, is_old=is_changed_since(scope, job.as_of))


def calculated(scope: Scope) -> Figures:
    """Exact, from all first attempts of the scope, read some at a time."""
    as_of = timezone.now() - COMMITTED_WITHIN
    columns = Columns(taken_in(scope))
    whole = reliability(columns) if scope.question is None else TooFew(0)
    return Figures(
        n=len(columns),
        as_of=as_of,
        reliability=None if isinstance(whole, TooFew) else whole,
        items=[
            VersionFigures(version, item_figures(columns, version)) for version in _in_order(columns, scope)
        ],
    )


def _in_order(columns: Columns, scope: Scope) -> list[Any]:
    """Of a test as its questions were met, of a question of the bank the newest version first."""
    if scope.question is None:
        return [version for version in columns.items if version != REST]
    return [version for version in reversed(versions_of_question(scope.question)) if version in columns.items]


def as_rows(figures: Figures, analysis: ItemAnalysis) -> list[KeptFigures]:
    """One query."""
    versions = QuestionVersion.objects.filter(pk__in=[one.version for one in figures.items])
    kinds = dict(versions.values_list("pk", "kind"))
    return [_as_row(one, analysis, kinds[one.version]) for one in figures.items]


def _as_row(one: VersionFigures, analysis: ItemAnalysis, kind: str) -> KeptFigures:
    row = KeptFigures(analysis=analysis, version_id=one.version, n=one.figures.n)
    if isinstance(one.figures, ItemFigures):
        row.facility, row.deviation = one.figures.facility, one.figures.deviation
        row.discrimination, row.index = one.figures.discrimination, one.figures.index
        kept = [each for each in one.figures.answers if is_kept(each, kind)]
        row.answers = [[each.answer, each.upper, each.middle, each.lower] for each in kept]
        row.others = one.figures.others + len(one.figures.answers) - len(kept)
    return row


def is_kept(one: AnswerCount, kind: str) -> bool:
    if one.answer is None:
        return True
    return kind not in NEVER_KEPT and (kind not in WRITTEN or one.total >= LEAST_TYPED)


def reliability_as_json(figures: Figures) -> dict[str, Any] | None:
    return None if figures.reliability is None else asdict(figures.reliability)


def _kept(job: ItemAnalysis, *, is_old: bool) -> Figures:
    rows: Iterable[KeptFigures] = job.items.order_by("pk")
    return Figures(
        n=job.first_attempts,
        as_of=job.as_of,
        reliability=None if job.reliability is None else Reliability(**job.reliability),
        items=[VersionFigures(row.version_id, _from_row(row)) for row in rows],
        job=job,
        is_old=is_old,
    )


def _from_row(row: KeptFigures) -> ItemFigures | TooFew:
    if row.facility is None or row.deviation is None or row.index is None:
        return TooFew(row.n)
    return ItemFigures(
        n=row.n,
        facility=row.facility,
        deviation=row.deviation,
        discrimination=row.discrimination,
        index=row.index,
        answers=tuple(AnswerCount(*each) for each in row.answers),
        others=row.others,
    )


def _exactly(scope: Scope) -> dict[str, Any]:
    """The row of a scope: a part that is not given is null there."""
    return {
        f"{name}__isnull" if value is None else name: True if value is None else value
        for name, value in scope.fields.items()
    }
