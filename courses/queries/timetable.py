"""Queries of timetables."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise

from accounts.enums import Act
from accounts.models import Deputy, User
from accounts.scoping.hands import lent_in
from courses.enums import SessionKind
from courses.models import AttendanceCode, ClassSession, Cohort, Enrollment, FormerInstructor, Transfer

SHOWN_AHEAD = 3
# A timetable with more kinds of days than these is not one of a week.
HOURS_OF_A_WEEK = 2


@dataclass(frozen=True)
class WeeklyHours:
    """Days of the week with the same hours. `days` are numbered as in `date.weekday`, from Saturday on."""

    days: tuple[int, ...]
    begins: dt.time
    ends: dt.time

    @property
    def day_names(self) -> list[str | Promise]:
        return [WEEKDAYS[day] for day in self.days]


@dataclass(frozen=True)
class Week:
    """When a cohort meets: the `hours` of its week, or where its timetable has none, the next session."""

    hours: list[WeeklyHours]
    next_session: ClassSession | None


_ENDED: list[Callable[[], QuerySet[ClassSession]]] = []


def register_ended(sessions: Callable[[], QuerySet[ClassSession]]) -> Callable[[], QuerySet[ClassSession]]:
    """Ask this query, too, which sessions are over, whatever their planned end. A decorator for apps above."""
    _ENDED.append(sessions)
    return sessions


_TESTS: list[Callable[[Collection[int]], Mapping[int, Sequence[UUID]]]] = []


def register_tests(
    tests: Callable[[Collection[int]], Mapping[int, Sequence[UUID]]],
) -> Callable[[Collection[int]], Mapping[int, Sequence[UUID]]]:
    """Ask this query, too, which tests are taken in exams: the keys of their units, by the keys of the sessions. A decorator for apps above."""
    _TESTS.append(tests)
    return tests


def tests_at(sessions: Collection[int]) -> dict[int, list[UUID]]:
    """The keys of the units that are taken in exams, by the keys of the sessions. None: no query."""
    found: dict[int, list[UUID]] = defaultdict(list)
    for tests in _TESTS if sessions else ():
        for session, keys in tests(sessions).items():
            found[session] += keys
    return found


_BEGUN: list[Callable[[int], bool]] = []


def register_begun(has_begun: Callable[[int], bool]) -> Callable[[int], bool]:
    """Ask this query, too, whether a test may be started in an exam, by the key of the session. A decorator for apps above."""
    _BEGUN.append(has_begun)
    return has_begun


_LONGEST: list[Callable[[ClassSession], tuple[str, int] | None]] = []


def register_longest(
    longest: Callable[[ClassSession], tuple[str, int] | None],
) -> Callable[[ClassSession], tuple[str, int] | None]:
    """Ask this query, too, for the title and the minutes of the longest test that is taken in an exam. A decorator for apps above."""
    _LONGEST.append(longest)
    return longest


def longest_test_at(session: ClassSession) -> tuple[str, int] | None:
    """Its title, and the minutes of its time limit; None where none is taken there, or none has a limit. Of a class no query."""
    found = [one for longest in _LONGEST if session.is_exam and (one := longest(session))]
    return max(found, key=lambda one: one[1], default=None)


def has_exam_begun(session: ClassSession) -> bool:
    """Whether people sit there. Of a class no query."""
    return session.is_exam and any(has_begun(session.pk) for has_begun in _BEGUN)


def ahead(sessions: QuerySet[ClassSession], *, at: dt.datetime | None = None) -> QuerySet[ClassSession]:
    """Keep what goes on or is to come: now, or at a moment."""
    sessions = sessions.filter(ends_at__gt=at or timezone.now(), canceled_at__isnull=True)
    for ended in _ENDED:
        sessions = sessions.exclude(pk__in=ended().order_by().values("pk"))
    return sessions


def over(sessions: QuerySet[ClassSession]) -> QuerySet[ClassSession]:
    """Keep what has ended: by the timetable, or earlier (`register_ended`)."""
    # Not by excluding `ahead(sessions)`: an `OuterRef` of what is given would be read one query deeper there, as of another row.
    has_ended = Q(ends_at__lte=timezone.now())
    for ended in _ENDED:
        has_ended |= Q(pk__in=ended().order_by().values("pk"))
    return sessions.filter(has_ended, canceled_at__isnull=True)


def weeks_of(cohorts: Iterable[Cohort]) -> dict[int, Week]:
    """When cohorts meet, by their pk. One without sessions is left out. One query."""
    held: dict[int, list[ClassSession]] = defaultdict(list)
    following: dict[int, ClassSession] = {}
    sessions = (
        ClassSession.objects.filter(cohort__in=[cohort.pk for cohort in cohorts], canceled_at__isnull=True)
        .annotate(is_ahead=Exists(ahead(ClassSession.objects.filter(pk=OuterRef("pk")))))
        .only("cohort_id", "starts_at", "ends_at")
        .order_by("starts_at", "pk")
    )
    for session in sessions:
        held[session.cohort_id].append(session)
        if session.is_ahead:
            following.setdefault(session.cohort_id, session)
    return {pk: Week(_weekly_hours(rows), following.get(pk)) for pk, rows in held.items()}


def _weekly_hours(sessions: list[ClassSession]) -> list[WeeklyHours]:
    """The hours that most sessions keep, week by week; empty where they keep none."""
    counted = Counter(
        (begins.weekday(), begins.time(), timezone.localtime(session.ends_at).time())
        for session in sessions
        for begins in [timezone.localtime(session.starts_at)]
    )
    kept = {slot: times for slot, times in counted.items() if times > 1}
    if sum(kept.values()) * 2 <= len(sessions):
        return []
    days: dict[tuple[dt.time, dt.time], list[int]] = defaultdict(list)
    # From Saturday on.
    for day, begins, ends in sorted(kept, key=lambda slot: ((slot[0] + 2) % 7, *slot[1:])):
        days[begins, ends].append(day)
    hours = [WeeklyHours(tuple(numbers), *times) for times, numbers in days.items()]
    return hours if len(hours) <= HOURS_OF_A_WEEK else []


def next_sessions(cohort_ids: Iterable[int]) -> dict[int, list[ClassSession]]:
    """The sessions each cohort holds now or next, at most `SHOWN_AHEAD` of each, by cohort pk. One query."""
    turn = Window(RowNumber(), partition_by=F("cohort_id"), order_by=F("starts_at").asc())
    coming = (
        ahead(ClassSession.objects.filter(cohort__in=list(cohort_ids)))
        .select_related("venue", "instructor")
        .annotate(turn=turn)
        .filter(turn__lte=SHOWN_AHEAD)
        .order_by("starts_at")
    )
    by_cohort: dict[int, list[ClassSession]] = defaultdict(list)
    for session in coming:
        by_cohort[session.cohort_id].append(session)
    return by_cohort


def days_to_print(cohort: Cohort, most: int) -> list[ClassSession]:
    """The sessions in a place that a sheet is printed for: from today on, or the last ones where none is to come."""
    held = cohort.sessions.for_attendance().filter(canceled_at__isnull=True).exclude(kind=SessionKind.LIVE)
    coming = held.filter(starts_at__date__gte=timezone.localdate()).order_by("starts_at", "pk")
    return list(coming[:most]) or list(held.order_by("-starts_at", "-pk")[:most])[::-1]


def timetables(cohort_ids: Iterable[int]) -> dict[int, list[ClassSession]]:
    """Every session of each cohort in order of time, canceled ones too, by cohort pk; `is_ahead` where it goes on or is to come,
    `has_code` where a code page is open. One query.
    """
    open_codes = AttendanceCode.objects.filter(session=OuterRef("pk"), closed_at__isnull=True)
    found = (
        ClassSession.objects.filter(cohort__in=list(cohort_ids))
        .select_related("venue")
        .annotate(
            is_ahead=Exists(ahead(ClassSession.objects.filter(pk=OuterRef("pk")))),
            has_code=Exists(open_codes),
        )
        .order_by("starts_at", "pk")
    )
    by_cohort: dict[int, list[ClassSession]] = defaultdict(list)
    for session in found:
        by_cohort[session.cohort_id].append(session)
    return by_cohort


def likely_exam(cohort: Cohort) -> dict[str, Any]:
    """What the form of a new exam may begin with: the hours and the room of the last session that has a room, on the day after the last
    one of the timetable, today at the earliest and the last day of the cohort at the latest. Empty without such a session.
    """
    held = ClassSession.objects.filter(cohort=cohort, canceled_at=None).exclude(kind=SessionKind.LIVE)
    last = held.filter(venue__isnull=False).order_by("starts_at", "pk").last()
    if last is None:
        return {}
    final = held.order_by("starts_at").values_list("starts_at", flat=True).last() or last.starts_at
    day = max(timezone.localdate(final), timezone.localdate()) + dt.timedelta(days=1)
    day = max(min(day, cohort.ends_on), timezone.localdate())
    starts_at, length = timezone.localtime(last.starts_at), last.ends_at - last.starts_at
    begins = timezone.make_aware(dt.datetime.combine(day, starts_at.time()))
    return {"venue": last.venue_id, "starts_at": begins, "ends_at": begins + length}


def on_day(sessions: QuerySet[ClassSession], day: dt.date) -> QuerySet[ClassSession]:
    """Keep what is held and begins on a day of the site's own time zone."""
    return sessions.filter(starts_at__date=day, canceled_at__isnull=True).order_by("starts_at")


