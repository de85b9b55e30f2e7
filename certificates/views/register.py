"""The public register: anybody asks about a code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.enums import LookupResult
from certificates.forms import CodeForm
from certificates.services import too_many_lookups, verify


@require_safe
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a typed one is answered at its own address."""
    form = CodeForm(request.GET or None)
    if form.is_valid():
        return redirect("certificates:verify", code=form.cleaned_data["code"])
    return render(request, "certificates/check.html", {"form": form})


@require_safe
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """The short address in the QR code: on to the page in the reader's language."""
    return redirect("certificates:verify", code=code)


@require_safe
@never_cache
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Say in plain words what the register knows about a code. A wrong code is an answer, not an error."""
    address = request.META["REMOTE_ADDR"]
    if too_many_lookups(address=address):
        return _private(render(request, "429.html", status=429))
    verification = verify(typed=code, address=address)
    form = None if verification.credential else CodeForm(initial={"code": code[:60]})
    context = {"verification": verification, "form": form, "typed": code[:60], "results": LookupResult}
    return _private(render(request, "certificates/verification.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """People's names are not for search engines."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
