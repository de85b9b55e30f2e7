"""The pages of live classes."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.scoping.requests import MemberRequest
from live import protocol
from live.enums import LiveRole, LiveState
from live.errors import LiveError
from live.models import LiveSession
from live.queries import (
    hands_up,
    is_removed,
    live_sessions_of,
    messages_of,
    minutes_so_far,
    participant_key,
    role_in,
)
from live.services import TICKET_SECONDS, issue_ticket


def _session_for(request: MemberRequest, public_id: str) -> LiveSession:
    return get_object_or_404(live_sessions_of(request.user), class_session__public_id=public_id)


@login_required
@never_cache
@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """Live classes of the reader: now, next, and the last ones that ended."""
    sessions = live_sessions_of(request.user)
    upcoming = sessions.exclude(state=LiveState.ENDED).order_by("class_session__starts_at")
    ended = sessions.filter(state=LiveState.ENDED).order_by("-ended_at")
    return render(
        request, "live/index.html", {"upcoming": upcoming[:50], "ended": ended[:10], "now": timezone.now()}
    )


@login_required
@never_cache
@require_GET
def room(request: MemberRequest, public_id: str) -> HttpResponse:
    session = _session_for(request, public_id)
    role = role_in(session, request.user)
    minutes, held = minutes_so_far(session, request.user.person_id)
    context = {
        "session": session,
        "meeting": session.class_session,
        "is_staff": role == LiveRole.TRAINER,
        "is_removed": is_removed(session.pk, request.user.pk),
        "is_ended": session.state == LiveState.ENDED,
        "me": participant_key(session.pk, request.user.pk),
        "messages_so_far": messages_of(session.pk),
        "hands": [] if session.state == LiveState.ENDED else hands_up(session.pk),
        "minutes": minutes,
        "held": held,
        "limits": protocol.LIMITS,
        "socket_path": protocol.PATH,
        "numbering": settings.DIGITS_STYLE if get_language() == "ar" else "latn",
        "time_zone": settings.TIME_ZONE,
    }
    return render(request, "live/room.html", context)


@login_required
@never_cache
@require_POST
def ticket(request: MemberRequest, public_id: str) -> HttpResponse:
    """Answer {"ticket", "seconds"}, or 403 {"code", "message"}."""
    session = _session_for(request, public_id)
    try:
        signed = issue_ticket(session=session, user=request.user, language=get_language() or "ar")
    except LiveError as error:
        return JsonResponse({"code": error.code, "message": str(error)}, status=403)
    return JsonResponse({"ticket": signed, "seconds": TICKET_SECONDS})
