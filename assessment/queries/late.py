"""Answers that arrived after the time, until somebody decides about them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scoping.hands import hands_shown, people_shown
from assessment.enums import BY_HAND, AttemptState, CorrectionCause, QuestionKind
from assessment.models import Attempt, AttemptCorrection, LateDecision, LateResponse, Mark, ResponseEvent
from assessment.queries.own_data import response_in_words
from assessment.queries.questions import StoredQuestion, questions_of, stored_questions, text_of
from assessment.queries.responses import SavedResponses, saved_responses
from courses.models import Cohort, ScoreCorrection, UnitProgress


def undecided() -> QuerySet[LateResponse]:
    """Late answers about which no one decided. What was in time, and sent once more since its receipt was lost, is none."""
    in_time = ResponseEvent.objects.filter(
        attempt=OuterRef("attempt"), epoch=OuterRef("epoch"), seq=OuterRef("seq")
    )
    decided = LateDecision.objects.filter(attempt=OuterRef("attempt"), through_at__gte=OuterRef("at"))
    return LateResponse.objects.filter(~Exists(in_time), ~Exists(decided))


def attempts_to_decide(attempts: QuerySet[Attempt]) -> QuerySet[Attempt]:
    """Those that have such answers and are marked or wait for marks, the one that waits longest first: with `late`, how many, and `first_late` and `last_late`."""
    own = undecided().filter(attempt=OuterRef("pk")).order_by().values("attempt")
    waiting = undecided().filter(attempt=OuterRef("pk"))
    return (
        attempts.filter(Exists(waiting), state__in=(AttemptState.MARKED, AttemptState.AWAITING))
        .annotate(
            late=Subquery(own.annotate(what=Count("seq")).values("what")),
            first_late=Subquery(own.annotate(what=Min("at")).values("what")),
            last_late=Subquery(own.annotate(what=Max("at")).values("what")),
            after_the_end=F("last_late") - F("closes_at"),
        )
        .order_by("first_late", "pk")
    )


def not_ones_own(attempts: QuerySet[Attempt], user: User) -> QuerySet[Attempt]:
    """Without those of `user`, and of cohorts that `user` teaches: somebody else decides about them."""
    taught = Cohort.objects.filter(instructors__in=hands_shown(user)).values("pk")
    rows = attempts.exclude(enrollment__cohort__in=taught)
    return rows.exclude(enrollment__person__in=people_shown(user))


def units_left_failed() -> QuerySet[UnitProgress]:
    """Units that a corrected attempt passed, while their score was left as one that a person had set though no one had: as it happened where
    several answers of one attempt were corrected at once.
    """
    set_by_hand = ScoreCorrection.objects.filter(
        progress=OuterRef(OuterRef("pk")), to_scores=[], at__gt=OuterRef("attempt__marked_at")
    )
    left = AttemptCorrection.objects.filter(
        ~Exists(set_by_hand),
        attempt__enrollment=OuterRef("enrollment"),
        attempt__quiz_key=OuterRef("unit_key"),
        attempt__passed=True,
        is_kept_by_hand=True,
    )
    return UnitProgress.objects.filter(Exists(left), passed=False).select_related("enrollment").order_by("pk")


@dataclass(frozen=True)
class LateAnswer:
    """A late change. `seconds`: after the end of the time that it arrived. `claimed_at`: when it was chosen, as the device says, which no one
    checks; `is_claimed_in_time`: whether that was before the end. `counts`: whether it is what would count of its question."""

    at: dt.datetime
    claimed_at: dt.datetime | None
    is_claimed_in_time: bool
    seconds: int
    number: int
    question: str
    before: list[str]
    came: list[str]
    counts: bool
    # Why a work that a person marks does not count: "files", "marked"; else empty.
    refused: str


def late_answers_of(attempt: Attempt) -> list[LateAnswer]:
    """Those about which no one decided, as they arrived. Five queries. They say nothing of what is right."""
    rows = waiting_in(attempt)
    questions = questions_of(attempt)
    saved = saved_responses([attempt])[attempt.pk]
    counting = {(one.epoch, one.seq) for one in that_would_count(attempt, rows, saved).values()}
    settled = slots_settled(attempt)
    return [_shown(attempt, row, questions[row.slot], saved, counting, settled) for row in rows]


def waiting_in(attempt: Attempt) -> list[LateResponse]:
    return list(undecided().filter(attempt=attempt).order_by("at", "epoch", "seq"))


def that_would_count(
    attempt: Attempt, rows: Sequence[LateResponse], saved: SavedResponses
) -> dict[int, LateResponse]:
    """By slot, the last change of it, where it is later than what was saved in time. Of what a person marks, texts that have no mark yet."""
    questions = list(enumerate(stored_questions(attempt.versions)))
    by_hand = {slot for slot, one in questions if one.kind in BY_HAND}
    texts = {slot for slot, one in questions if one.kind == QuestionKind.ESSAY} - slots_settled(attempt)
    last: dict[int, LateResponse] = {}
    for row in sorted(rows, key=_order):
        is_later = row.slot not in saved or _order(row) > (saved[row.slot].epoch, saved[row.slot].seq)
        if is_later and (row.slot not in by_hand or (row.slot in texts and row.response is not None)):
            last[row.slot] = row
    return last


def slots_settled(attempt: Attempt) -> set[int]:
    """Those in which no late text counts any more: all once the attempt has its result, else those with a mark. One query at the most."""
    if attempt.state != AttemptState.AWAITING:
        return set(range(len(attempt.versions)))
    return set(Mark.objects.filter(task__attempt=attempt).values_list("task__slot", flat=True))


def _order(row: LateResponse) -> tuple[int, int]:
    return row.epoch, row.seq


def _shown(
    attempt: Attempt,
    row: LateResponse,
    question: StoredQuestion,
    saved: SavedResponses,
    counting: set[tuple[int, int]],
    settled: set[int],
) -> LateAnswer:
    end = attempt.closes_at or row.at
    before = saved[row.slot].response if row.slot in saved else None
    nothing = [_("no answer")]
    return LateAnswer(
        at=row.at,
        claimed_at=row.claimed_at,
        is_claimed_in_time=row.claimed_at is not None and row.claimed_at <= end,
        seconds=max(0, round((row.at - end).total_seconds())),
        number=row.slot + 1,
        question=text_of(question),
        before=response_in_words(question, before) or nothing,
        came=response_in_words(question, row.response) or nothing,
        counts=_order(row) in counting,
        refused=_refused(question, is_settled=row.slot in settled),
    )


def _refused(question: StoredQuestion, *, is_settled: bool) -> str:
    if question.kind == QuestionKind.FILES:
        return "files"
    return "marked" if question.kind in BY_HAND and is_settled else ""


def told_of_late(attempt: Attempt, corrections: Sequence[AttemptCorrection]) -> str:
    """What the result says of late answers besides its corrections: "waits" for a decision, "left", "counted" where that changed nothing,
    "before" where they counted before it was marked, else empty. Two queries.
    """
    if undecided().filter(attempt=attempt).exists():
        return "waits"
    decision = attempt.late_decisions.order_by("-pk").first()
    if decision is None:
        return ""
    if not decision.is_counted:
        return "left"
    if attempt.marked_at is not None and decision.at < attempt.marked_at:
        return "before"
    return "" if any(one.cause == CorrectionCause.LATE for one in corrections) else "counted"


def decisions_of(attempt: Attempt) -> QuerySet[LateDecision]:
    """The newest first."""
    return attempt.late_decisions.select_related("by__person").order_by("-pk")
