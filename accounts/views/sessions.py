"""Where the user is logged in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import LoginSession
from accounts.scoping.requests import MemberRequest
from accounts.services.sessions import end_session
from accounts.services.user_agents import device_description
from accounts.sessions import keep_only_this_session


@require_GET
@login_required
def sessions(request: MemberRequest) -> HttpResponse:
    rows = LoginSession.objects.filter(user=request.user, session__expire_date__gt=timezone.now())
    listed = [
        {
            "row": row,
            "device": device_description(row.user_agent),
            "is_this": row.session_id == request.session.session_key,
        }
        for row in rows
    ]
    return render(request, "account/sessions.html", {"sessions": listed})


@require_POST
@login_required
def end_one_session(request: MemberRequest, pk: int) -> HttpResponse:
    """End another session; the one in use is ended by logging out."""
    others = LoginSession.objects.filter(user=request.user).exclude(session=request.session.session_key)
    end_session(session_id=get_object_or_404(others, pk=pk).pk, by=request.user)
    messages.success(request, _("The session was ended. That device has to log in again."))
    return redirect("account_sessions")


@require_POST
@login_required
def end_other_sessions(request: MemberRequest) -> HttpResponse:
    keep_only_this_session(request, request.user)
    messages.success(request, _("All other sessions were ended."))
    return redirect("account_sessions")
