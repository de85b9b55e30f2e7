"""Appeals of trainees against marks, and their answers."""

from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping.hands import hands_of, is_own, why_one_hand
from assessment.enums import CorrectionCause
from assessment.errors import (
    AlreadyAppealed,
    AppealAnswered,
    AppealTermOver,
    MarkedByYou,
    NotBetterMarked,
    NotMarkedYet,
    NotOneOfTheQuestions,
)
from assessment.models import Appeal, AppealNotice, Attempt
from assessment.queries.appeals import appeal_term
from assessment.queries.marking import marks_of
from assessment.scores import as_mark
from assessment.services.correcting import correct_marks
from courses.errors import CorrectedByTeacher, OwnMark, ReasonMissing
from courses.queries.timetable import teachers_of_enrollment
from courses.services.locks import locked_enrollment

LONGEST = 1000


@transaction.atomic
def file_appeal(*, attempt_id: int, slot: int, reason: str, by: User) -> Appeal:
    """Store that a trainee finds the mark of a question of their own marked attempt wrong.

    Raises `ReasonMissing`, `NotMarkedYet`, `NotOneOfTheQuestions`, `AppealTermOver`, `AlreadyAppealed`.
    """
    reason = reason.strip()[:LONGEST]
    if not reason:
        raise ReasonMissing
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
    if not attempt.is_marked:
        raise NotMarkedYet
    answer = attempt.answers.filter(slot=slot, attempt__enrollment__person=by.person_id).first()
    if answer is None or answer.mark is None:
        raise NotOneOfTheQuestions
    until = appeal_term(attempt)
    if until is None or timezone.now() > until:
        raise AppealTermOver
    if attempt.appeals.filter(slot=slot).exists():
        raise AlreadyAppealed
    appeal = Appeal.objects.create(
        attempt=attempt, slot=slot, reason=reason, filed_by=by, from_mark=answer.mark
    )
    log(attempt, "assessment.appeal.file", user=by, data={"question": slot + 1})
    return appeal


@transaction.atomic
def answer_appeal(*, appeal_id: int, answer: str, by: User, share: Fraction | None = None) -> Appeal:
    """Answer an appeal; its person is told. Granted, the question earns this share of its points, more than before, and what follows
    from it is corrected; refused, `share` is None.

    Not by the person, nor by who taught the cohort or marked the answer. Raises `ReasonMissing`, `OwnMark`, `CorrectedByTeacher`, `MarkedByYou`, `AppealAnswered`,
    `NotBetterMarked`.
    """
    answer = answer.strip()[:LONGEST]
    if not answer:
        raise ReasonMissing
    rows = Appeal.objects.select_related("attempt")
    first = rows.get(pk=appeal_id)
    # Two answers of one appeal, and a correction of its attempt, come one after the other.
    enrollment = locked_enrollment(first.attempt.enrollment_id)
    if is_own(by, enrollment.person_id):
        raise OwnMark
    if not hands_of(by).isdisjoint(teachers := teachers_of_enrollment(enrollment)):
        raise why_one_hand(by, teachers, Act.TEACH, CorrectedByTeacher)
    if marks_of(by).filter(task__attempt=first.attempt_id, task__slot=first.slot).exists():
        raise MarkedByYou
    appeal = rows.get(pk=appeal_id)
    if appeal.is_granted is not None:
        raise AppealAnswered
    mark = appeal.attempt.answers.get(slot=appeal.slot).mark or Decimal(0)
    if share is not None and not (mark < as_mark(share) <= 1):
        raise NotBetterMarked
    appeal.is_granted, appeal.answer = share is not None, answer
    appeal.to_mark = appeal.from_mark if share is None else as_mark(share)
    appeal.answered_by, appeal.answered_at = by, timezone.now()
    appeal.save(update_fields=["is_granted", "answer", "to_mark", "answered_by", "answered_at"])
    if share is not None:
        correct_marks(
            attempt_id=appeal.attempt_id,
            cause=CorrectionCause.APPEAL,
            reason=answer[:200],
            by=by,
            shares={appeal.slot: share},
        )
    AppealNotice.objects.create(appeal=appeal, person_id=enrollment.person_id)
    log(
        appeal.attempt,
        "assessment.appeal.answer",
        user=by,
        data={"question": appeal.slot + 1, "granted": appeal.is_granted, "answer": answer},
    )
    return appeal
