"""Pages of certificates: the public check and the holder's own list."""

import re
from pathlib import PurePosixPath

from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.enums import Act
from accounts.scoping import fenced
from accounts.scoping.requests import MemberRequest
from certificates.enums import FileKind, LookupResult, RenderState
from certificates.forms import CodeForm
from certificates.models import Bundle, Credential
from certificates.queries import credentials_of, original_of, scan_of
from certificates.services import too_many_lookups, verify
from certificates.services.bundles import content_type_of, file_name_of


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


@login_required
@require_safe
def mine(request: MemberRequest) -> HttpResponse:
    """The reader's own certificates."""
    credentials = credentials_of(request.user.person) if request.user.person else Credential.objects.none()
    return render(request, "certificates/mine.html", {"credentials": credentials})


@login_required
@require_safe
def download(request: MemberRequest, public_id: str) -> HttpResponseBase:
    """The file, for its holder and for staff who may see it. For everybody else it does not exist."""
    own = Q(holder=request.user.person_id) if request.user.person_id else Q(pk=None)
    staff = Q(
        pk__in=fenced(Credential.objects.all(), user=request.user, act=Act.VIEW_CERTIFICATES).values("pk")
    )
    credential = get_object_or_404(Credential.objects.filter(own | staff), public_id=public_id)
    artifact = original_of(credential) or scan_of(credential)
    if artifact is None:
        raise Http404
    extension = PurePosixPath(artifact.path).suffix
    return FileResponse(
        storages["private"].open(artifact.path),
        # A scan came from outside: it is kept, never shown as a page of ours.
        as_attachment=artifact.kind == FileKind.SCAN,
        content_type=_CONTENT_TYPES[extension],
        filename=re.sub(r"[/:]", "-", credential.number) + extension,
    )


@login_required
@require_safe
def bundle(request: MemberRequest, public_id: str) -> HttpResponseBase:
    """All certificates of a proposal in one file, for staff who may see them. For everybody else it does not exist."""
    ready = Bundle.objects.select_related("proposal__cohort", "proposal__center").filter(
        state=RenderState.DONE, expires_at__gt=timezone.now()
    )
    found = get_object_or_404(
        fenced(ready, user=request.user, act=Act.VIEW_CERTIFICATES), public_id=public_id
    )
    return FileResponse(
        storages["private"].open(found.path),
        as_attachment=True,
        content_type=content_type_of(found),
        filename=file_name_of(found),
    )


_CONTENT_TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}
