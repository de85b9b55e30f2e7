"""A unit as its trainee takes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.digits import is_decimal
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping.requests import MemberRequest
from accounts.scoping.seen import is_seen_by_staff
from courses.coverage import buckets_of, members
from courses.enums import CompletesBy, EnrollmentState
from courses.forms import ProgressReport
from courses.models import Enrollment, LessonPage, ProgramPage, UnitPage
from courses.queries.content import TaughtUnit, correction_for, taught_seconds, taught_unit
from courses.queries.enrollments import own_enrollment, readable_enrollment
from courses.queries.outline import (
    OutlineUnit,
    UnitState,
    outline,
    outlines,
    percent_of,
    progress_percent,
    unit_address,
)
from courses.queries.programs import is_studied_where, program_in_language
from courses.queries.progress import progress_of
from courses.queries.questions import readable_questions
from courses.queries.releases import Openness, openness_in
from courses.services.progress import complete_unit, open_unit, report_watched
from courses.views.catalog import breadcrumb_item
from media_pipeline.models import PublishedVersion
from media_pipeline.services.playback import Playback, sign_playback
from media_pipeline.services.revocations import viewer_of

# Digits of a number of seconds.
LONGEST_SECOND = 6


@dataclass(frozen=True)
class PlaceInOutline:
    """The position of a unit among the units of its cohort."""

    unit: OutlineUnit
    number: int
    previous: OutlineUnit | None
    next: OutlineUnit | None


def redirect_outsiders(request: HttpRequest, page: UnitPage) -> HttpResponse | None:
    """None for the unit's editors and teachers; for everyone else a redirect to the login or the program."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    if may_edit_or_teach(request.user, page):
        return None
    messages.info(request, _("This lesson is for trainees of the program. Choose a cohort to take a seat."))
    program = ProgramPage.objects.ancestor_of(page).live().first()
    if program is None:
        raise Http404
    return redirect(program.get_url(request))


def may_edit_or_teach(user: User, page: UnitPage) -> bool:
    """Who writes the unit reads it, and so do the staff of centers whose cohorts study it."""
    return page.permissions_for_user(user).can_edit() or is_studied_where(user, page)


def chosen_second(request: HttpRequest) -> int | None:
    """The place in the video to which a link leads (`?at=192`); None without one."""
    typed = request.GET.get("at", "")
    return int(typed) if is_decimal(typed) and len(typed) <= LONGEST_SECOND else None


def page_of_unit(request: HttpRequest, page: UnitPage) -> HttpResponse | None:
    """Trainees go to the unit as their cohort is taught it; who wrote or teaches it reads what is published. None: the page itself."""
    enrollment = readable_enrollment(request.user, page.translation_key)
    if enrollment:
        return redirect(unit_address(enrollment, page.translation_key))
    return redirect_outsiders(request, page)


@never_cache
def lesson(request: HttpRequest, page: LessonPage) -> HttpResponse:
    """A lesson as it is published, for its staff."""
    video = page.video()
    version = video.published if video else None
    context = {
        **page.get_context(request),
        "enrollment": None,
        "is_recorded": False,
        "position": 0,
        "watched_buckets": [],
        "progress_url": "",
        "percent": 0,
        "is_done_by_reading": page.completes_by() == CompletesBy.READING,
        "units": [],
        "place": None,
        "playback": _playback(version, request.user, is_counted=False),
        "trail": _trail(request, page, None),
    }
    return render(request, page.template, context)


