"""Finding the room of a page, and answering refusals."""

from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404

from accounts.scoping.requests import MemberRequest
from live.enums import LiveRole
from live.errors import LiveError
from live.models import JointMeeting, LiveSession
from live.queries.admission import live_sessions_of, role_in


def session_for(request: MemberRequest, public_id: str) -> LiveSession:
    # A cohort that shares the room uses the class session of its own timetable.
    joint = JointMeeting.objects.filter(class_session__public_id=public_id)
    return get_object_or_404(
        live_sessions_of(request.user),
        Q(class_session__public_id=public_id) | Q(pk__in=joint.values("session")),
    )


def staffed_session(request: MemberRequest, public_id: str) -> LiveSession:
    """The room for its staff; 404 for a trainee."""
    session = session_for(request, public_id)
    if role_in(session, request.user) != LiveRole.INSTRUCTOR:
        raise Http404
    return session


def refused(error: LiveError) -> HttpResponse:
    return JsonResponse({"code": error.code, "message": str(error)}, status=403)
