"""How alike the papers of a sitting are, for people to look at. Never a verdict (`assessment.analysis.similarity`)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Count, F, QuerySet

from assessment.analysis.similarity import Answers, SimilarPair, similarities
from assessment.analysis.taken import Slot, Taken, TooFew
from assessment.enums import AttemptState
from assessment.models import Answer, Attempt, Sitting
from assessment.queries.first_attempts import InSlot, counting_for_no_one

# People of one sitting: 19,900 pairs take a second.
MOST_COMPARED = 200
# From the newest papers of the test, in any center, it is known how often each wrong answer is given.
MOST_PAPERS = 2000


@dataclass(frozen=True)
class PairShown:
    """Two attempts whose wrong answers are the same more often than chance explains."""

    one: Attempt
    other: Attempt
    figures: SimilarPair

    @property
    def attempts(self) -> tuple[Attempt, Attempt]:
        return self.one, self.other

    @property
    def sittings(self) -> int:
        """In one of how many sittings like this chance makes a pair as alike."""
        expected = self.figures.expected_pairs
        return min(round(1 / expected), MOST_SITTINGS) if expected else MOST_SITTINGS


# Beyond it the figure says no more.
MOST_SITTINGS = 1_000_000


@dataclass(frozen=True)
class Report:
    """The most similar pairs first, of `pairs` of `people`: those that chance does not make in every sitting. `papers` is how many there are where they are too few to know what chance does."""

    people: int
    pairs: int
    open_now: int
    shown: Sequence[PairShown]
    papers: int | None = None


def report_of(sitting: Sitting) -> Report:
    """Of everybody's first marked attempt in the sitting. Six queries, however many people."""
    rows = Attempt.objects.filter(sitting=sitting)
    attempts = _first_of_each(rows.filter(state=AttemptState.MARKED))
    open_now = rows.filter(state=AttemptState.OPEN).count()
    left_out = counting_for_no_one()
    found = similarities(_papers(attempts, left_out), _answers(sitting, attempts, left_out))
    if isinstance(found, TooFew):
        pairs = len(attempts) * (len(attempts) - 1) // 2
        return Report(len(attempts), pairs, open_now, (), papers=found.n)
    by_key = {attempt.pk: attempt for attempt in attempts}
    # No one is named where chance explains it.
    shown = [_shown(pair, by_key) for pair in found.ranking if pair.expected_pairs < 1]
    return Report(found.people, found.pairs, open_now, shown)


def _shown(pair: SimilarPair, attempts: Mapping[Any, Attempt]) -> PairShown:
    one, other = (attempts[key] for key in pair.people)
    return PairShown(one, other, pair)


def _first_of_each(rows: QuerySet[Attempt]) -> list[Attempt]:
    first = rows.order_by("enrollment_id", "number").distinct("enrollment_id")
    return list(first.select_related("enrollment__person"))


def _papers(attempts: Sequence[Attempt], left_out: frozenset[int]) -> list[Taken]:
    of = {attempt.pk: attempt for attempt in attempts}
    slots: dict[int, list[Slot]] = defaultdict(list)
    answers = Answer.objects.filter(attempt__in=list(of)).order_by("attempt_id", "slot")
    for attempt, slot, response, mark in answers.values_list("attempt", "slot", "response", "mark"):
        version = of[attempt].versions[slot]
        if version not in left_out:
            slots[attempt].append(Slot(version, of[attempt].points[slot], mark or 0, response))
    return [Taken(attempt.pk, 1, slots[attempt.pk]) for attempt in attempts]


def _answers(sitting: Sitting, attempts: Sequence[Attempt], left_out: frozenset[int]) -> Answers:
    """How often each answer was given, of the newest papers and those of the sitting: counted by the database."""
    papers = Attempt.objects.filter(quiz_key=sitting.quiz_key, state=AttemptState.MARKED)
    newest = set(papers.order_by("-marked_at", "-pk").values_list("pk", flat=True)[:MOST_PAPERS])
    here = {attempt.pk for attempt in attempts}
    version = InSlot(F("attempt__versions"), F("slot"), output_field=BigIntegerField())
    counted: Any = (
        Answer.objects.filter(attempt__in=newest | here)
        .annotate(version=version)
        .order_by()
        .values("version", "response", "mark")
        .annotate(times=Count("pk"))
    )
    answers = Answers()
    for row in counted:
        if row["version"] not in left_out:
            answers.add_counted(Slot(row["version"], 1, row["mark"], row["response"]), row["times"])
    return answers
