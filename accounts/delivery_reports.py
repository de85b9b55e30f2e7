"""The address to which the gateway for short messages reports what became of each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.services.deliveries import NotAReport, take_report


@csrf_exempt
@never_cache
def sms_report(request: HttpRequest, token: str) -> HttpResponse:
    """Note one report; Kannel calls the address by GET. Raises Http404 for all that the gateway would not send.

    An address that this site signed is answered alike whether its message is still on record or not.
    """
    if request.method not in ("GET", "POST"):
        raise Http404
    said = request.GET
    try:
        take_report(
            token=token,
            kind=said.get("type", ""),
            network_id=said.get("id", ""),
            answer=said.get("answer", ""),
        )
    except NotAReport as error:
        raise Http404 from error
    return HttpResponse(content_type="text/plain")
