"""The view that issues near-live tickets."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.scoping.requests import MemberRequest
from live.near_live.tickets import issue_viewer_ticket
from live.views.tickets import answer_ticket


@login_required
@never_cache
@require_POST
def viewer_ticket(request: MemberRequest, public_id: str) -> HttpResponse:
    """Issue a ticket to watch nearly live: {"ticket", "seconds"}, or 403 {"code", "message"}."""
    return answer_ticket(request, public_id, issue_viewer_ticket)
