"""Taking a seat in a cohort, and giving it back."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping.requests import MemberRequest
from courses.enums import EnrollmentState, WaitingState
from courses.errors import AlreadyEnrolled, NotOnWaitingList
from courses.forms import GiveSeatBackForm
from courses.models import Cohort, Enrollment, ProgramPage, WaitingEntry
from courses.queries.enrollments import open_cohorts
from courses.queries.programs import program_in_language
from courses.queries.requirements import differing_promises, promised_in
from courses.queries.seats import overlapping_seat, place_in_program, seat_in, waiting_in
from courses.queries.timetable import weeks_of
from courses.services.enrollments import check_cohort, check_seat, enroll, give_seat_back
from courses.services.seats import ON_THE_LIST, join_waiting_list, leave_waiting_list, open_hold


def _shown_cohorts() -> QuerySet[Cohort]:
    return Cohort.objects.select_related("program", "center__governorate", "completion_rule")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_seat(request: HttpRequest, cohort: UUID) -> HttpResponse:
    """Ask to confirm the seat in this very cohort, then give it. A refusal offers the other cohorts.

    A visitor is sent to the sign-up, which takes the seat in the same request, or to the login and back to here.
    """
    row = get_object_or_404(_shown_cohorts(), public_id=cohort)
    program = program_in_language(row.program)
    if program is None:
        raise Http404
    if not request.user.is_authenticated:
        try:
            check_cohort(row)
        except DomainError as refusal:
            # Before anyone makes an account for it.
            return _refused(request, row, program, str(refusal))
        return redirect_to_login(request.path, reverse("account_signup"))
    return _seat_for(cast("MemberRequest", request), row, program)


def _seat_for(request: MemberRequest, cohort: Cohort, program: ProgramPage) -> HttpResponse:
    person_id = request.user.person_id
    if person_id is None:
        refusal = _("This login has no trainee record yet. Ask your center to add one.")
        return _refused(request, cohort, program, refusal)
    try:
        if request.method == "POST":
            enroll(person_id=person_id, cohort_id=cohort.pk, by=request.user)
            messages.success(request, _("You have a seat. Your lessons are open."))
            return redirect("courses:my_learning")
        check_seat(person_id=person_id, cohort_id=cohort.pk)
    except AlreadyEnrolled:
        own = seat_in(request.user, program)
        is_completed = own is not None and own.state == EnrollmentState.COMPLETED
        refusal = (
            _("You have already completed this program.")
            if is_completed
            else _("You are already enrolled in this program.")
        )
        return _refused(request, cohort, program, refusal, own=own)
    except DomainError as error:
        return _refused(request, cohort, program, str(error))
    context = {
        "cohort": cohort,
        "program": program,
        "week": weeks_of([cohort]).get(cohort.pk),
        "promised": promised_in(cohort),
        "overlapping": overlapping_seat(person_id, cohort),
        "hold": open_hold(person_id, cohort),
    }
    return render(request, "courses/seat.html", context)


def _refused(
    request: HttpRequest,
    cohort: Cohort,
    program: ProgramPage,
    refusal: str,
    *,
    own: Enrollment | None = None,
) -> HttpResponse:
    """The error, and links to alternatives."""
    # Anyone who is refused for want of a seat may wait for one.
    may_wait = not own and cohort.is_self_service and cohort.takes_people_today
    others = (
        []
        if own
        else [
            row for row in open_cohorts(program) if row != cohort and row.is_self_service and row.seats_left
        ]
    )
    context = {
        "cohort": cohort,
        "program": program,
        "refusal": refusal,
        "own": own,
        "may_wait": may_wait and not cohort.seats_left,
        "place": place_in_program(request.user, program),
        "others": others,
        "weeks": weeks_of(others),
        "differing": differing_promises([cohort, *others]),
        "today": timezone.localdate(),
        "may_choose": not isinstance(request.user, User) or request.user.person_id is not None,
    }
    return render(request, "courses/seat.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: MemberRequest, cohort: UUID) -> HttpResponse:
    """Ask whether the reader wants to wait for a seat in a full cohort, then put them at the end of its list."""
    row = get_object_or_404(_shown_cohorts(), public_id=cohort)
    program = program_in_language(row.program)
    person_id = request.user.person_id
    if program is None or person_id is None:
        raise Http404
    if row.seats_left:
        return redirect("courses:enroll", row.public_id)
    if row.waiting.filter(person=person_id, state__in=ON_THE_LIST).exists():
        messages.info(request, _("You are already on the waiting list."))
        return redirect("courses:my_learning")
    if request.method == "POST":
        try:
            join_waiting_list(person_id=person_id, cohort_id=row.pk, by=request.user)
            messages.success(request, _("You are on the waiting list."))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("courses:my_learning")
    context = {
        "cohort": row,
        "program": program,
        "week": weeks_of([row]).get(row.pk),
        "promised": promised_in(row),
        "waiting": waiting_in(row),
        "hours": settings.SEAT_OFFER_HOURS,
    }
    return render(request, "courses/wait.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave_list(request: MemberRequest, entry: UUID) -> HttpResponse:
    """Ask whether the reader leaves a waiting list, or declines the seat that was offered from it, then do so."""
    own = WaitingEntry.objects.filter(person__isnull=False, person=request.user.person_id)
    row = get_object_or_404(
        own.select_related("cohort__program", "cohort__center__governorate"), public_id=entry
    )
    if request.method == "POST":
        try:
            leave_waiting_list(entry_id=row.pk, by=request.user)
            messages.success(request, _("You left the waiting list."))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("courses:my_learning")
    if row.state not in ON_THE_LIST:
        messages.info(request, str(NotOnWaitingList()))
        return redirect("courses:my_learning")
    context = {
        "cohort": row.cohort,
        "program": program_in_language(row.cohort.program),
        "is_offered": row.state == WaitingState.OFFERED,
    }
    return render(request, "courses/leave_list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: MemberRequest, enrollment: UUID) -> HttpResponse:
    """Ask whether the reader's own seat is to be given back, then free it."""
    own = Enrollment.objects.filter(person__isnull=False, person=request.user.person_id)
    row = get_object_or_404(
        own.select_related("cohort__program", "cohort__center__governorate"), public_id=enrollment
    )
    form = GiveSeatBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            give_seat_back(enrollment_id=row.pk, by=request.user, **form.cleaned_data)
            messages.success(request, _("You gave your seat back. Your center is told."))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("courses:my_learning")
    if row.state != EnrollmentState.ACTIVE:
        messages.info(request, _("You no longer have this seat."))
        return redirect("courses:my_learning")
    context = {"cohort": row.cohort, "program": program_in_language(row.cohort.program), "form": form}
    return render(request, "courses/give_back.html", context)
