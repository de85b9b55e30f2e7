"""Attempts: begun by those who study, ended by them or by the clock."""

import datetime as dt
import secrets
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.log_actions import log

from accounts.models import AuditedModelLogEntry, Person, User
from assessment.chance import Chance
from assessment.deadlines import closing_time
from assessment.enums import AttemptState, EndedBy
from assessment.errors import (
    AttemptAwaitsMark,
    NoAttemptsLeft,
    NoSuchQuiz,
    PassedWithoutAttempts,
    QuizAlreadyPassed,
    QuizHasNoQuestions,
)
from assessment.models import Attempt
from assessment.queries.accommodations import accommodation_of
from assessment.queries.attempts import pages_of_quiz
from assessment.services.drawing import draw_up
from assessment.services.ending import end, facts_of, mark_attempts
from assessment.services.locks import locked_attempt
from assessment.services.saving import add_answers
from assessment.services.starting import check_start
from courses.queries.evidence import may_raise_score
from courses.services.marks import await_mark
from courses.services.progress import open_unit, record_score


@transaction.atomic
def start_attempt(
    *, enrollment_id: int, unit_key: UUID, by: User, holder: str = "", code: str = ""
) -> Attempt:
    """Begin an attempt at a quiz of the enrollment's content, or take up the one that is open (another tab, another device).

    `holder`: the device that may save (`assessment.services.saving.holder_of`); `code`: of the room, where it is taken in one. Raises `EnrollmentNotActive`, `UnitNotInCohort` and `UnitNotOpen` of courses, `QuizAlreadyPassed`, `AttemptAwaitsMark`,
    `NoAttemptsLeft`, `PassedWithoutAttempts`, `NoSuchQuiz`, `QuizHasNoQuestions`, `BankTooSmall`, and what `assessment.services.starting.check_start` raises.
    """
    # Two starts count attempts one after the other, those of a person with seats in two cohorts, too.
    Person.objects.select_for_update(no_key=True, of=("self",)).get(enrollments=enrollment_id)
    progress = open_unit(enrollment_id=enrollment_id, unit_key=unit_key)
    pages = pages_of_quiz(progress.enrollment, unit_key)
    if not pages:
        raise NoSuchQuiz
    language = get_language() if get_language() in pages else next(iter(pages))
    quiz = pages[language]
    # Of the person, in any test: what was asked before is drawn last.
    person = progress.enrollment.person_id
    of_person = list(Attempt.objects.filter(enrollment__person=person).order_by("-number"))
    earlier = [one for one in of_person if one.quiz_key == unit_key]
    here = [one for one in earlier if one.enrollment_id == enrollment_id]
    if here and here[0].is_open:
        return here[0]
    if here and here[0].state == AttemptState.AWAITING:
        raise AttemptAwaitsMark
    has_passed = any(attempt.passed for attempt in here)
    if has_passed and not may_raise_score(progress.enrollment, unit_key):
        raise QuizAlreadyPassed
    # Those that were given are asked for where the others are used.
    are_used = len(earlier) >= quiz.attempts_allowed
    if are_used and not Attempt.objects.left_to(person, unit_key, allowed=quiz.attempts_allowed):
        raise PassedWithoutAttempts if has_passed else NoAttemptsLeft
    sitting = check_start(progress.enrollment, quiz, code=code)
    seed = secrets.randbits(63)
    paper = draw_up(
        pages, language=language, enrollment=progress.enrollment, earlier=of_person, chance=Chance(seed)
    )
    if not paper.drawn:
        raise QuizHasNoQuestions
    started_at = timezone.now()
    limit = dt.timedelta(minutes=quiz.limit_minutes) if quiz.limit_minutes else None
    given = accommodation_of(person, started_at)
    factor = given.exact_factor if given else Fraction(1)
    breaks = dt.timedelta(minutes=given.break_minutes if given else 0)
    attempt = Attempt.objects.create(
        holder=holder,
        purpose=quiz.purpose,
        seed=seed,
        shuffles_options=quiz.shuffles_options,
        sitting=sitting,
        limit_seconds=int(limit.total_seconds()) if limit else None,
        factor=Decimal(factor.numerator) / factor.denominator,
        granted_seconds=int(breaks.total_seconds()),
        accommodation=given,
        closes_at=closing_time(started_at, limit, factor=factor, granted=[breaks]),
        grace_seconds=quiz.grace_seconds if limit else 0,
        enrollment_id=enrollment_id,
        quiz_key=unit_key,
        number=max((one.number for one in earlier), default=0) + 1,
        title=quiz.title,
        versions=[one.version for one in paper.drawn],
        points=[one.points for one in paper.drawn],
        sections=paper.sections,
        pass_percent=quiz.pass_percent,
        started_at=started_at,
    )
    # As `log` does, which would ask for center and person again.
    places = (progress.enrollment.cohort.center_id, person)
    AuditedModelLogEntry.objects.log_many(
        [(attempt, {"number": attempt.number}, places)], "assessment.attempt.start", user=by
    )
    return attempt


@transaction.atomic
def submit_attempt(*, attempt_id: int, by: User, responses: Mapping[int, Any] | None = None) -> Attempt:
    """Hand an attempt in: what was saved is marked, and the score recorded as progress, or it waits for a person who marks it. A question
    left out earns nothing.

    `responses` are saved first (`assessment.services.saving.save_answers`); after the time and its grace they are not, and the attempt
    is closed as of its time. Submitting a marked attempt again, with whatever answers, returns it as it was marked: the first submission
    counts. Raises `NotOneOfTheQuestions`, `EnrollmentNotActive`; then nothing is stored and the attempt stays open.
    """
    attempt = locked_attempt(attempt_id)
    if not attempt.is_open:
        return attempt
    now = timezone.now()
    if attempt.accepts_at(now):
        if responses:
            add_answers(attempt, responses)
        end(attempt, ended_by=EndedBy.PERSON, at=now)
    else:
        end(attempt, ended_by=EndedBy.TIME, at=now)
    scores = mark_attempts([attempt])
    log(attempt, "assessment.attempt.submit", user=by, data=facts_of(attempt))
    for score in scores:
        record_score(**score._asdict())
    if not scores:
        await_mark(enrollment_id=attempt.enrollment_id, unit_key=attempt.quiz_key)
    return attempt
