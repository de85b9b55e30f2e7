"""The board of a sitting: where everybody is, for who supervises. Of answers only how many there are, and of marks nothing."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from assessment.enums import AttemptState, EndedBy, Standing
from assessment.models import (
    Accommodation,
    Answer,
    Attempt,
    Incident,
    RefusedSave,
    ResponseEvent,
    Sitting,
    TimeGrant,
)
from assessment.queries.accommodations import effects_of
from assessment.queries.exams import who_may_take_it
from assessment.queries.late import undecided
from courses.enums import EnrollmentState
from courses.models import Enrollment

# Of the lists below the board.
MOST_NOTES = 50
_TAKING = (EnrollmentState.ACTIVE, EnrollmentState.COMPLETED)


@dataclass(frozen=True)
class Place:
    """One person. `attempt` is the newest one at this test, in this sitting or an earlier one; its figures are of an attempt in this
    sitting only. `devices`: how often another device went on.
    """

    enrollment: Enrollment
    attempt: Any
    standing: Standing
    has_taken_before: bool
    answered: int
    questions: int
    saved_ago: dt.timedelta | None
    devices: int
    left: dt.timedelta | None
    effects: list[str]
    given_minutes: int
    late: int
    refused: int

    @property
    def is_open(self) -> bool:
        return self.attempt is not None and self.attempt.is_open


@dataclass(frozen=True)
class Board:
    sitting: Sitting
    at: dt.datetime
    places: list[Place]

    @property
    def counts(self) -> list[tuple[Standing, int]]:
        """How many are where; those that are nowhere are left out, but for who has not started, answers, or is done."""
        found = Counter(place.standing for place in self.places)
        always = (Standing.NOT_STARTED, Standing.ANSWERING, Standing.HANDED_IN)
        return [(standing, found[standing]) for standing in Standing if found[standing] or standing in always]


def board_of(sitting: Sitting) -> Board:
    """Everybody of the cohort, by name, and who left it after they began here. As many queries for many people as for one. The cohort
    needs its content and its rule.
    """
    now = timezone.now()
    expected = who_may_take_it(sitting.class_session.cohort, sitting.quiz_key)
    people = list(_people_of(sitting))
    newest = {attempt.enrollment_id: attempt for attempt in _newest_attempts(sitting, people)}
    here = [attempt for attempt in newest.values() if attempt.sitting_id == sitting.pk]
    answered = _answered_in(here)
    holding = _accommodations_of(people, now)
    return Board(
        sitting,
        now,
        [
            _place(
                sitting,
                row,
                newest.get(row.pk),
                answered,
                holding.get(row.person_id),
                now,
                is_expected=row.pk in expected,
            )
            for row in people
        ],
    )


def expected_in(sitting: Sitting) -> int:
    """How many have started here or may still start. The cohort needs its content and its rule."""
    started = set(taken_in(sitting).values_list("enrollment", flat=True))
    return len(started | who_may_take_it(sitting.class_session.cohort, sitting.quiz_key))


def open_in(sitting: Sitting) -> QuerySet[Attempt]:
    """Those that run, by the names of their people."""
    rows = Attempt.objects.filter(sitting=sitting, state=AttemptState.OPEN)
    return rows.select_related("enrollment__person").order_by("enrollment__person__folded_name", "pk")


def taken_in(sitting: Sitting) -> QuerySet[Attempt]:
    rows = Attempt.objects.filter(sitting=sitting).select_related("enrollment__person")
    return rows.order_by("enrollment__person__folded_name", "pk")


def incidents_of(sitting: Sitting) -> QuerySet[Incident]:
    """The newest first. One query."""
    rows = Incident.objects.filter(sitting=sitting).select_related(
        "attempt__enrollment__person", "by__person"
    )
    return rows.order_by("-at", "-pk")[:MOST_NOTES]


@dataclass(frozen=True)
class Given:
    """Time that was given at once. `name` where it was to one person."""

    minutes: int
    people: int
    name: str
    reason: str
    by: Any
    at: dt.datetime


def time_given_in(sitting: Sitting) -> list[Given]:
    """To the room, and to single people of it, the newest first. Two queries."""
    acts = (
        TimeGrant.objects.filter(attempt__sitting=sitting)
        .order_by()
        .values("at", "by", "seconds", "reason", "sitting")
        .annotate(people=Count("pk"), first=Min("pk"))
        .order_by("-at", "-first")[:MOST_NOTES]
    )
    found = list(acts)
    rows = TimeGrant.objects.select_related("attempt__enrollment__person", "by__person")
    grants = rows.in_bulk([act["first"] for act in found])
    return [
        Given(
            minutes=act["seconds"] // 60,
            people=act["people"],
            name="" if act["sitting"] else str(grants[act["first"]].attempt.enrollment.person),
            reason=act["reason"],
            by=grants[act["first"]].by,
            at=act["at"],
        )
        for act in found
    ]


def _people_of(sitting: Sitting) -> QuerySet[Enrollment]:
    began_here = Attempt.objects.filter(sitting=sitting).order_by().values("enrollment")
    return (
        Enrollment.objects.filter(
            Q(cohort=sitting.class_session.cohort_id, state__in=_TAKING) | Q(pk__in=began_here)
        )
        .select_related("person")
        .order_by("person__folded_name", "pk")
    )


def _newest_attempts(sitting: Sitting, people: Collection[Enrollment]) -> QuerySet[Attempt]:
    """Of each person the newest one, or the one in this sitting."""

    def of_attempt(rows: QuerySet[Any], what: Any) -> Subquery:
        # By a constant: one row for all of them.
        found = rows.filter(attempt=OuterRef("pk")).order_by().values(all=Value(1)).annotate(what=what)
        return Subquery(found.values("what"))

    def number(rows: QuerySet[Any], what: Any) -> Coalesce:
        return Coalesce(of_attempt(rows, what), 0, output_field=IntegerField())

    return (
        Attempt.objects.filter(enrollment__in=[row.pk for row in people], quiz_key=sitting.quiz_key)
        .select_related("accommodation")
        .annotate(
            # Also false, and not unknown, for one outside of any sitting: what is unknown comes first.
            is_here=Q(sitting__isnull=False, sitting=sitting),
            last_save=of_attempt(ResponseEvent.objects.all(), Max("at")),
            given=number(TimeGrant.objects.all(), Sum("seconds")),
            # About which somebody decided are those no more that wait.
            late=number(undecided(), Count("seq")),
            refused=number(RefusedSave.objects.all(), Sum("count")),
        )
        .order_by("enrollment_id", "-is_here", "-number")
        .distinct("enrollment_id")
    )


def _answered_in(attempts: Collection[Attempt]) -> Mapping[int, int]:
    """How many questions have an answer now, by attempt: once it has ended, with late answers that were counted. Two queries."""
    newest = (
        ResponseEvent.objects.filter(attempt__in=[one.pk for one in attempts if one.is_open])
        .annotate(is_taken_back=Q(response__isnull=True))
        .order_by("attempt_id", "slot", "-epoch", "-seq")
        .distinct("attempt_id", "slot")
        .values_list("attempt_id", "is_taken_back")
    )
    found: dict[int, int] = defaultdict(int)
    for attempt, is_taken_back in newest:
        found[attempt] += not is_taken_back
    ended = Answer.objects.filter(attempt__in=[one.pk for one in attempts if not one.is_open])
    rows = ended.filter(response__isnull=False).order_by().values("attempt").annotate(answered=Count("pk"))
    return {**found, **{row["attempt"]: row["answered"] for row in rows}}


def _accommodations_of(people: Collection[Enrollment], now: dt.datetime) -> dict[int, Accommodation]:
    """What holds for people who begin now. One query."""
    day = timezone.localdate(now)
    rows = Accommodation.objects.filter(
        Q(until=None) | Q(until__gte=day),
        person__in=[row.person_id for row in people],
        ended_at=None,
        since__lte=day,
    )
    return {row.person_id: row for row in rows}


def _place(
    sitting: Sitting,
    enrollment: Enrollment,
    newest: Any,
    answered: Mapping[int, int],
    holding: Accommodation | None,
    now: dt.datetime,
    *,
    is_expected: bool,
) -> Place:
    here = newest if newest is not None and newest.sitting_id == sitting.pk else None
    # An attempt keeps what held when it began.
    given = here.accommodation if here else holding
    return Place(
        enrollment=enrollment,
        attempt=here,
        standing=_standing(here, newest, now, is_expected=is_expected),
        has_taken_before=here is None and newest is not None and not newest.is_open and is_expected,
        answered=answered.get(here.pk, 0) if here else 0,
        questions=len(here.versions) if here else 0,
        saved_ago=now - here.last_save if here and here.last_save else None,
        devices=here.epoch - 1 if here else 0,
        left=max(here.closes_at - now, dt.timedelta()) if here and here.is_open and here.closes_at else None,
        effects=effects_of(given) if given else [],
        given_minutes=here.given // 60 if here else 0,
        late=here.late if here else 0,
        refused=here.refused if here else 0,
    )


def _standing(
    here: Attempt | None, newest: Attempt | None, now: dt.datetime, *, is_expected: bool
) -> Standing:
    if here is None:
        if newest is None:
            return Standing.NOT_STARTED
        if newest.is_open:
            return Standing.ELSEWHERE
        return Standing.NOT_STARTED if is_expected else Standing.DONE_BEFORE
    if here.is_open:
        # It is closed by the next sweep.
        return Standing.TIME_OUT if here.closes_at and here.closes_at <= now else Standing.ANSWERING
    return Standing.TIME_OUT if here.ended_by == EndedBy.TIME else Standing.HANDED_IN
