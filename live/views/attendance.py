"""The counts of a class, and objections to them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.scoping.requests import MemberRequest
from live.enums import LiveRole, LiveState
from live.errors import LiveError
from live.queries.admission import role_in
from live.queries.register import register_of
from live.services.attendance import object_to_attendance
from live.views.access import session_for


@login_required
@never_cache
@require_GET
def register(request: MemberRequest, public_id: str) -> HttpResponse:
    """The current counts of everyone, for the instructor and for inspectors."""
    session = session_for(request, public_id)
    if role_in(session, request.user) == LiveRole.TRAINEE:
        raise Http404
    people = [
        {
            "name": row.name,
            "minutes": row.presence.minutes,
            "held": row.presence.held,
            "checks": row.presence.answered,
            "asked": row.presence.asked,
            "status": row.presence.status_shown,
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
    session = session_for(request, public_id)
    try:
        object_to_attendance(session_id=session.pk, by=request.user, reason=request.POST.get("reason", ""))
        messages.success(request, _("Your objection was sent to the center."))
    except LiveError as error:
        messages.error(request, str(error))
    return redirect("live:room", public_id=public_id)
