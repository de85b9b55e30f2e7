"""The people of the room, for its staff."""

from dataclasses import asdict

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.scoping.requests import MemberRequest
from live.errors import LiveError
from live.queries.admission import participant_key, person_name
from live.queries.people import ROSTER_PAGE, host_candidates, roster_of
from live.services import calls
from live.views.access import refused, staffed_session


@login_required
@never_cache
@require_GET
def roster(request: MemberRequest, public_id: str) -> HttpResponse:
    """Answer a page of the people of the room: {"people", "page", "pages", "count"}; `q` searches, `page` turns."""
    session = staffed_session(request, public_id)
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
    session = staffed_session(request, public_id)
    found = host_candidates(session, search=request.GET.get("q", "")[:100])[:ROSTER_PAGE]
    people = [{"who": participant_key(session.pk, user.pk), "name": person_name(user)} for user in found]
    return JsonResponse({"people": people})


@login_required
@never_cache
@require_POST
def number_to_call(request: MemberRequest, public_id: str, seq: int) -> HttpResponse:
    """Answer {"phone"} of the trainee whose call request `seq` is open, or 403 {"code", "message"}. Each answer is logged."""
    session = staffed_session(request, public_id)
    try:
        phone = calls.number_to_call(session=session, by=request.user, seq=seq)
    except LiveError as error:
        return refused(error)
    return JsonResponse({"phone": phone})