def room_address_of(session: ClassSession) -> str:
    """The path of the room of a live class, empty for others. The `live` app, above this one, may not be installed."""
    if session.kind != SessionKind.LIVE:
        return ""
    try:
        return reverse("live:room", args=[session.public_id])
    except NoReverseMatch:
        return ""


_TEACHERS: list[Callable[[Collection[int]], QuerySet[Any, int]]] = []


def register_teachers(
    logins: Callable[[Collection[int]], QuerySet[Any, int]],
) -> Callable[[Collection[int]], QuerySet[Any, int]]:
    """Ask this query, too, for the keys of the logins who teach cohorts, by the keys of these. A decorator for apps above."""
    _TEACHERS.append(logins)
    return logins


def cohorts_taught_by(user: User) -> QuerySet[Any, Any]:
    """Keys of the cohorts that name `user` as an instructor, or one whose deputy `user` is as an instructor there."""
    named = Cohort.instructors.through.objects.order_by()
    lent = lent_in(user, Act.TEACH, lender="user", center="cohort__center")
    return named.filter(Q(user=user) | lent).values("cohort")


def given_by(user: User) -> Q:
    """The sessions that name `user` or one whose deputy `user` is, and those of the cohorts that they teach."""
    lent = lent_in(user, Act.TEACH, lender="instructor", center="cohort__center")
    return Q(instructor=user) | lent | Q(cohort__in=cohorts_taught_by(user))


