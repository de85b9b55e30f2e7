"""The list of live classes and the page of a room."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.scoping.requests import MemberRequest
from accounts.services.formatting import numbering
from courses.models import ClassSession, LessonPage
from courses.queries.transfers import seat_elsewhere
from live import protocol
from live.enums import Division, LiveRole, LiveState, ObsPicture, PollResults, Reaction
from live.errors import LiveError, TooEarlyToEnter
from live.media_servers import media_backend
from live.models import AttendanceSnapshot, LiveSession
from live.queries.admission import is_removed, live_sessions_of, participant_key, role_in, with_titles
from live.queries.board import NO_NOTES, notes_of
from live.queries.chat import messages_of
from live.queries.hands import hands_up
from live.queries.next_class import notices_for
from live.queries.polls import earlier_polls
from live.queries.presence import minutes_so_far, objection_term
from live.queries.recordings import keeps_recordings, recorded_lessons_of
from live.queries.replay import has_replay, may_be_replayed, whole_recording
from live.queries.video import recording_of
from live.services.admission import entry_opens_at_for, require_entry_open
from live.services.lobby import is_past_lobby
from live.services.notices import notice_text
from live.services.recording_consent import record_recording_notice
from live.views.access import session_for

# The durations offered for groups.
GROUP_MINUTES = (3, 5, 10, 15, 20, 30, 45)


@login_required
@never_cache
@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """Live classes of the reader: now, next, and the last ones that ended."""
    sessions = with_titles(live_sessions_of(request.user))
    now = timezone.now()
    # A canceled class is listed until its planned end; one that was never opened counts as ended after it.
    is_canceled_past = Q(state=LiveState.CANCELED, class_session__ends_at__lt=now)
    is_over = Q(state=LiveState.ENDED) | Q(state=LiveState.SCHEDULED, class_session__ends_at__lt=now)
    upcoming = sessions.exclude(is_over).exclude(is_canceled_past).order_by("class_session__starts_at")
    ended = sessions.filter(is_over).order_by(Coalesce("ended_at", "class_session__ends_at").desc())
    context = {
        "upcoming": upcoming[:50],
        "ended": ended[:10],
        "now": now,
        "notices": [
            (notice, notice_text(notice, with_address=False)) for notice in notices_for(request.user)
        ],
    }
    return render(request, "live/index.html", context)


@login_required
@never_cache
@require_GET
def room(request: MemberRequest, public_id: str) -> HttpResponse:
    try:
        session = session_for(request, public_id)
    except Http404:
        return _page_of_another_cohort(request, public_id)
    role = role_in(session, request.user)
    if role and session.state != LiveState.ENDED:
        try:
            require_entry_open(session=session, role=role)
        except LiveError as refusal:
            return _waiting_page(request, session, role, refusal)
    counter = minutes_so_far(session, request.user.person_id)
    # People in the lobby do not see messages.
    is_outside = role is not None and not is_past_lobby(session, request.user, role)
    sending = media_backend().sending_facts(session)
    context = {
        "session": session,
        "meeting": session.class_session,
        "is_staff": role == LiveRole.INSTRUCTOR,
        "is_removed": is_removed(session.pk, request.user.pk),
        "is_ended": session.state == LiveState.ENDED,
        "me": participant_key(session.pk, request.user.pk),
        "minutes": counter.minutes,
        "held": counter.held,
        "counter": counter,
        "is_watching": role == LiveRole.INSPECTOR,
        "has_register": role in {LiveRole.INSTRUCTOR, LiveRole.INSPECTOR},
        **_objecting(session, request.user),
        "messages_so_far": [] if is_outside else messages_of(session.pk),
        "hands": [] if is_outside or session.state == LiveState.ENDED else hands_up(session.pk),
        "notes": NO_NOTES if is_outside else notes_of(session.pk),
        "limits": protocol.LIMITS,
        "earlier_polls": earlier_polls(session) if role == LiveRole.INSTRUCTOR else [],
        "poll_results": PollResults.choices,
        "reactions": Reaction.choices,
        "divisions": Division.choices,
        "group_minutes": GROUP_MINUTES,
        "socket_path": protocol.PATH,
        "voice_path": protocol.VOICE_PATH,
        "listen_path": protocol.LISTEN_PATH,
        "sending": sending,
        # OBS sends to the built-in backend only; with a media server OBS connects to that server directly.
        "obs_pictures": ObsPicture.choices if settings.LIVE_SRT_PORT and sending["by"] == "chunks" else [],
        "recording": "" if is_removed(session.pk, request.user.pk) else recording_of(session, request.user),
        "lessons": _lessons(session),
        **_recorded(session, request.user, role),
        **_recording_notice_facts(session, request.user, role),
        "numbering": numbering(),
        "time_zone": settings.TIME_ZONE,
    }
    return render(request, "live/room.html", context)


def _page_of_another_cohort(request: MemberRequest, public_id: str) -> HttpResponse:
    """What trainees do who follow a notice of a cohort from which they were moved since; 404 for people who do not learn there."""
    meeting = get_object_or_404(
        ClassSession.objects.select_related("cohort").filter(live__isnull=False), public_id=public_id
    )
    seat = seat_elsewhere(meeting, request.user.person_id)
    if seat is None:
        raise Http404
    return render(request, "courses/another_cohort.html", {"seat": seat})


def _recorded(session: LiveSession, user: User, role: LiveRole | None) -> dict[str, Any]:
    """The replay of an ended class, and for staff the link to make a lesson of it."""
    whole = whole_recording(session) if session.state == LiveState.ENDED else None
    if whole is None or is_removed(session.pk, user.pk):
        return {}
    return {
        "makes_lessons": role == LiveRole.INSTRUCTOR,
        "replay_url": reverse("live:replay", args=[session.class_session.public_id])
        if has_replay(whole)
        else "",
    }


def _lessons(session: LiveSession) -> list[LessonPage]:
    """The published lessons that were made of an ended class."""
    if session.state != LiveState.ENDED:
        return []
    return [row.page for row in recorded_lessons_of(session) if row.page and row.page.live]


def _recording_notice_facts(session: LiveSession, user: User, role: LiveRole | None) -> dict[str, Any]:
    """The recording notice of the page; that it was shown is stored before the person can send anything."""
    if role is None or not keeps_recordings() or is_removed(session.pk, user.pk):
        return {}
    facts: dict[str, Any] = {
        "asks_replay": settings.LIVE_REPLAY_CHAT and role == LiveRole.TRAINEE,
        "allows_replay": bool(may_be_replayed([user.pk])),
    }
    if session.state != LiveState.ENDED:
        facts["tells"] = record_recording_notice(session=session, user=user).acknowledged_at is None
    return facts


def _waiting_page(
    request: MemberRequest, session: LiveSession, role: LiveRole, refusal: LiveError
) -> HttpResponse:
    """The page before entry: a countdown that ends with the link to enter; or that the class was canceled or not held."""
    context = {
        "session": session,
        "meeting": session.class_session,
        "refusal": refusal,
        "is_early": isinstance(refusal, TooEarlyToEnter),
        "opens_at": entry_opens_at_for(session, role),
    }
    return render(request, "live/waiting.html", context)


def _objecting(session: LiveSession, user: User) -> dict[str, Any]:
    """The part about objections of an ended class's page."""
    if session.ended_at is None or user.person_id is None:
        return {}
    until = objection_term(session)
    return {
        "objection": session.objections.filter(enrollment__person=user.person_id).first(),
        "object_until": until,
        "may_object": timezone.now() <= until
        and not AttendanceSnapshot.objects.filter(session=session).exists(),
    }
