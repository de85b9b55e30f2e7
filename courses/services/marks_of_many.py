"""Scores of many that were wrong for one reason: attempts that were marked again."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.enums import Act
from accounts.models import AuditedModelLogEntry, User
from accounts.scoping.hands import hands_of, people_of, why_one_hand
from courses.errors import CorrectedByTeacher, OwnMark, ReasonMissing
from courses.models import Enrollment, ScoreCorrection, UnitProgress
from courses.queries.timetable import teachers_of_enrollments
from courses.services.closing import end_those_over
from courses.services.completion import reconsider_all
from courses.services.locks import locked_enrollments
from courses.services.progress import check_score


@dataclass(frozen=True)
class MarkedAgain:
    """Attempts of an enrollment at a unit that have other scores now, each before and after.

    `since`: when the first of them was marked. `had_passed`, `passes`: whether an attempt at the unit passed before, and passes now.
    """

    enrollment_id: int
    unit_key: UUID
    scores: Sequence[tuple[Decimal, Decimal]]
    since: dt.datetime
    had_passed: bool
    passes: bool

    @property
    def place(self) -> tuple[int, UUID]:
        return self.enrollment_id, self.unit_key


@transaction.atomic
def correct_scores(marked: Sequence[MarkedAgain], *, reason: str, by: User) -> dict[tuple[int, UUID], bool]:
    """As `courses.services.marks.correct_score`, of many, each enrollment at each unit once: as many statements as for one.

    The scores of the attempts change and those of all others stay. A score that a person set since stays, too: that person knew more than the
    key. Returns for each enrollment and unit with a score whether it was corrected. Raises `ReasonMissing`, `ScoreOutOfRange`, `OwnMark`,
    `CorrectedByTeacher`; then nothing is.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    for one in marked:
        for _before, after in one.scores:
            check_score(after)
    enrollments = locked_enrollments(one.enrollment_id for one in marked)
    _check_independent(enrollments.values(), by)
    rows = UnitProgress.objects.filter(
        enrollment__in=enrollments, unit_key__in={one.unit_key for one in marked}, score__isnull=False
    )
    progress = {(row.enrollment_id, row.unit_key): row for row in rows}
    earlier = _corrections(progress.values())
    corrected: dict[tuple[int, UUID], bool] = {}
    new: list[ScoreCorrection] = []
    for one in marked:
        row = progress.get(one.place)
        if row is None:
            continue
        scores = _scores_after(row, one, earlier[row.pk])
        corrected[one.place] = scores is not None
        if scores is not None:
            new.append(_corrected(row, one, scores, earlier[row.pk], reason=reason, by=by))
    _write(new, enrollments, by)
    return corrected


def _check_independent(enrollments: Iterable[Enrollment], by: User) -> None:
    those = list(enrollments)
    people = people_of(by)
    if any(one.person_id in people for one in those):
        raise OwnMark
    if not hands_of(by).isdisjoint(teachers := teachers_of_enrollments(those)):
        raise why_one_hand(by, teachers, Act.TEACH, CorrectedByTeacher)


def _corrections(rows: Iterable[UnitProgress]) -> Mapping[int, list[ScoreCorrection]]:
    """What was corrected of the rows before, the newest first."""
    found: dict[int, list[ScoreCorrection]] = defaultdict(list)
    for correction in ScoreCorrection.objects.filter(progress__in=[row.pk for row in rows]):
        found[correction.progress_id].append(correction)
    return found


def _scores_after(
    row: UnitProgress, one: MarkedAgain, earlier: Sequence[ScoreCorrection]
) -> list[Decimal] | None:
    """The scores of all attempts now; None where a person decided since."""
    by_hand = next((correction for correction in earlier if not correction.to_scores), None)
    if by_hand is not None and by_hand.at > one.since:
        return None
    scores = list(row.scores)
    free = set(range(len(scores)))
    # From the end: a score that a person set is before those of later attempts.
    for before, after in reversed(one.scores):
        place = max((at for at in free if scores[at] == before), default=None)
        if place is None:
            return None
        free.remove(place)
        scores[place] = after
    return scores


def _corrected(
    row: UnitProgress,
    one: MarkedAgain,
    scores: list[Decimal],
    earlier: Sequence[ScoreCorrection],
    *,
    reason: str,
    by: User,
) -> ScoreCorrection:
    """The correction of a row, which is changed here and not saved yet."""
    # A pass that no attempt explains is from elsewhere: a list, or a person.
    passed = one.passes or (bool(row.passed) and not one.had_passed)
    correction = ScoreCorrection(
        progress=row,
        from_score=row.score,
        from_scores=row.scores,
        to_score=max(scores),
        to_scores=scores,
        from_passed=row.passed,
        to_passed=passed,
        from_completed_at=row.completed_at,
        reason=reason,
        by=by,
    )
    row.score, row.scores, row.passed = correction.to_score, scores, passed
    before = [kept.from_completed_at for kept in earlier if kept.from_completed_at]
    row.completed_at = (row.completed_at or next(iter(before), None) or timezone.now()) if passed else None
    row.updated_at = timezone.now()
    return correction


def _write(new: Sequence[ScoreCorrection], enrollments: Mapping[int, Enrollment], by: User) -> None:
    if not new:
        return
    ScoreCorrection.objects.bulk_create(new)
    rows = [one.progress for one in new]
    # At a quarter of the cost of `bulk_update`, as scores are recorded.
    UnitProgress.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=("enrollment", "unit_key"),
        update_fields=("scores", "score", "passed", "completed_at", "updated_at"),
    )
    AuditedModelLogEntry.objects.log_many(
        [
            (
                enrollment := enrollments[one.progress.enrollment_id],
                {
                    "unit": str(one.progress.unit_key),
                    "from": str(one.from_score),
                    "to": str(one.to_score),
                    "reason": one.reason,
                    "passed": one.to_passed,
                },
                (enrollment.cohort.center_id, enrollment.person_id),
            )
            for one in new
        ],
        "courses.progress.correct",
        user=by,
    )
    touched = [enrollments[key] for key in sorted({row.enrollment_id for row in rows})]
    reconsider_all(touched, is_corrected=True)
    end_those_over(touched)
