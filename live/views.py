"""The pages of live classes."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.scoping.requests import MemberRequest
from live import protocol, services
from live.enums import LiveRole, LiveState, PollResults, Reaction
from live.errors import DoorsClosed, InLobby, LiveError
from live.models import AttendanceFreeze, CalendarFeed, JointMeeting, LiveSession
from live.queries import (
    NO_NOTES,
    ROSTER_PAGE,
    calendar,
    earlier_polls,
    feed_classes_of,
    feed_owner,
    feed_token,
    hands_up,
    host_candidates,
    is_removed,
    live_sessions_of,
    messages_of,
    minutes_so_far,
    notes_of,
    notices_for,
    objection_term,
    participant_key,
    person_name,
    recording_of,
    register_of,
    role_in,
    roster_of,
)
from live.services import (
    TICKET_SECONDS,
    end_feed,
    is_door_open,
    issue_sender_ticket,
    issue_ticket,
    notice_text,
    object_to_attendance,
    renew_feed,
    require_doors_open,
    wait_in_lobby,
)


def _session_for(request: MemberRequest, public_id: str) -> LiveSession:
    # A cohort that shares the room knows it by the meeting in its own timetable.
    joint = JointMeeting.objects.filter(class_session__public_id=public_id)
    return get_object_or_404(
        live_sessions_of(request.user),
        Q(class_session__public_id=public_id) | Q(pk__in=joint.values("session")),
    )


@login_required
@never_cache
@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """Live classes of the reader: now, next, and the last ones that ended."""
    sessions = live_sessions_of(request.user)
    now = timezone.now()
    # A canceled class is told of until it would have been over.
    is_past = Q(state=LiveState.CANCELED, class_session__ends_at__lt=now)
    upcoming = sessions.exclude(state=LiveState.ENDED).exclude(is_past).order_by("class_session__starts_at")
    ended = sessions.filter(state=LiveState.ENDED).order_by("-ended_at")
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
    session = _session_for(request, public_id)
    role = role_in(session, request.user)
    if role and session.state != LiveState.ENDED:
        try:
            require_doors_open(session=session, role=role)
        except LiveError as refusal:
            return _at_the_door(request, session, refusal)
    counter = minutes_so_far(session, request.user.person_id)
    # What is said inside is not read through the door.
    is_outside = role is not None and not is_door_open(session, request.user, role)
    context = {
        "session": session,
        "meeting": session.class_session,
        "is_staff": role == LiveRole.TRAINER,
        "is_removed": is_removed(session.pk, request.user.pk),
        "is_ended": session.state == LiveState.ENDED,
        "me": participant_key(session.pk, request.user.pk),
        "minutes": counter.minutes,
        "held": counter.held,
        "counter": counter,
        "is_watching": role == LiveRole.INSPECTOR,
        "has_register": role in {LiveRole.TRAINER, LiveRole.INSPECTOR},
        **_objecting(session, request.user),
        "messages_so_far": [] if is_outside else messages_of(session.pk),
        "hands": [] if is_outside or session.state == LiveState.ENDED else hands_up(session.pk),
        "notes": NO_NOTES if is_outside else notes_of(session.pk),
        "limits": protocol.LIMITS,
        "earlier_polls": earlier_polls(session) if role == LiveRole.TRAINER else [],
        "poll_results": PollResults.choices,
        "reactions": Reaction.choices,
        "socket_path": protocol.PATH,
        "media_path": protocol.MEDIA_PATH,
        "recording": "" if is_removed(session.pk, request.user.pk) else recording_of(session, request.user),
        "numbering": settings.DIGITS_STYLE if get_language() == "ar" else "latn",
        "time_zone": settings.TIME_ZONE,
    }
    return render(request, "live/room.html", context)


def _at_the_door(request: MemberRequest, session: LiveSession, refusal: LiveError) -> HttpResponse:
    """Too early: the page counts down and opens the door by itself. Canceled, or never held: it says so."""
    context = {
        "session": session,
        "meeting": session.class_session,
        "refusal": refusal,
        "is_early": isinstance(refusal, DoorsClosed),
    }
    return render(request, "live/waiting.html", context)


@login_required
@never_cache
@require_GET
def class_calendar(request: MemberRequest, public_id: str) -> HttpResponse:
    """One class as a file for the reader's calendar."""
    session = _session_for(request, public_id)
    answer = HttpResponse(calendar([session]), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="class.ics"'
    return answer


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def calendar_address(request: MemberRequest) -> HttpResponse:
    """The reader's private calendar address: make it, renew it, end it."""
    if request.method == "POST":
        if "end" in request.POST:
            end_feed(user=request.user)
            messages.success(request, _("The address has ended. Calendars that had it show no new classes."))
        else:
            renew_feed(user=request.user)
            messages.success(request, _("The new address is ready. One you had before has ended."))
        return redirect("live:calendar_address")
    feed = CalendarFeed.objects.filter(user=request.user).first()
    path = reverse("live:feed", args=[feed_token(feed)]) if feed else ""
    return render(
        request,
        "live/calendar.html",
        {
            "address": f"{settings.SITE_URL}{path}" if feed else "",
            "subscribe": f"webcal://{urlsplit(settings.SITE_URL).netloc}{path}" if feed else "",
        },
    )


@never_cache
@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The classes of one person, for the calendar of a phone: it has no login, only this address."""
    owner = feed_owner(token)
    if owner is None:
        raise Http404
    answer = HttpResponse(calendar(feed_classes_of(owner)), content_type="text/calendar; charset=utf-8")
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _objecting(session: LiveSession, user: User) -> dict[str, Any]:
    """What the page of an ended class says of objections."""
    if session.ended_at is None or user.person_id is None:
        return {}
    until = objection_term(session)
    return {
        "objection": session.objections.filter(enrollment__person=user.person_id).first(),
        "object_until": until,
        "may_object": timezone.now() <= until
        and not AttendanceFreeze.objects.filter(session=session).exists(),
    }


@login_required
@never_cache
@require_GET
def register(request: MemberRequest, public_id: str) -> HttpResponse:
    """What is counted for everyone at this moment, for the trainer and for inspectors."""
    session = _session_for(request, public_id)
    if role_in(session, request.user) == LiveRole.TRAINEE:
        raise Http404
    people = [
        {
            "name": row.name,
            "minutes": row.presence.minutes,
            "held": row.presence.held,
            "checks": row.presence.answered,
            "asked": row.presence.asked,
            "status": str(row.presence.status.label),
            "here": row.is_here and session.state == LiveState.OPEN,
            "plays": row.plays,
        }
        for row in register_of(session).rows
    ]
    return JsonResponse({"people": people})


@login_required
@never_cache
@require_POST
def objection(request: MemberRequest, public_id: str) -> HttpResponse:
    """A trainee objects to what was counted for them."""
    session = _session_for(request, public_id)
    try:
        object_to_attendance(session_id=session.pk, by=request.user, reason=request.POST.get("reason", ""))
        messages.success(request, _("Your objection was sent to the center."))
    except LiveError as error:
        messages.error(request, str(error))
    return redirect("live:room", public_id=public_id)


@login_required
@never_cache
@require_POST
def ticket(request: MemberRequest, public_id: str) -> HttpResponse:
    """Answer {"ticket", "seconds"}, or 403 {"code", "message"}."""
    session = _session_for(request, public_id)
    try:
        signed = issue_ticket(session=session, user=request.user, language=get_language() or "ar")
    except InLobby as error:
        # Whoever asks for a ticket stands before the door: the staff is told.
        wait_in_lobby(session_id=session.pk, by=request.user)
        return _refused(error)
    except LiveError as error:
        return _refused(error)
    return JsonResponse({"ticket": signed, "seconds": TICKET_SECONDS})


@login_required
@never_cache
@require_POST
def sender_ticket(request: MemberRequest, public_id: str) -> HttpResponse:
    """The same for whoever sends the picture."""
    session = _session_for(request, public_id)
    try:
        signed = issue_sender_ticket(session=session, user=request.user, language=get_language() or "ar")
    except LiveError as error:
        return JsonResponse({"code": error.code, "message": str(error)}, status=403)
    return JsonResponse({"ticket": signed, "seconds": TICKET_SECONDS})


def _refused(error: LiveError) -> HttpResponse:
    return JsonResponse({"code": error.code, "message": str(error)}, status=403)


# --- For the staff of the room -------------------------------------------------------------------------------------


def _staffed_session(request: MemberRequest, public_id: str) -> LiveSession:
    """The room for its staff; for a trainee there is no such page."""
    session = _session_for(request, public_id)
    if role_in(session, request.user) != LiveRole.TRAINER:
        raise Http404
    return session


@login_required
@never_cache
@require_GET
def roster(request: MemberRequest, public_id: str) -> HttpResponse:
    """Answer a page of the people of the room: {"people", "page", "pages", "count"}; `q` searches, `page` turns."""
    session = _staffed_session(request, public_id)
    number = request.GET.get("page", "1")
    people, page = roster_of(
        session,
        search=request.GET.get("q", "")[:100],
        page=int(number) if number.isascii() and number.isdecimal() else 1,
    )
    return JsonResponse(
        {
            "people": [asdict(person) for person in people],
            "page": page.number,
            "pages": page.paginator.num_pages,
            "count": page.paginator.count,
        }
    )


@login_required
@never_cache
@require_GET
def candidates(request: MemberRequest, public_id: str) -> HttpResponse:
    """Answer {"people"}: the first of the center's staff who could be made co-instructor; `q` searches."""
    session = _staffed_session(request, public_id)
    found = host_candidates(session, search=request.GET.get("q", "")[:100])[:ROSTER_PAGE]
    people = [{"who": participant_key(session.pk, user.pk), "name": person_name(user)} for user in found]
    return JsonResponse({"people": people})


@login_required
@never_cache
@require_POST
def number_to_call(request: MemberRequest, public_id: str, seq: int) -> HttpResponse:
    """Answer {"phone"} of the trainee whose wish `seq` is open, or 403 {"code", "message"}. Each answer is logged."""
    session = _staffed_session(request, public_id)
    try:
        phone = services.number_to_call(session=session, by=request.user, seq=seq)
    except LiveError as error:
        return _refused(error)
    return JsonResponse({"phone": phone})