@never_cache
@require_safe
def unit(request: HttpRequest, enrollment: UUID, unit_key: UUID) -> HttpResponse:
    """A unit as the cohort of an own enrollment is taught it."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    row = own_enrollment(request.user, enrollment)
    version = row.cohort.content_version if row else None
    taught = taught_unit(version, unit_key) if version else None
    if row is None or taught is None:
        raise Http404
    if openness := openness_in(row, unit_key):
        return _not_open_yet(request, row, taught.page, openness)
    taught.page.correction = correction_for(row, unit_key)
    if isinstance(taught.page, LessonPage):
        return _taught_lesson(request, row, taught)
    served: HttpResponse = taught.page.serve(request)
    return served


def _not_open_yet(
    request: HttpRequest, enrollment: Enrollment, page: UnitPage, openness: Openness
) -> HttpResponse:
    """When the unit opens, and where to go on meanwhile. Nothing of the unit but its title."""
    units = outline(enrollment)
    context = {
        "title": page.title,
        "openness": openness,
        "go_on": next((unit for unit in units if unit.state == UnitState.NOW), None),
        "trail": _trail(request, page, enrollment),
    }
    return render(request, "courses/unit_not_open.html", context)


def _taught_lesson(request: HttpRequest, enrollment: Enrollment, taught: TaughtUnit) -> HttpResponse:
    page, key = taught.page, taught.page.translation_key
    recorded = enrollment if enrollment.state == EnrollmentState.ACTIVE else None
    rows = progress_of([enrollment], with_watched=True)
    progress = rows[enrollment.pk].get(str(key)) if recorded else None
    if recorded and progress is None and not is_seen_by_staff():
        # The first time only: it takes the lock of the enrollment.
        progress = open_unit(enrollment_id=recorded.pk, unit_key=key)
        rows[recorded.pk][str(key)] = progress
    units = outlines([enrollment], rows)[enrollment.pk]
    asked = chosen_second(request)
    context = {
        **page.get_context(request),
        "enrollment": enrollment,
        "is_recorded": recorded is not None,
        "is_done_by_reading": page.completes_by() == CompletesBy.READING,
        "position": asked if asked is not None else progress.position if progress else 0,
        "watched_buckets": members(bytes(progress.watched)) if progress else [],
        "progress_url": reverse("courses:progress", args=[recorded.public_id, key]) if recorded else "",
        "units": units,
        "percent": percent_of(units),
        "place": place_in(units, key),
        # Signed for who is let in, to be counted: the trainee alone.
        "playback": None
        if is_seen_by_staff()
        else _playback(taught.video_version, request.user, is_counted=True),
        "trail": _trail(request, page, enrollment),
        "questions": readable_questions(enrollment, key).order_by().count(),
    }
    return render(request, page.template, context)


@require_POST
@login_required
def mark_done(request: MemberRequest, enrollment: UUID, unit_key: UUID) -> HttpResponse:
    """Mark a unit without video as done, and go on to the next."""
    row = _own_enrollment(request.user, enrollment)
    try:
        complete_unit(enrollment_id=row.pk, unit_key=unit_key)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    units = outline(row)
    place = place_in(units, unit_key)
    if place and place.unit.state == UnitState.DONE:
        messages.success(request, _done(place.unit, units))
    following = place.next if place else None
    return redirect(following.url if following and following.url else reverse("courses:my_learning"))


@require_POST
def report_progress(request: HttpRequest, enrollment: UUID, unit_key: UUID) -> JsonResponse:
    """Merge a player's report; answer the coverage, how far the program is, and which reported buckets were not credited yet."""
    row = _own_enrollment(request.user, enrollment)
    version = row.cohort.content_version
    seconds = taught_seconds(version, unit_key) if version else None
    if seconds is None:
        raise Http404
    try:
        report = ProgressReport.from_json(request.body)
        progress = report_watched(
            enrollment_id=row.pk,
            unit_key=unit_key,
            buckets=report.buckets,
            position=report.position,
            age=report.age,
            buckets_total=buckets_of(seconds),
        )
    except DomainError as refusal:
        return _problem(str(refusal))
    watched = set(members(bytes(progress.watched)))
    return JsonResponse(
        {
            "percent": progress.buckets_watched * 100 // progress.buckets_total,
            "completed": progress.completed_at is not None,
            "program_percent": progress_percent(row),
            "not_credited": sorted(set(report.buckets) - watched),
        }
    )


def _done(unit: OutlineUnit, units: Sequence[OutlineUnit]) -> str:
    """What was counted. The page it is read on is another unit's."""
    done = sum(unit.state == UnitState.DONE for unit in units)
    facts = {"title": unit.title, "done": done, "all": len(units)}
    return _("Lesson “%(title)s” is done. %(done)s of %(all)s units.") % facts


def place_in(units: Sequence[OutlineUnit], unit_key: UUID) -> PlaceInOutline | None:
    for number, unit in enumerate(units):
        if unit.unit_key == unit_key:
            return PlaceInOutline(
                unit=unit,
                number=number + 1,
                previous=units[number - 1] if number else None,
                next=units[number + 1] if number + 1 < len(units) else None,
            )
    return None


def _trail(request: HttpRequest, page: UnitPage, enrollment: Enrollment | None) -> list[dict[str, str]]:
    learning = {"title": _("My learning"), "url": reverse("courses:my_learning")}
    if enrollment:
        program = enrollment.cohort.program
        if get_language() != settings.LANGUAGE_CODE:
            program = program_in_language(program) or program
        own = {"title": page.title, "url": unit_address(enrollment, page.translation_key)}
        return [learning, breadcrumb_item(request, program), own]
    program = ProgramPage.objects.ancestor_of(page).only("title", "url_path").first()
    return [learning, breadcrumb_item(request, program), breadcrumb_item(request, page)]


def _own_enrollment(user: User | AnonymousUser, public_id: UUID) -> Enrollment:
    """The user's own enrollment. Raises `Http404` for another's."""
    person_id = getattr(user, "person_id", None)
    if person_id is None:
        raise Http404
    own = Enrollment.objects.select_related("cohort__content_version")
    return get_object_or_404(own, public_id=public_id, person=person_id)


def _playback(
    version: PublishedVersion | None, user: User | AnonymousUser, *, is_counted: bool
) -> Playback | None:
    """Signed addresses for who was let in; None where the lesson has no video or it is not ready."""
    if version is None:
        return None
    return sign_playback(video=version.video, version=version, viewer=viewer_of(user), is_counted=is_counted)


def _problem(detail: str) -> JsonResponse:
    """RFC 9457."""
    status = HTTPStatus.BAD_REQUEST
    problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    return JsonResponse(problem, status=status, content_type="application/problem+json")
