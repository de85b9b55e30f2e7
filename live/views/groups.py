"""The data with which staff prepare groups."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.digits import read_key
from accounts.scoping.requests import MemberRequest
from live.queries.groups import group_desk_of
from live.views.access import staffed_session


@login_required
@never_cache
@require_GET
def groups(request: MemberRequest, public_id: str) -> HttpResponse:
    """Answer {"lists", "chosen", "people"}: each person's group in list `list` (else the newest), and their current group."""
    session = staffed_session(request, public_id)
    chosen = read_key(request.GET.get("list", ""))
    return JsonResponse(group_desk_of(session, chosen=chosen))
