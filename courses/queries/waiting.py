"""Rows that wait for an act of staff, for the home page of the workplace (`courses.work`). Unfenced; each is one statement."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import (
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.enums import ContactKind
from accounts.models import Center, Consent, Contact, IdentityDocument, Person, User
from accounts.scoping.hands import hands_shown
from accounts.services.consents import GUARDIAN
from accounts.services.guardians import OF_AGE
from courses.enums import AttendanceStatus, CohortState, EnrollmentState, SessionKind
from courses.models import (
    AttendanceRecord,
    ClassSession,
    Cohort,
    CompletionRule,
    Enrollment,
    FormerInstructor,
    PracticalResult,
    ProgramPage,
    UnitProgress,
)
from courses.queries.cohorts import SEATS_FREE, giving_seats
from courses.queries.timetable import over

# A sheet that is open for longer is the auditor's.
OLD_SHEET = dt.timedelta(days=7)
STARTS_WITHIN = dt.timedelta(days=7)
_PRESENT = (AttendanceStatus.PRESENT, AttendanceStatus.LATE)


_MARKED_BLIND: list[Callable[[], Exists]] = []


def register_marked_blind(rows: Callable[[], Exists]) -> Callable[[], Exists]:
    """Name progress in units, the row of the query around it, whose work people mark without knowing whose it is. A decorator for apps above."""
    _MARKED_BLIND.append(rows)
    return rows


def work_to_mark() -> QuerySet[UnitProgress]:
    """Work that waits for a mark and may be shown with its person to those who give it, who waited first first."""
    waiting = UnitProgress.objects.filter(
        awaits_mark_since__isnull=False, enrollment__state=EnrollmentState.ACTIVE
    )
    for rows in _MARKED_BLIND:
        waiting = waiting.exclude(rows())
    return waiting.order_by("awaits_mark_since", "pk")


def open_sheets() -> QuerySet[ClassSession]:
    """Sessions that are over, of cohorts with people, whose sheet is not locked. Live classes lock theirs by themselves; those of a
    closed cohort change with a reason only.
    """
    people = Enrollment.objects.filter(cohort=OuterRef("cohort")).exclude(state=EnrollmentState.WITHDRAWN)
    sessions = ClassSession.objects.for_attendance().filter(locked_at=None).exclude(kind=SessionKind.LIVE)
    sessions = sessions.exclude(cohort__state=CohortState.CLOSED)
    return over(sessions).filter(Exists(people)).order_by("starts_at", "pk")


def learners() -> QuerySet[Person]:
    """People who have a seat now, who came first first."""
    seats = Enrollment.objects.filter(person=OuterRef("pk"), state=EnrollmentState.ACTIVE)
    return (
        Person.objects.filter(Exists(seats))
        .annotate(seated_at=Subquery(seats.order_by("enrolled_at").values("enrolled_at")[:1]))
        .order_by("seated_at", "pk")
    )


def learners_without_phone() -> QuerySet[Person]:
    """No number of their own, of their login, or of their guardian: no one can call them when a class is off."""
    numbers = Contact.objects.current().filter(kind=ContactKind.PHONE)
    return (
        learners()
        .filter(~Exists(numbers.filter(person=OuterRef("pk"))))
        .filter(~Exists(numbers.filter(person=OuterRef("guardian"))))
        .exclude(pk__in=User.objects.filter(person__isnull=False).exclude(phone=None).values("person"))
    )


def learners_without_document() -> QuerySet[Person]:
    return learners().filter(~Exists(IdentityDocument.objects.filter(person=OuterRef("pk"))))


def minors_without_guardian() -> QuerySet[Person]:
    """As `accounts.services.guardians.age_obstacle`: no one is of age whose birth date is not known."""
    agreed = Consent.objects.filter(person=OuterRef("pk"), purpose=GUARDIAN, withdrawn_at=None)
    is_young = Q(birth_date__gt=_born_before_to_be_of_age(timezone.localdate()))
    minors = learners().filter(is_young | Q(birth_date=None))
    return minors.filter(Q(guardian=None) | ~Exists(agreed))


def _born_before_to_be_of_age(today: dt.date) -> dt.date:
    # 18 years before 29 February there was none: who was born on 1 March then is not of age.
    is_leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - OF_AGE, day=28 if is_leap_day else today.day)


def starting_with_free_seats() -> QuerySet[Cohort]:
    """Cohorts that give seats and start within a week."""
    today = timezone.localdate()
    return (
        giving_seats()
        .filter(starts_on__range=(today, today + STARTS_WITHIN))
        .annotate(free=SEATS_FREE)
        .filter(free__gt=0)
        .order_by("starts_on", "code")
    )


def cohorts_to_close() -> QuerySet[Cohort]:
    """Their last day is over and they are not closed, so that no enrollment ends as completed or not."""
    ended = Cohort.objects.filter(ends_on__lt=timezone.localdate()).exclude(state=CohortState.CLOSED)
    return ended.order_by("ends_on", "code")


def cohorts_to_start() -> QuerySet[Cohort]:
    """Their first day is past, their last one is not, and they were not started: they still give seats and no attendance is asked of anyone."""
    today = timezone.localdate()
    waiting = Cohort.objects.filter(state__in=(CohortState.PLANNED, CohortState.OPEN))
    return waiting.filter(starts_on__lt=today, ends_on__gte=today).order_by("starts_on", "code")


def with_low_attendance() -> QuerySet[Cohort]:
    """Running cohorts whose people together attended less than the rule asks of each, the first to end first.

    Counted as the evidence counts, an excused absence not at all; but sessions of which nothing is recorded yet are left out: their sheet
    is open, which is another line.
    """
    people = Enrollment.objects.filter(cohort=OuterRef("pk"), state=EnrollmentState.ACTIVE)
    recorded = AttendanceRecord.objects.filter(session=OuterRef("pk"), is_current=True)
    held = over(ClassSession.objects.for_attendance().filter(Exists(recorded), cohort=OuterRef("pk")))
    records = AttendanceRecord.objects.filter(
        is_current=True,
        enrollment__cohort=OuterRef("pk"),
        enrollment__state=EnrollmentState.ACTIVE,
        session__in=over(ClassSession.objects.all()).order_by().values("pk"),
    )
    asked = _number_in_json("completion_rule__clauses", '$[*] ? (@.kind == "attendance").percent')
    return (
        Cohort.objects.filter(state=CohortState.RUNNING)
        .annotate(
            asked=asked,
            attended=number_of(records.filter(status__in=_PRESENT)),
            due=number_of(people) * number_of(held)
            - number_of(records.filter(status=AttendanceStatus.EXCUSED)),
        )
        .filter(due__gt=0, asked__gt=0, attended__lt=F("due") * F("asked") / 100.0)
        .order_by("ends_on", "code")
    )


def awaiting_practice(assessor: User) -> QuerySet[Enrollment]:
    """People in cohorts that have begun who have not passed every practical task of the rule, where `assessor` neither teaches
    nor taught. `passed_tasks` of `tasks`; the newest result of a task counts.
    """
    newer = PracticalResult.objects.filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")),
        enrollment=OuterRef("enrollment"),
        task_code=OuterRef("task_code"),
    )
    passed = PracticalResult.objects.filter(~Exists(newer), enrollment=OuterRef("pk"), passed=True)
    tasks = Func(
        _json("cohort__completion_rule__clauses", '$[*] ? (@.kind == "practice").tasks[*]'),
        function="jsonb_array_length",
        output_field=IntegerField(),
    )
    hands = hands_shown(assessor)
    listed = Cohort.instructors.through.objects.filter(user__in=hands).order_by()
    taught = Q(cohort__in=listed.values("cohort")) | Q(
        cohort__in=ClassSession.objects.filter(instructor__in=hands, canceled_at=None)
        .order_by()
        .values("cohort")
    )
    taught |= Q(cohort__in=FormerInstructor.objects.filter(instructor__in=hands).order_by().values("cohort"))
    rows = Enrollment.objects.filter(
        state=EnrollmentState.ACTIVE,
        cohort__state=CohortState.RUNNING,
        cohort__completion_rule__clauses__contains=[{"kind": "practice"}],
    ).exclude(taught)
    return (
        rows.exclude(person__user__in=hands)
        .annotate(tasks=tasks, passed_tasks=number_of(passed))
        .filter(passed_tasks__lt=F("tasks"))
        .order_by("cohort__ends_on", "cohort__code", "person__folded_name", "pk")
    )


def programs_without_rule() -> QuerySet[ProgramPage]:
    """Published, and no one can complete them. Rules are of the page in the source language."""
    programs = ProgramPage.objects.filter(live=True, locale__language_code=settings.LANGUAGE_CODE)
    rules = CompletionRule.objects.filter(program__translation_key=OuterRef("translation_key"))
    return programs.filter(~Exists(rules)).order_by("first_published_at", "pk")


def idle_centers() -> QuerySet[Center]:
    """Centers with running cohorts and no session in this week, which begins on Saturday."""
    today = timezone.localdate()
    # Saturday is day 5 of Python's week.
    saturday = today - dt.timedelta(days=(today.weekday() + 2) % 7)
    cohorts = Cohort.objects.filter(
        center=OuterRef("pk"), state=CohortState.RUNNING, starts_on__lte=today, ends_on__gte=today
    )
    sessions = ClassSession.objects.filter(
        cohort__center=OuterRef("pk"),
        canceled_at=None,
        starts_at__date__range=(saturday, saturday + dt.timedelta(days=6)),
    )
    return Center.objects.filter(Exists(cohorts), ~Exists(sessions), is_active=True).order_by("code")


def number_of(rows: QuerySet[Any]) -> Coalesce:
    """How many different rows there are for the row of the query around them."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(number=Count("pk", distinct=True))
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)


def _json(field: str, path: str) -> Func:
    """The array of what a JSON path finds in a field."""
    template = "jsonb_path_query_array(%(expressions)s::jsonpath)"
    return Func(F(field), Value(path), template=template, output_field=JSONField())


def _number_in_json(field: str, path: str) -> Coalesce:
    """The first whole number that a JSON path finds in a field; 0 where there is none."""
    template = "(jsonb_path_query_first(%(expressions)s::jsonpath) #>> '{}')::integer"
    return Coalesce(Func(F(field), Value(path), template=template, output_field=IntegerField()), 0)
