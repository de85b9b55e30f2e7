"""Ending a view of the pages of a trainee."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.scoping.requests import MemberRequest
from accounts.services.view_as import end_view_as
from accounts.view_as import SESSION_KEY


@require_POST
@login_required
@never_cache
def end_own_view(request: MemberRequest) -> HttpResponse:
    """Back to the page of the person in the workplace; without a view that runs to the workplace."""
    key = request.session.pop(SESSION_KEY, None)
    if key is None:
        return redirect("wagtailadmin_home")
    view = end_view_as(view_id=key, by=request.user)
    return redirect("person:inspect", view.person_id)
