"""How a page gets into a room."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.scoping.requests import MemberRequest
from live.errors import InLobby, LiveError
from live.services.lobby import wait_in_lobby
from live.services.tickets import TICKET_SECONDS, issue_ticket
from live.services.video import issue_sender_ticket
from live.services.voice import issue_voice_ticket
from live.views.access import refused, session_for

type Issue = Callable[..., str]


@login_required
@never_cache
@require_POST
def ticket(request: MemberRequest, public_id: str) -> HttpResponse:
    """Let a page into the room: {"ticket", "seconds"}, or 403 {"code", "message"}."""
    return answer_ticket(request, public_id, issue_ticket)


@login_required
@never_cache
@require_POST
def sender_ticket(request: MemberRequest, public_id: str) -> HttpResponse:
    """The same for whoever sends the picture."""
    return answer_ticket(request, public_id, issue_sender_ticket)


@login_required
@never_cache
@require_POST
def voice_ticket(request: MemberRequest, public_id: str) -> HttpResponse:
    """The same for a trainee who was let to speak."""
    return answer_ticket(request, public_id, issue_voice_ticket)


def answer_ticket(request: MemberRequest, public_id: str, issue: Issue) -> HttpResponse:
    """A ticket of the kind that `issue` makes, or why there is none."""
    session = session_for(request, public_id)
    try:
        signed = issue(session=session, user=request.user, language=get_language() or "ar")
    except LiveError as error:
        if isinstance(error, InLobby):
            # Whoever asks for a ticket stands before the door: the staff is told.
            wait_in_lobby(session_id=session.pk, by=request.user)
        return refused(error)
    return JsonResponse({"ticket": signed, "seconds": TICKET_SECONDS})
