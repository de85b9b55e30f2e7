"""The public register: verification of a code."""

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.codes import parse_code
from certificates.enums import LookupResult, LookupVia
from certificates.forms import CodeForm, FileForm
from certificates.queries.keys import has_demo_keys
from certificates.services.rate_limits import seconds_to_wait
from certificates.services.verification import Verification, verify


@require_safe
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """The form for a code. A code redirects to its own address; a text that cannot be a code is answered here."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        return redirect("certificates:verify", code=code) if parse_code(code) else verify_code(request, code)
    context = {"form": form, "file_form": FileForm(), "is_demo": has_demo_keys()}
    return render(request, "certificates/check.html", context)


@require_safe
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """The short address in the QR code: redirects to the page in the reader's language."""
    return redirect("certificates:verify", code=code)


@require_safe
@never_cache
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """The verification of a code. An unknown code is a regular answer, not an error."""
    address = request.META["REMOTE_ADDR"]
    if seconds := seconds_to_wait(via=LookupVia.CODE, address=address):
        return too_many(request, seconds)
    verification = verify(typed=code, address=address)
    form = None if verification.credential else CodeForm(initial={"code": code[:60]})
    context = {
        "verification": verification,
        "form": form,
        "typed": code[:60],
        "results": LookupResult,
        "badge": snippet_for(request, verification) if verification.credential else "",
        "is_demo": has_demo_keys(),
    }
    return private(render(request, "certificates/verification.html", context))


def private(response: HttpResponse) -> HttpResponse:
    """Forbid indexing: the page has names of people."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """429 with the time to wait, on the page and in `Retry-After` (RFC 9110, 10.2.3)."""
    context = {"minutes": math.ceil(seconds / 60)}
    response = render(request, "certificates/too_many.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return private(response)


def snippet_for(request: HttpRequest, verification: Verification) -> str:
    """The HTML snippet for a holder's own site: the badge, linked to the verification page."""
    page = reverse("certificates:verify", args=[verification.code])
    context = {
        "page": request.build_absolute_uri(page),
        "picture": request.build_absolute_uri(reverse("certificates:badge", args=[verification.code])),
        "number": verification.credential and verification.credential.number,
    }
    return render_to_string("certificates/snippet.html", context).strip()
