"""My learning, and taking a seat."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from accounts.services.offers import offers_for
from courses.enums import EnrollmentState, SessionKind
from courses.models import ClassSession, Cohort, Enrollment
from courses.queries import (
    OutlineUnit,
    Requirement,
    UnitState,
    enrollments_of,
    outlines,
    percent_of,
    requirements,
)
from courses.queries.programs import titles_in_language
from courses.queries.timetable import next_sessions
from courses.services import enroll


@dataclass(frozen=True)
class SessionLine:
    session: ClassSession
    # Where a live class is given; empty for a class in a room.
    room_url: str


@dataclass(frozen=True)
class LearningCard:
    """One enrollment as its trainee sees it."""

    enrollment: Enrollment
    title: str
    units: list[OutlineUnit]
    percent: int
    requirements: list[Requirement]
    sessions: list[SessionLine]

    @property
    def next_unit(self) -> OutlineUnit | None:
        return next((unit for unit in self.units if unit.state == UnitState.NOW and unit.url), None)

    @property
    def units_left(self) -> int:
        return sum(unit.state != UnitState.DONE for unit in self.units if unit.required)


@require_safe
@login_required
def my_learning(request: MemberRequest) -> HttpResponse:
    person = request.user.person
    enrollments = list(enrollments_of(person)) if person else []
    active = [row for row in enrollments if row.state == EnrollmentState.ACTIVE]
    context = {
        "cards": _cards(active),
        "past": _cards([row for row in enrollments if row.state != EnrollmentState.ACTIVE]),
        "is_offered_a_role": offers_for(request.user).exists(),
    }
    return render(request, "courses/my_learning.html", context)


@require_POST
def take_seat(request: HttpRequest, cohort: UUID) -> HttpResponse:
    """Enroll the person who is logged in; what refuses it is said on the program's page."""
    row = get_object_or_404(Cohort.objects.select_related("program"), public_id=cohort)
    program = row.program.localized
    if not program.live:
        raise Http404
    address = program.get_url(request)
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={address}")
    if request.user.person_id is None:
        messages.error(request, _("This login has no trainee record yet. Ask your center to add one."))
        return redirect(address)
    try:
        enroll(person_id=request.user.person_id, cohort_id=row.pk, by=request.user)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect(address)
    messages.success(request, _("You have a seat. Your lessons are open."))
    return redirect("courses:my_learning")


def _cards(enrollments: Iterable[Enrollment]) -> list[LearningCard]:
    enrollments = list(enrollments)
    studied = outlines(enrollments)
    titles = titles_in_language([row.cohort.program for row in enrollments], get_language())
    sessions = next_sessions([row.cohort_id for row in enrollments if row.state == EnrollmentState.ACTIVE])
    return [
        LearningCard(
            enrollment=row,
            title=titles[row.cohort.program.pk],
            units=studied[row.pk],
            percent=percent_of(studied[row.pk]),
            requirements=requirements(row) if row.state == EnrollmentState.ACTIVE else [],
            sessions=[SessionLine(held, _room_url(held)) for held in sessions.get(row.cohort_id, [])],
        )
        for row in enrollments
    ]


def _room_url(session: ClassSession) -> str:
    """The room of a live class. The `live` app, above this one, may not be installed."""
    if session.kind != SessionKind.LIVE:
        return ""
    try:
        return reverse("live:room", args=[session.public_id])
    except NoReverseMatch:
        return ""
