"""Documents at fixed addresses that other verifiers fetch."""

import logging
from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from certificates.errors import NO_SIGNATURES
from certificates.openbadges.credential import StatusPurpose
from certificates.services.achievements import achievement_document
from certificates.services.published_keys import site_document
from certificates.services.status_lists import status_list

# Seconds a proxy may cache a signed document, whatever validity the document has.
_MINUTE = 60

logger = logging.getLogger(__name__)


def _unavailable_without_keys[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Without a key the answer is 503, as in the API, and is not cached."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except NO_SIGNATURES as error:
            logger.warning("Nothing is signed here now: %s", error)
            said = {"detail": str(error), "code": error.code}
            return JsonResponse(said, status=503, headers={"Cache-Control": "no-store"})

    return answered


@require_safe
@cache_control(public=True, max_age=_MINUTE)
def did_json(request: HttpRequest) -> JsonResponse:
    """The keys that sign and signed credentials. A browser page elsewhere may read it."""
    return _open(JsonResponse(site_document(), content_type="application/did+json"))


@require_safe
@_unavailable_without_keys
@cache_control(public=True, max_age=_MINUTE)
def status_list_token(request: HttpRequest, purpose: str, number: str) -> HttpResponse:
    """A Bitstring Status List as VC-JWT."""
    token = status_list(purpose=StatusPurpose(purpose), number=int(number))
    if token is None:
        raise Http404
    return _open(HttpResponse(token, content_type="application/vc+jwt"))


@require_safe
def achievement(request: HttpRequest, type_code: str, program_code: str) -> HttpResponse:
    """The achievement of a kind of certificate and a program: a page for people, JSON-LD for programs."""
    document = achievement_document(type_code=type_code, program_code=program_code)
    if document is None:
        raise Http404
    if request.get_preferred_type(["text/html", "application/ld+json", "application/json"]) == "text/html":
        response = render(request, "certificates/api/achievement.html", {"achievement": document})
        # The header of the page names the user.
        patch_cache_control(response, private=True)
    else:
        response = _open(JsonResponse(document, content_type="application/ld+json"))
        patch_cache_control(response, public=True, max_age=_MINUTE)
    patch_vary_headers(response, ["Accept"])
    return response


@require_safe
def documentation(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    """A page with the operations of the API, from its OpenAPI document."""
    return render(request, "certificates/api/documentation.html", {"schema": api.get_openapi_schema()})


def _open[R: HttpResponse](response: R) -> R:
    """CORS for a public document without personal data."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
