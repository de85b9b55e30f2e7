"""Views that issue tickets for sockets."""

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
    """Issue a room ticket: {"ticket", "seconds"}, or 403 {"code", "message"}."""
    return answer_ticket(request, public_id, issue_ticket)


@login_required
@never_cache
@require_POST
def sender_ticket(request: MemberRequest, public_id: str) -> HttpResponse:
    """Issue a sender ticket, likewise."""
    return answer_ticket(request, public_id, issue_sender_ticket)


@login_required
@never_cache
@require_POST
def voice_ticket(request: MemberRequest, public_id: str) -> HttpResponse:
    """Issue a voice ticket for a trainee who was allowed to speak, likewise."""
    return answer_ticket(request, public_id, issue_voice_ticket)


def answer_ticket(request: MemberRequest, public_id: str, issue: Issue) -> HttpResponse:
    """Answer with a ticket made by `issue`, or with the refusal."""
    session = session_for(request, public_id)
    try:
        signed = issue(session=session, user=request.user, language=get_language() or "ar")
    except LiveError as error:
        if isinstance(error, InLobby):
            # Staff are notified of the person in the lobby.
            wait_in_lobby(session_id=session.pk, by=request.user)
        return refused(error)
    return JsonResponse({"ticket": signed, "seconds": TICKET_SECONDS})
