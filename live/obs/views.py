"""The view by which staff of a class manage its OBS key."""

from dataclasses import asdict

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.scoping.requests import MemberRequest
from live.enums import ObsPicture
from live.errors import LiveError
from live.media_servers import media_backend
from live.obs.keys import allow_obs_next, end_obs_key, renew_obs_key
from live.obs.state import obs_address, obs_state
from live.views.access import refused, staffed_session


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def obs(request: MemberRequest, public_id: str) -> HttpResponse:
    """Answer {"state", "picture", "code", "message"}, or 403 {"code", "message"}.

    A POST with `do` = `renew` (and `picture`) also answers the new `address`, only once; `end` ends it; `next`
    disconnects the current sender, so that OBS replaces it.
    """
    session = staffed_session(request, public_id)
    if not settings.LIVE_SRT_PORT or media_backend().takes_offers:
        raise Http404
    address_facts = {}
    try:
        if request.POST.get("do") == "renew":
            wanted = request.POST.get("picture")
            picture = ObsPicture.SCREEN if wanted == ObsPicture.SCREEN else ObsPicture.CAMERA
            key = renew_obs_key(session_id=session.pk, by=request.user, picture=picture)
            address_facts["address"] = obs_address(key)
        elif request.POST.get("do") == "end":
            end_obs_key(session_id=session.pk, by=request.user)
        elif request.POST.get("do") == "next":
            allow_obs_next(session_id=session.pk, by=request.user)
    except LiveError as error:
        return refused(error)
    return JsonResponse({**asdict(obs_state(session)), **address_facts})
