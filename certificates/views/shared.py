"""Pages of a share link. No login is needed; an unknown or ended link has a page that says so."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.enums import LinkResult, LookupResult
from certificates.queries.files import original_of
from certificates.queries.keys import has_demo_keys
from certificates.services.sharing import SharedView, find_link, follow_link, too_many_openings
from certificates.views.files import file_of, json_of_passport, pdf_of_passport

_STATUS = {LinkResult.LIVE: 200, LinkResult.UNKNOWN: 404}
_GONE = 410


@require_safe
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """The short address that people send: redirects to the page in the reader's language."""
    return _discreet(redirect("certificates:shared", token=token))


@require_safe
@never_cache
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The certificates of a link with their status today."""
    address = request.META["REMOTE_ADDR"]
    if too_many_openings(address=address):
        return _discreet(render(request, "429.html", status=429))
    # A HEAD request, such as that of a link checker, is not counted as an opening.
    ask = follow_link if request.method == "GET" else find_link
    return _answer(request, ask(token=token, address=address), token)


@require_safe
@never_cache
def shared_certificate(request: HttpRequest, token: str, public_id: UUID) -> HttpResponseBase:
    """The PDF of one certificate of a link."""
    view = _find(request, token)
    if isinstance(view, HttpResponse):
        return view
    # A passport has its own file; the consent does not cover the files of its certificates.
    shown = [] if view.passport else [one.credential for one in view.verifications if one.credential]
    credential = next((one for one in shown if one.public_id == public_id), None)
    artifact = original_of(credential) if credential else None
    if credential is None or artifact is None:
        raise Http404
    return _discreet(file_of(credential, artifact))


@require_safe
@never_cache
def shared_passport(request: HttpRequest, token: str, form: str) -> HttpResponseBase:
    """The PDF or the signed JSON of the passport of a link."""
    view = _find(request, token)
    if isinstance(view, HttpResponse):
        return view
    if view.passport is None:
        raise Http404
    return _discreet(pdf_of_passport(view.passport) if form == "pdf" else json_of_passport(view.passport))


def _find(request: HttpRequest, token: str) -> SharedView | HttpResponse:
    """A live link, or the response for one that is not."""
    address = request.META["REMOTE_ADDR"]
    if too_many_openings(address=address):
        return _discreet(render(request, "429.html", status=429))
    view = find_link(token=token, address=address)
    return view if view.result == LinkResult.LIVE else _answer(request, view, token)


def _answer(request: HttpRequest, view: SharedView, token: str) -> HttpResponse:
    is_one = view.passport is None and len(view.verifications) == 1
    context = {
        "view": view,
        "token": token,
        "is_one": is_one,
        "results": LookupResult,
        "links": LinkResult,
        "is_demo": has_demo_keys(),
    }
    status = _STATUS.get(view.result, _GONE)
    return _discreet(render(request, "certificates/shared.html", context, status=status))


def _discreet[R: HttpResponseBase](response: R) -> R:
    """Forbid indexing and referrers: the address of the page is its secret."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
