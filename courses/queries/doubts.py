"""Completions that the evidence no longer supports, with what was changed since it did."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from operator import attrgetter

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import acts_held, fenced
from accounts.scoping.hands import hands_of, is_of_one_hand, is_own
from accounts.services.formatting import format_percent
from courses.enums import EnrollmentState
from courses.models import (
    AttendanceRecord,
    ConfirmedCompletion,
    Eligibility,
    Enrollment,
    PracticalResult,
    ScoreCorrection,
)
from courses.queries.content import units_of
from courses.queries.requirements import title_of
from courses.queries.timetable import teachers_of_enrollment

# Changes that a page shows; it counts the others.
MOST_CHANGES = 10


class Evidence(Enum):
    """What kind of record was changed: other people correct each."""

    SCORE = auto()
    ATTENDANCE = auto()
    PRACTICE = auto()


@dataclass(frozen=True)
class Change:
    """What was changed, and by whom. `before` is empty where nothing was there, `url` is the page where it is corrected, empty where there is none any more."""

    kind: Evidence
    url: str
    at: dt.datetime
    what: str
    before: str
    after: str
    by: User | None
    reason: str


@dataclass(frozen=True)
class Doubt:
    """`changes` since the completion, the newest first. The evidence may have met the rule after some of them, and together it does not."""

    enrollment: Enrollment
    changes: list[Change]

    @property
    def shown(self) -> list[Change]:
        return self.changes[:MOST_CHANGES]

    @property
    def left_out(self) -> int:
        return len(self.changes) - len(self.shown)


def completions_in_doubt(user: User) -> QuerySet[Enrollment]:
    """Completed enrollments whose newest evaluation does not meet the rule and was not looked at, where `user` approves certificates."""
    if Act.APPROVE_CERTIFICATES not in acts_held(user):
        return Enrollment.objects.none()
    return fenced(in_doubt(Enrollment.objects.all()), user=user, act=Act.APPROVE_CERTIFICATES)


def in_doubt(enrollments: QuerySet[Enrollment]) -> QuerySet[Enrollment]:
    """Keep completed ones whose newest evaluation does not meet the rule, unless somebody confirmed the completion after it."""
    evaluated = Eligibility.objects.filter(enrollment=OuterRef("pk")).order_by("-evaluated_at", "-pk")
    confirmed = ConfirmedCompletion.objects.filter(eligibility=OuterRef("newest"))
    completed = enrollments.filter(state=EnrollmentState.COMPLETED).annotate(
        is_met=Subquery(evaluated.values("met")[:1]), newest=Subquery(evaluated.values("pk")[:1])
    )
    rows = completed.filter(~Exists(confirmed), is_met=False)
    return rows.select_related(
        "person", "cohort__program", "cohort__content_version", "cohort__completion_rule"
    ).order_by("-completed_at", "pk")


def is_in_doubt(enrollment: Enrollment) -> bool:
    """At most one query."""
    if enrollment.state != EnrollmentState.COMPLETED:
        return False
    return in_doubt(Enrollment.objects.filter(pk=enrollment.pk)).exists()


def doubts(enrollments: Collection[Enrollment]) -> list[Doubt]:
    """What was changed in enrollments since they were completed. Three queries, however many enrollments."""
    by_pk = {enrollment.pk: enrollment for enrollment in enrollments}
    changes: dict[int, list[Change]] = defaultdict(list)
    for source in (_scores, _attendance, _practice):
        for key, change in source(by_pk):
            since = by_pk[key].completed_at
            if since is None or change.at > since:
                changes[key].append(change)
    return [
        Doubt(enrollment, sorted(changes[enrollment.pk], key=attrgetter("at"), reverse=True))
        for enrollment in enrollments
    ]


def is_of_own_doing(enrollment: Enrollment, user: User) -> bool:
    """Whether a user made a change that put a completion in doubt, taught the cohort, or is the person. Four queries."""
    if is_own(user, enrollment.person_id):
        return True
    (doubt,) = doubts([enrollment])
    changers = {change.by.pk for change in doubt.changes if change.by is not None}
    return is_of_one_hand(user, changers, Act.ASSESS) or not hands_of(user).isdisjoint(
        teachers_of_enrollment(enrollment)
    )


def _scores(enrollments: Mapping[int, Enrollment]) -> Iterator[tuple[int, Change]]:
    rows = ScoreCorrection.objects.filter(progress__enrollment__in=enrollments)
    for row in rows.select_related("progress", "by").defer("progress__watched"):
        key = row.progress.enrollment_id
        unit = str(row.progress.unit_key)
        titles = {unit["unit"]: unit["titles"] for unit in units_of(enrollments[key].cohort)}
        yield (
            key,
            Change(
                kind=Evidence.SCORE,
                url=reverse("enrollment:correct", args=[key, unit]) if unit in titles else "",
                at=row.at,
                what=title_of(titles[unit]) if unit in titles else gettext("A unit that was taken out"),
                before=_result(row.from_score, passed=row.from_passed),
                after=_result(row.to_score, passed=row.to_passed),
                by=row.by,
                reason=row.reason,
            ),
        )


def _attendance(enrollments: Mapping[int, Enrollment]) -> Iterator[tuple[int, Change]]:
    rows = AttendanceRecord.objects.filter(enrollment__in=enrollments, amends__isnull=False)
    for row in rows.select_related("session", "amends", "recorded_by"):
        yield (
            row.enrollment_id,
            Change(
                kind=Evidence.ATTENDANCE,
                url=reverse("classsession:attendance", args=[row.session_id]),
                at=row.recorded_at,
                what=gettext("Attendance: %(session)s") % {"session": row.session.title},
                before=row.amends.get_status_display() if row.amends else "",
                after=row.get_status_display(),
                by=row.recorded_by,
                reason=row.reason,
            ),
        )


def _practice(enrollments: Mapping[int, Enrollment]) -> Iterator[tuple[int, Change]]:
    before: dict[tuple[int, str], str] = {}
    rows = PracticalResult.objects.filter(enrollment__in=enrollments)
    for row in rows.select_related("by").order_by("at", "pk"):
        key = row.enrollment_id
        rule = enrollments[key].cohort.completion_rule
        titles = {task.code: title_of(task.titles) for task in rule.asks.practice.tasks} if rule else {}
        after = _result(row.score, passed=row.passed)
        yield (
            key,
            Change(
                kind=Evidence.PRACTICE,
                url=reverse("enrollment:practice", args=[key]),
                at=row.at,
                what=titles.get(row.task_code, row.task_code),
                before=before.get((key, row.task_code), ""),
                after=after,
                by=row.by,
                reason=row.remark,
            ),
        )
        before[key, row.task_code] = after


def _result(score: Decimal | int | None, *, passed: bool | None) -> str:
    if score is None:
        return ""
    said = gettext("passed") if passed else gettext("not passed")
    return gettext("%(score)s, %(passed)s") % {"score": format_percent(score), "passed": said}
