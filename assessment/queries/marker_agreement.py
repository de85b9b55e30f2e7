"""How far the markers of a center agree, pair by pair: for those who lead them."""

import datetime as dt
from dataclasses import dataclass
from typing import cast

from django.utils import timezone

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import fenced
from assessment.analysis.agreement import Agreement, Marked, agreement_by_pair
from assessment.enums import MarkingState, MarkRound
from assessment.models import Mark, MarkingTask

# Fewer answers in common say nothing of two people, and would be held against one of them.
LEAST_IN_COMMON = 10
# What is looked at: a year, and of it no more than these marks, the newest.
PERIOD = dt.timedelta(days=365)
MOST_MARKS = 50_000


@dataclass(frozen=True)
class PairOfMarkers:
    """`agreement.quadratic` is Cohen's kappa weighted by the square of the difference; None where both gave one and the same mark throughout."""

    names: tuple[str, str]
    agreement: Agreement

    @property
    def same_percent(self) -> float:
        """Of the answers with equal marks."""
        return 100 * self.agreement.same


@dataclass(frozen=True)
class PairsFound:
    """The pairs by their names; `too_few`: how many others have fewer answers in common than `LEAST_IN_COMMON`."""

    pairs: list[PairOfMarkers]
    too_few: int


def pairs_led_by(user: User) -> PairsFound:
    """Over answers with two marks of the last year in the centers that `user` leads. Two queries."""
    tasks = fenced(
        MarkingTask.objects.filter(
            state=MarkingState.DONE, is_second_wanted=True, created_at__gt=timezone.now() - PERIOD
        ),
        user=user,
        act=Act.MANAGE_COHORTS,
    )
    rows = (
        Mark.objects.filter(
            task__in=tasks.order_by().values("pk"), round__in=(MarkRound.FIRST, MarkRound.SECOND)
        )
        .order_by("-task_id", "round", "-edition")
        .distinct("task_id", "round")[:MOST_MARKS]
    )
    marks = [Marked(mark.task_id, mark.by_id, mark.share) for mark in rows]
    by_pair = agreement_by_pair(marks, least=LEAST_IN_COMMON)
    markers = User.objects.select_related("person").in_bulk({mark.marker for mark in marks})
    pairs = [
        PairOfMarkers(_names(cast("frozenset[int]", pair), markers), found)
        for pair, found in by_pair.items()
        if isinstance(found, Agreement)
    ]
    return PairsFound(sorted(pairs, key=lambda one: one.names), len(by_pair) - len(pairs))


def _names(pair: frozenset[int], markers: dict[int, User]) -> tuple[str, str]:
    one, other = sorted(str(markers[key]) for key in pair)
    return one, other