def teachers_of(cohort: Cohort) -> set[int]:
    """Keys of the logins who teach or taught a cohort: its instructors and those of its sessions, substitutes, and who was
    taken off after it began. Their deputies, too, who gave classes in their place.

    One query.
    """
    return teachers_in([cohort.pk])


def teachers_of_enrollment(enrollment: Enrollment) -> set[int]:
    """As `teachers_of`, for every cohort that the enrollment was in. One query, one more after a transfer."""
    earlier = enrollment.transfers.values_list("from_cohort", flat=True) if enrollment.transferred_at else ()
    return teachers_in([enrollment.cohort_id, *earlier])


def teachers_of_enrollments(enrollments: Iterable[Enrollment]) -> set[int]:
    """As `teachers_of_enrollment`, of many together. One query, one more where some were moved."""
    those = list(enrollments)
    cohorts = {one.cohort_id for one in those}
    if moved := [one.pk for one in those if one.transferred_at]:
        cohorts.update(Transfer.objects.filter(enrollment__in=moved).values_list("from_cohort", flat=True))
    return teachers_in(cohorts)


def teachers_in(cohorts: Collection[int]) -> set[int]:
    """As `teachers_of`, of several cohorts by their keys, together. One query."""
    listed = Cohort.instructors.through.objects.filter(cohort__in=cohorts).order_by()
    sessions = ClassSession.objects.filter(
        cohort__in=cohorts, canceled_at__isnull=True, instructor__isnull=False
    )
    former = FormerInstructor.objects.filter(cohort__in=cohorts).order_by()
    elsewhere = [logins(cohorts) for logins in _TEACHERS]
    begun = Cohort.objects.filter(pk__in=cohorts).order_by("starts_on").values("starts_on")[:1]
    # Who was the deputy of one of them since the cohort began may have taught it.
    stood_in = (
        Deputy.objects.able_to(Act.TEACH)
        .filter(Q(ended_at=None) | Q(ended_at__date__gte=F("since")), since__lte=timezone.localdate())
        .filter(
            Q(lent_from__user__in=listed.values("user"))
            | Q(lent_from__user__in=sessions.order_by().values("instructor"))
            | Q(lent_from__user__in=former.values("instructor")),
            until__gte=Subquery(begun),
        )
        .order_by()
    )
    found = listed.values_list("user", flat=True).union(
        sessions.order_by().values_list("instructor", flat=True),
        former.values_list("instructor", flat=True),
        stood_in.values_list("user", flat=True),
        *elsewhere,
    )
    return set(found)
