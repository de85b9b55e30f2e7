"""Marks that wait for a person, and scores that were wrong."""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping.hands import hands_of, is_own, why_one_hand
from courses.errors import (
    CorrectedByTeacher,
    EnrollmentNotActive,
    NothingMarked,
    OwnMark,
    ReasonMissing,
    UnitNotInCohort,
)
from courses.models import Enrollment, ScoreCorrection, UnitProgress
from courses.queries.timetable import teachers_of_enrollment
from courses.services.closing import end_if_over
from courses.services.completion import reconsider
from courses.services.locks import (
    check_active,
    locked_active_enrollment,
    locked_enrollment,
    locked_enrollments,
)
from courses.services.progress import check_score, opened


@transaction.atomic
def await_mark(*, enrollment_id: int, unit_key: UUID) -> UnitProgress:
    """Note that work of a unit waits for a person who marks it. Closing the cohort does not end the enrollment meanwhile.

    Raises `EnrollmentNotActive`, `UnitNotInCohort`.
    """
    return _awaiting(locked_active_enrollment(enrollment_id), unit_key)


@transaction.atomic
def await_marks(works: Sequence[tuple[int, UUID]]) -> None:
    """As `await_mark`, of many enrollments and units. One whose enrollment has ended, or whose unit is none of its cohort's, waits for nothing."""
    enrollments = locked_enrollments(enrollment for enrollment, _unit in works)
    for enrollment, unit_key in works:
        with suppress(EnrollmentNotActive, UnitNotInCohort):
            check_active(enrollments[enrollment])
            _awaiting(enrollments[enrollment], unit_key)


def _awaiting(enrollment: Enrollment, unit_key: UUID) -> UnitProgress:
    now = timezone.now()
    progress = opened(enrollment, unit_key, now)
    if progress.awaits_mark_since is None:
        progress.awaits_mark_since = now
        progress.save(update_fields=["awaits_mark_since"])
    return progress


@transaction.atomic
def correct_score(
    *, enrollment_id: int, unit_key: UUID, score: Decimal, passed: bool, reason: str, by: User
) -> ScoreCorrection:
    """Replace the score of a unit, down as well as up, also after the end of the cohort.

    The evidence is evaluated again. An enrollment that meets its rule now is completed; a completion that the evidence no longer
    supports stays, and is listed for those who certify (`courses.queries.doubts.completions_in_doubt`). Raises
    `ReasonMissing`, `ScoreOutOfRange`, `OwnMark`, `CorrectedByTeacher`, `NothingMarked`.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    check_score(score)
    enrollment = locked_enrollment(enrollment_id)
    if is_own(by, enrollment.person_id):
        raise OwnMark
    if not hands_of(by).isdisjoint(teachers := teachers_of_enrollment(enrollment)):
        raise why_one_hand(by, teachers, Act.TEACH, CorrectedByTeacher)
    progress = UnitProgress.objects.filter(enrollment=enrollment, unit_key=unit_key).first()
    if progress is None or progress.score is None:
        raise NothingMarked
    scores = _scores_after(progress, score)
    correction = ScoreCorrection.objects.create(
        progress=progress,
        from_score=progress.score,
        from_scores=progress.scores,
        to_score=score,
        from_passed=progress.passed,
        to_passed=passed,
        from_completed_at=progress.completed_at,
        reason=reason,
        by=by,
    )
    progress.score, progress.scores, progress.passed = score, scores, passed
    progress.completed_at = _completed_at(progress) if passed else None
    progress.updated_at = timezone.now()
    progress.save()
    facts = {"unit": str(unit_key), "from": str(correction.from_score), "to": str(score), "reason": reason}
    log(enrollment, "courses.progress.correct", user=by, data={**facts, "passed": passed})
    reconsider(enrollment_id=enrollment_id, is_corrected=True)
    end_if_over(enrollment_id)
    return correction


def _scores_after(progress: UnitProgress, score: Decimal) -> list[Decimal]:
    """The corrected score replaces those of all attempts so far; correcting back, without an attempt in between, restores theirs."""
    last = progress.corrections.first()
    is_back = last is not None and last.from_score == score and progress.scores == [last.to_score]
    return last.from_scores if last and is_back else [score]


def _completed_at(progress: UnitProgress) -> dt.datetime:
    """When the unit was completed: as it is, as it was before it was corrected down, or now."""
    if progress.completed_at:
        return progress.completed_at
    earlier = progress.corrections.filter(from_completed_at__isnull=False).first()
    before = earlier.from_completed_at if earlier else None
    return before or timezone.now()
