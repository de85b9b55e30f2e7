"""Lessons made of recordings, and what is shown next to them."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from courses.models import LessonPage, UnitPage
from courses.queries.content import taught_unit
from courses.queries.enrollments import readable_enrollment
from courses.queries.releases import openness_in
from live.enums import LiveState
from live.forms import LessonForm
from live.models import RecordedLesson
from live.queries.admission import is_removed
from live.queries.recordings import courses_for, recorded_lessons_of
from live.queries.replay import lesson_recorded, replay_of, whole_recording
from live.queries.video import recording_of
from live.services.lessons import ask_for_lesson
from live.services.recording_consent import acknowledge_recording
from live.views.access import session_for, staffed_session
from media_pipeline.services.revocations import viewer_of


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def lesson(request: MemberRequest, public_id: str) -> HttpResponse:
    """Make a lesson of an ended class; for its staff."""
    session = staffed_session(request, public_id)
    if session.state != LiveState.ENDED:
        raise Http404
    courses = courses_for(session, request.user)
    form = LessonForm(request.POST or None, courses=courses, initial={"title": session.class_session.title})
    if request.method == "POST" and form.is_valid():
        try:
            made = ask_for_lesson(session_id=session.pk, by=request.user, **form.facts())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _drafted(made))
            return redirect("live:lesson", public_id=public_id)
    context: dict[str, Any] = {
        "session": session,
        "meeting": session.class_session,
        "form": form,
        "has_courses": bool(courses),
        "recording": recording_of(session, request.user),
        "whole": whole_recording(session),
        "lessons": recorded_lessons_of(session),
    }
    return render(request, "live/lesson.html", context)


def _drafted(lesson: RecordedLesson) -> str:
    if lesson.unit_key:
        return _("The draft is in the course. Look at it there and hand it on to be published.")
    return _("The recording is being cut. The draft appears in the course in a few minutes.")


@login_required
@never_cache
@require_GET
def replay(request: MemberRequest, public_id: str) -> HttpResponse:
    """Slides and polls next to the recording on the page of an ended class, for anyone who may open that page."""
    session = session_for(request, public_id)
    recording = whole_recording(session)
    if recording is None or is_removed(session.pk, request.user.pk):
        raise Http404
    return JsonResponse(replay_of(recording, viewer=viewer_of(request.user)).as_json())


@login_required
@never_cache
@require_GET
def lesson_replay(request: MemberRequest, unit_key: UUID) -> HttpResponse:
    """Slides, polls and messages next to a lesson, for anyone who may open the lesson: for trainees as it was pinned, once it is open."""
    user = request.user
    enrollment = readable_enrollment(user, unit_key)
    version = enrollment.cohort.content_version if enrollment else None
    taught = taught_unit(version, unit_key) if version else None
    if enrollment and openness_in(enrollment, unit_key):
        raise Http404
    published = LessonPage.objects.filter(translation_key=unit_key)
    pages: list[UnitPage] = [taught.page] if taught else list(published)
    if not taught and not any(page.permissions_for_user(user).can_edit() for page in pages):
        raise Http404
    shown = [video.pk for page in pages if (video := page.video())]
    for video_id in shown:
        if recorded := lesson_recorded(unit_key, video_id):
            replay = replay_of(recorded.recording, viewer=viewer_of(user), has_chat=recorded.has_chat)
            return JsonResponse(replay.as_json())
    raise Http404


@login_required
@never_cache
@require_POST
def recorded(request: MemberRequest, public_id: str) -> HttpResponse:
    """Store that a person in the class acknowledged the recording, and whether their messages may be replayed."""
    session = session_for(request, public_id)
    asked = "asked" in request.POST and settings.LIVE_REPLAY_CHAT
    acknowledge_recording(
        session=session, by=request.user, allows_replay=request.POST.get("chat") == "yes" if asked else None
    )
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return redirect("live:room", public_id=public_id)
