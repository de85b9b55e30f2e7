"""Answers and appeals for which no one at their center may give the next mark or the answer: work for who appoints people there.

The same rules as for one marker (`assessment.queries.marking`, `assessment.services.appeals`), asked of everybody with the role at once. A role that is lent alone makes no
further person: it is its lender who marks.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import TruncDate

from accounts.enums import Act, MembershipScope
from accounts.models import Center, Deputy, Membership, MembershipQuerySet, User
from accounts.scoping import centers_where, fenced
from assessment.enums import MarkingState
from assessment.models import Appeal, Mark, MarkingTask
from assessment.queries.marking import first_is_by_a_teacher
from courses.models import ClassSession, Cohort, FormerInstructor, Transfer

# What an appeal lacks, next to the states of answers.
APPEAL = "appeal"
# What waits longer is the ministry's work, too.
MENDED_BY_THE_CENTER = dt.timedelta(days=3)


@dataclass(frozen=True)
class Missing:
    """At a center, so many answers or appeals that no one there may mark or answer. `kind`: a `MarkingState`, or `APPEAL`."""

    center: Center
    kind: str
    count: int
    since: dt.datetime
    may_appoint: bool


def answers_without_marker() -> QuerySet[MarkingTask]:
    """Those whose next mark no one may give who has the role at their center today."""
    waiting = MarkingTask.objects.exclude(state=MarkingState.DONE)
    unmarked = ~Exists(_marked("pk", Act.MARK_ANSWERS))
    strangers = _other_than_teachers("cohort", "attempt__enrollment__cohort")
    markers = _people_with(Act.MARK_ANSWERS, center="center", person="attempt__enrollment__person")
    deciders = _people_with(Act.MODERATE_MARKS, center="center", person="attempt__enrollment__person")
    lacks_first = Q(state=MarkingState.FIRST) & ~Exists(markers)
    lacks_second = Q(state=MarkingState.SECOND) & (
        ~Exists(markers.filter(unmarked))
        | Q(first_is_by_a_teacher()) & ~Exists(markers.filter(unmarked, strangers))
    )
    lacks_decision = Q(state=MarkingState.MODERATION) & ~Exists(deciders.filter(unmarked, strangers))
    return waiting.filter(lacks_first | lacks_second | lacks_decision)


def appeals_without_assessor() -> QuerySet[Appeal]:
    """Those that no one may answer who has the role at their center today."""
    path = "attempt__enrollment"
    people = _people_with(Act.ASSESS, center=f"{path}__cohort__center", person=f"{path}__person")
    marked = Mark.objects.filter(
        _is_of(Act.MARK_ANSWERS),
        task__attempt=OuterRef(OuterRef("attempt")),
        task__slot=OuterRef(OuterRef("slot")),
    )
    earlier = Transfer.objects.filter(enrollment=OuterRef(OuterRef(OuterRef(path)))).values("from_cohort")
    fitting = people.filter(
        ~Exists(marked), _other_than_teachers(f"{path}__cohort"), ~_teaches(Q(cohort__in=earlier))
    )
    return Appeal.objects.filter(~Exists(fitting), is_granted=None)


def _people_with(act: Act, *, center: str, person: str) -> MembershipQuerySet:
    """The own roles with which `act` may be done at the center of the outer row, but for those of its person and of deputies of that person."""
    place = (
        Q(scope=MembershipScope.CENTER, center=OuterRef(center))
        | Q(scope=MembershipScope.GOVERNORATE, governorate=OuterRef(f"{center}__governorate"))
        | Q(scope=MembershipScope.MINISTRY)
    )
    for_person = Deputy.objects.current().filter(
        user=OuterRef("user"), lent_from__user__person=OuterRef(OuterRef(person))
    )
    held = Membership.objects.current().own().filter(place, user__is_active=True).able_to(act)
    return held.exclude(user__person=OuterRef(person)).exclude(Exists(for_person))


def _is_of(act: Act) -> Q:
    """Of marks, inside a query of roles: given by who has the role, by one whose deputy that person is, or by a deputy of that person."""
    lenders = Deputy.objects.current().filter(user=OuterRef(OuterRef("user"))).values("lent_from__user")
    day = TruncDate(ExpressionWrapper(OuterRef("at"), output_field=DateTimeField()))
    acted = Deputy.objects.able_to(act).filter(
        Q(ended_at=None) | Q(ended_at__gte=OuterRef("at")),
        user=OuterRef("by"),
        lent_from__user=OuterRef(OuterRef("user")),
        since__lte=day,
        until__gte=day,
    )
    return Q(by=OuterRef("user")) | Q(by__in=lenders) | Q(Exists(acted))


def _marked(task: str, act: Act) -> QuerySet[Mark]:
    return Mark.objects.filter(_is_of(act), task=OuterRef(OuterRef(task)))


def _other_than_teachers(*cohorts: str) -> Q:
    """Of roles: who has them teaches and taught none of the cohorts at these paths of the outer row."""
    those = Q()
    for cohort in cohorts:
        those |= Q(cohort=OuterRef(OuterRef(cohort)))
    return ~_teaches(those)


def _teaches(those: Q) -> Q:
    """Of roles: who has them, or one whose deputy that person is, teaches or taught a cohort. `those`: of rows with a cohort."""
    found = Q()
    taught: list[tuple[QuerySet[Any], str]] = [
        (Cohort.instructors.through.objects.filter(those), "user"),
        (FormerInstructor.objects.filter(those), "instructor"),
        (ClassSession.objects.filter(those, canceled_at=None), "instructor"),
    ]
    for rows, login in taught:
        lenders = Deputy.objects.current().filter(user=OuterRef(OuterRef("user"))).values("lent_from__user")
        found |= Q(Exists(rows.filter(Q(**{login: OuterRef("user")}) | Q(**{f"{login}__in": lenders}))))
    return found


def counted(tasks: QuerySet[MarkingTask], appeals: QuerySet[Appeal]) -> QuerySet[Any, dict[str, Any]]:
    """By center and kind: how many and since when, the oldest first. One statement."""
    answers = (
        tasks.order_by()
        .values("center")
        .annotate(kind=F("state"), count=Count("pk"), since=Min("created_at"))
    )
    waiting = (
        appeals.order_by()
        .values(where=F("attempt__enrollment__cohort__center"))
        .annotate(kind=Value(APPEAL), count=Count("pk"), since=Min("filed_at"))
    )
    both = cast("QuerySet[Any, dict[str, Any]]", answers.union(waiting, all=True))
    return both.order_by("since")


def missing_for(user: User) -> list[Missing]:
    """At the centers whose cohorts `user` manages, the oldest first. Two statements."""
    return missing_in(
        counted(
            fenced(answers_without_marker(), user=user, act=Act.MANAGE_COHORTS),
            fenced(appeals_without_assessor(), user=user, act=Act.MANAGE_COHORTS),
        ),
        user,
    )


def missing_in(rows: Iterable[dict[str, Any]], user: User) -> list[Missing]:
    """In the order of `rows`. One statement for centers, and one for those at which `user` gives roles."""
    found = list(rows)
    centers = Center.objects.in_bulk({row["center"] for row in found})
    may = set(centers_where(user, Act.MANAGE_MEMBERS).filter(pk__in=centers).values_list("pk", flat=True))
    return [
        Missing(centers[row["center"]], row["kind"], row["count"], row["since"], row["center"] in may)
        for row in found
    ]
