"""Marks of attempts that were wrong: by a key, or as a person decided about one of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from wagtail.log_actions import log

from accounts.models import User
from assessment.enums import AttemptAct, CorrectionCause
from assessment.errors import AttemptVoid, NotMarkedYet, NotOneOfTheQuestions
from assessment.marking.question import UnreadableResponse
from assessment.models import Answer, Attempt, AttemptCorrection, KeyCorrection, ScoreNotice
from assessment.queries.questions import stored_questions
from assessment.services.key_lock import hold_keys
from assessment.services.locks import locked_attempt
from assessment.services.remarking import Change, changes_by_person
from courses.enums import EnrollmentState
from courses.errors import ReasonMissing
from courses.models import Enrollment
from courses.queries.issued_documents import with_document_in_force
from courses.services.marks_of_many import MarkedAgain, correct_scores


@transaction.atomic
def correct_marks(
    *,
    attempt_id: int,
    cause: CorrectionCause,
    reason: str,
    by: User,
    shares: Mapping[int, Fraction] | None = None,
    responses: Mapping[int, Any] | None = None,
) -> list[AttemptCorrection]:
    """Mark slots of a marked attempt again, as a person decided: the score and what follows from it are corrected, and the trainee is told.

    `shares`: from 0 to 1, by slot. `responses`: what counts in a slot from now on in place of what was answered, marked by its key. Returns a
    row for each slot; none where nothing changes. Raises `NotMarkedYet`, `AttemptVoid`, `NotOneOfTheQuestions`, and of courses `ReasonMissing`,
    `OwnMark`, `CorrectedByTeacher`; then nothing changes.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    attempt = locked_attempt(attempt_id)
    if not attempt.is_marked:
        raise NotMarkedYet
    if attempt.decisions.filter(act=AttemptAct.VOIDED).exists():
        raise AttemptVoid
    hold_keys()
    shares, responses = shares or {}, read_responses(attempt, responses or {})
    if not all(0 <= slot < len(attempt.versions) and 0 <= share <= 1 for slot, share in shares.items()):
        raise NotOneOfTheQuestions
    changes = changes_by_person(attempt, shares, responses)
    if not changes:
        return []
    documents = with_document_in_force({attempt.enrollment_id})
    write_corrections(changes, documents, reason=reason, by=by, cause=cause)
    for slot, response in responses.items():
        attempt.answers.filter(slot=slot).update(response=response)
    facts = {"cause": cause.value, "from": str(changes[0].from_score), "to": str(changes[0].to_score)}
    log(attempt, "assessment.attempt.correct", user=by, data={**facts, "reason": reason})
    return list(attempt.corrections.order_by("-pk")[: len(changes)])


def write_corrections(
    changes: Sequence[Change],
    documents: set[int],
    *,
    reason: str,
    by: User,
    correction: KeyCorrection | None = None,
    cause: CorrectionCause = CorrectionCause.KEY,
) -> int:
    """Rows that say so, then the marks, then the scores of units, and a notice for each attempt whose score changes.

    The enrollments of the attempts are locked. `documents`: those of them with a certificate in force; `correction`: of the key that was
    wrong, if it is that. Returns how many scores of units a person had set since: they stay. Raises what `correct_scores` raises.
    """
    corrected = correct_scores(_marked_again(changes), reason=reason, by=by)
    rows = AttemptCorrection.objects.bulk_create(
        AttemptCorrection(
            cause=cause,
            correction=correction,
            reason="" if correction else reason,
            by=None if correction else by,
            attempt=one.attempt,
            slot=one.slot,
            from_mark=one.from_mark,
            to_mark=one.to_mark,
            from_score=one.from_score,
            to_score=one.to_score,
            from_passed=one.from_passed,
            to_passed=one.to_passed,
            has_completed=has_completed(one.attempt.enrollment),
            has_document=one.attempt.enrollment_id in documents,
            is_kept_by_hand=corrected.get(_place(one)) is False,
        )
        for one in changes
    )
    _apply(rows)
    # One for an attempt, however many of its questions are marked again; the answer to an appeal, and why one is void, is told with it.
    notifies = cause not in {CorrectionCause.APPEAL, CorrectionCause.VOID}
    told = {row.attempt_id: row for row in reversed(rows) if notifies and row.from_score != row.to_score}
    ScoreNotice.objects.bulk_create(
        ScoreNotice(correction=row, person_id=row.attempt.enrollment.person_id) for row in told.values()
    )
    return sum(not is_corrected for is_corrected in corrected.values())


def has_completed(enrollment: Enrollment) -> bool:
    return bool(enrollment.state == EnrollmentState.COMPLETED)


def read_responses(attempt: Attempt, responses: Mapping[int, Any]) -> dict[int, Any]:
    """As their questions take them. Raises `NotOneOfTheQuestions`."""
    questions = dict(enumerate(stored_questions(attempt.versions)))
    try:
        return {slot: questions[slot].question.read(sent) for slot, sent in responses.items()}
    except (KeyError, UnreadableResponse) as error:
        raise NotOneOfTheQuestions from error


def _place(one: Change) -> tuple[int, Any]:
    return one.attempt.enrollment_id, one.attempt.quiz_key


def _scores(one: Change) -> tuple[Decimal, Decimal]:
    return one.from_score, one.to_score


def _apply(rows: Sequence[AttemptCorrection]) -> None:
    """The marks as the rows say; triggers compare. Two statements."""
    mine = AttemptCorrection.objects.filter(pk__in=[row.pk for row in rows])
    attempts = {row.attempt_id for row in rows}
    of_attempt = mine.filter(attempt=OuterRef("pk"))
    Attempt.objects.filter(pk__in=attempts).update(
        score=Subquery(of_attempt.values("to_score")[:1]), passed=Subquery(of_attempt.values("to_passed")[:1])
    )
    of_answer = mine.filter(attempt=OuterRef("attempt"), slot=OuterRef("slot"))
    answers: QuerySet[Answer] = Answer.objects.filter(attempt__in=attempts)
    changed = answers.alias(is_corrected=Exists(of_answer.exclude(from_mark=F("to_mark"))))
    changed.filter(is_corrected=True).update(mark=Subquery(of_answer.values("to_mark")))


def _marked_again(changes: Sequence[Change]) -> list[MarkedAgain]:
    """By enrollment and unit, with whether any attempt there passed and passes. One query."""
    by_place: dict[tuple[int, Any], list[Change]] = defaultdict(list)
    for one in changes:
        by_place[_place(one)].append(one)
    others: dict[tuple[int, Any], set[int]] = defaultdict(set)
    passed = Attempt.objects.filter(
        enrollment__in={enrollment for enrollment, _quiz in by_place},
        quiz_key__in={quiz for _enrollment, quiz in by_place},
        passed=True,
    )
    for pk, enrollment, quiz in passed.values_list("pk", "enrollment", "quiz_key"):
        others[enrollment, quiz].add(pk)
    return [
        MarkedAgain(
            enrollment_id=place[0],
            unit_key=place[1],
            # A change is of a slot, a score of an attempt: however many of its slots change, it is one of the scores.
            scores=[
                pair
                for pair in {one.attempt.pk: _scores(one) for one in those}.values()
                if len(set(pair)) > 1
            ],
            since=min(one.attempt.marked_at for one in those if one.attempt.marked_at),
            had_passed=bool(others[place]),
            passes=any(one.to_passed for one in those)
            or bool(others[place] - {one.attempt.pk for one in those}),
        )
        for place, those in by_place.items()
    ]
