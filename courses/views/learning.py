"""My learning."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.scoping.requests import MemberRequest
from accounts.scoping.seen import as_far_as_seen
from accounts.services.offers import offers_for
from courses.enums import EnrollmentState
from courses.models import AttendanceRecord, ClassSession, Enrollment
from courses.queries.enrollments import enrollments_of
from courses.queries.outline import OutlineUnit, UnitState, opening_next, outlines, percent_of
from courses.queries.programs import titles_in_language
from courses.queries.progress import progress_of
from courses.queries.requirements import Requirement, requirements_of
from courses.queries.seats import places_in_line
from courses.queries.timetable import SHOWN_AHEAD, room_address_of, tests_at, timetables


@dataclass(frozen=True)
class SessionLine:
    session: ClassSession
    # Where a live class is given; empty for a class in a room.
    room_url: str
    # Where its attendance code is typed; empty while its code page is closed.
    check_in_url: str
    is_ahead: bool
    # Of an exam: the tests that are taken in it, as units of the trainee's program.
    tests: Sequence[OutlineUnit] = ()


@dataclass(frozen=True)
class LearningCard:
    """One enrollment as its trainee sees it."""

    enrollment: Enrollment
    title: str
    units: list[OutlineUnit]
    percent: int
    requirements: list[Requirement]
    # The whole timetable, canceled classes too.
    timetable: list[SessionLine]

    @property
    def sessions(self) -> list[SessionLine]:
        """What goes on or comes next."""
        return [line for line in self.timetable if line.is_ahead][:SHOWN_AHEAD]

    @property
    def next_unit(self) -> OutlineUnit | None:
        return next((unit for unit in self.units if unit.state == UnitState.NOW and unit.url), None)

    @property
    def opens_next(self) -> OutlineUnit | None:
        return opening_next(self.units)

    @property
    def units_left(self) -> int:
        return sum(unit.state != UnitState.DONE for unit in self.units if unit.required)


@require_safe
@login_required
def my_learning(request: MemberRequest) -> HttpResponse:
    person_id = request.user.person_id
    enrollments = list(enrollments_of(person_id)) if person_id else []
    cards = _cards(enrollments)
    context = {
        "to_check_in": _open_codes(cards),
        "cards": [card for card in cards if card.enrollment.state == EnrollmentState.ACTIVE],
        "past": [card for card in cards if card.enrollment.state != EnrollmentState.ACTIVE],
        "places": places_in_line(person_id) if person_id else [],
        "is_offered_a_role": as_far_as_seen(offers_for(request.user)).exists(),
    }
    return render(request, "courses/my_learning.html", context)


def _open_codes(cards: Sequence[LearningCard]) -> list[SessionLine]:
    """The sessions whose code is shown in the room now, of all programs, without those where the trainee is marked already."""
    lines = [line for card in cards for line in card.timetable if line.is_ahead and line.check_in_url]
    if not lines:
        return []
    marked = set(
        AttendanceRecord.objects.filter(
            session__in=[line.session.pk for line in lines],
            enrollment__in=[card.enrollment.pk for card in cards],
            is_current=True,
        ).values_list("session", flat=True)
    )
    return [line for line in lines if line.session.pk not in marked]


def _cards(enrollments: Sequence[Enrollment]) -> list[LearningCard]:
    """In as many queries as for one enrollment."""
    active = [row for row in enrollments if row.state == EnrollmentState.ACTIVE]
    progress = progress_of(enrollments)
    studied = outlines(enrollments, progress)
    titles = titles_in_language([row.cohort.program for row in enrollments], get_language())
    sessions = timetables([row.cohort_id for row in active])
    tests = tests_at(
        [held.pk for those in sessions.values() for held in those if held.is_exam and not held.canceled_at]
    )
    clauses = requirements_of(active, progress)
    return [
        LearningCard(
            enrollment=row,
            title=titles[row.cohort.program.pk],
            units=studied[row.pk],
            percent=percent_of(studied[row.pk]),
            requirements=clauses.get(row.pk, []),
            timetable=_lines(sessions.get(row.cohort_id, []), studied[row.pk], tests)
            if row.state == EnrollmentState.ACTIVE
            else [],
        )
        for row in enrollments
    ]


def _lines(
    sessions: Iterable[Any], units: Iterable[OutlineUnit], tests: Mapping[int, Sequence[UUID]]
) -> list[SessionLine]:
    """`sessions`: as `timetables` yields them."""
    studied = {unit.unit_key: unit for unit in units if unit.url}
    return [
        SessionLine(
            session,
            room_address_of(session),
            reverse("courses:check_in", args=[session.public_id]) if session.has_code else "",
            is_ahead=session.is_ahead,
            tests=[studied[key] for key in tests.get(session.pk, ()) if key in studied],
        )
        for session in sessions
    ]
