"""Public verification besides the page of a code: a file, a list, a badge, and the offline page."""

import hashlib
import json
import logging
from collections.abc import Callable

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_http_methods, require_safe

from certificates.enums import CredentialKind, FileVerdict, LookupResult, LookupVia
from certificates.errors import DemoKeyRefused, KeyRefused, NoActiveKey
from certificates.forms import FileForm, ListForm
from certificates.offline.payload import KINDS
from certificates.queries.keys import has_demo_keys
from certificates.services.file_verification import LARGEST, FileVerification, verify_file
from certificates.services.list_verification import csv_of
from certificates.services.offline import signed_key_rollovers, signed_key_set, signed_status_list
from certificates.services.rate_limits import client_hash, seconds_to_wait
from certificates.services.verification import look_up, read_register, record_lookup
from certificates.uploads import BoundedUploadHandler
from certificates.views.register import private, too_many
from courses.models import SkillLevel

logger = logging.getLogger(__name__)

type View = Callable[[HttpRequest], HttpResponseBase]

_MINUTE = "max-age=60"
# The files of the offline verification page, without the page itself.
_OFFLINE_FILES = (
    "css/site.css",
    "js/verify.js",
    "img/mark.svg",
    "js/qr_decoder.js",
    "fonts/mihna-sans-arabic-400.woff2",
    "fonts/mihna-sans-arabic-600.woff2",
    "fonts/mihna-sans-latin-400.woff2",
    "fonts/mihna-sans-latin-600.woff2",
)


def _bounded(view: View) -> View:
    """Install the upload handler that limits the size before the CSRF check reads the body."""
    protected = csrf_protect(view)

    @csrf_exempt
    def bounded(request: HttpRequest) -> HttpResponseBase:
        request.upload_handlers = [BoundedUploadHandler(request, most=LARGEST)]
        return protected(request)

    return bounded


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@_bounded
def check_pdf(request: HttpRequest) -> HttpResponseBase:
    """The verification of a PDF. The file is read once and not stored."""
    address = request.META["REMOTE_ADDR"]
    if request.method != "POST":
        return redirect("certificates:verify")
    if seconds := seconds_to_wait(via=LookupVia.FILE, address=address):
        return too_many(request, seconds)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {"file_form": form, "is_demo": has_demo_keys()}
        return private(render(request, "certificates/file_form_page.html", context, status=422))
    return _file_page(request, verify_file(pdf=form.cleaned_data["file"].read(), address=address))


@require_safe
@never_cache
def file_too_large(request: HttpRequest) -> HttpResponse:
    """The page for a file that the proxy refused as too large."""
    return _file_page(request, FileVerification(FileVerdict.TOO_LARGE), status=413)


def _file_page(request: HttpRequest, check: FileVerification, *, status: int = 200) -> HttpResponse:
    context = {
        "check": check,
        "verdicts": FileVerdict,
        "verification": check.verification,
        "results": LookupResult,
        "file_form": FileForm(),
        "is_demo": has_demo_keys(),
    }
    return private(render(request, "certificates/file_check.html", context, status=status))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@_bounded
def check_list(request: HttpRequest) -> HttpResponseBase:
    """Answer about up to 500 codes at a time, as a table or as CSV."""
    if request.method != "POST":
        return _list_page(request, ListForm())
    address = request.META["REMOTE_ADDR"]
    if seconds := seconds_to_wait(via=LookupVia.LIST, address=address):
        return too_many(request, seconds)
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        # The list was read before it was refused.
        record_lookup(LookupResult.MALFORMED, code="", via=LookupVia.LIST, address=address)
        return _list_page(request, form, status=422)
    typed = form.cleaned_data["typed"]
    if seconds := seconds_to_wait(via=LookupVia.LIST, address=address, wanted=len(typed)):
        return too_many(request, seconds)
    lines = look_up(typed, via=LookupVia.LIST, client=client_hash(address))
    if request.POST.get("as") == "csv":
        response = StreamingHttpResponse(list(csv_of(lines)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="certificates.csv"'
        return private(response)  # type: ignore[arg-type]
    return private(
        render(request, "certificates/list_check.html", {"lines": lines, "is_demo": has_demo_keys()})
    )


@require_safe
@never_cache
def list_too_large(request: HttpRequest) -> HttpResponse:
    """The page for a list that the proxy refused as too large."""
    return private(_list_page(request, ListForm.too_long(), status=413))


def _list_page(request: HttpRequest, form: ListForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "is_demo": has_demo_keys()}
    return render(request, "certificates/list_form.html", context, status=status)


@require_safe
def badge(request: HttpRequest, code: str) -> HttpResponse:
    """The badge of a certificate for other sites (SVG): kind, number and state, without a name.

    A request with a known code writes no `Lookup`, as the visitor of the other site asked nothing. Unknown codes count as lookups.
    """
    (verification,) = read_register([code])
    if verification.credential is None:
        address = request.META["REMOTE_ADDR"]
        if seconds := seconds_to_wait(via=LookupVia.CODE, address=address):
            return too_many(request, seconds)
        record_lookup(verification.result, code=verification.code, via=LookupVia.CODE, address=address)
    practice = translation.gettext("For practice only") if has_demo_keys() else ""
    context = {"verification": verification, "practice": practice, "drawn_at": timezone.now()}
    response = render(
        request,
        "certificates/badge.svg",
        context,
        content_type="image/svg+xml",
        status=200 if verification.credential else 404,
    )
    response["Cache-Control"] = "public, max-age=300"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return private(response)


# --- Offline verification -----------------------------------------------------------------------------------------


@require_safe
def offline_home(request: HttpRequest) -> HttpResponseRedirect:
    """Redirects to the page in the reader's language."""
    return redirect("offline_verifier:page", language=translation.get_language())


@require_safe
def offline_page(request: HttpRequest, language: str) -> HttpResponse:
    """The offline verification page. It is the same for every user, as it is cached on the device."""
    response = HttpResponse(_offline_html(request, language))
    response["Cache-Control"] = "no-cache"
    return response


def _offline_html(request: HttpRequest, language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        context = {
            "language": language,
            "time_zone": settings.TIME_ZONE,
            "is_demo": has_demo_keys(),
            "kinds": [(number, CredentialKind(kind).label) for number, kind in enumerate(KINDS, 1)],
            "levels": SkillLevel.objects.all(),
            "scanned": _scanned_addresses(),
        }
        return render(request, "certificates/offline.html", context).content.decode()


@require_safe
def offline_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of cached files and a version that changes with it."""
    pages = {
        language: reverse("offline_verifier:page", args=[language]) for language, _name in settings.LANGUAGES
    }
    contents = [_offline_html(request, language) for language in pages]
    # Names carry the fingerprint of what they name, so the version changes with every content.
    files = [*pages.values(), *map(static, _OFFLINE_FILES)]
    version = hashlib.sha256(json.dumps([files, contents]).encode()).hexdigest()[:16]
    context = {
        "files": json.dumps(files),
        "pages": json.dumps(pages),
        "scanned": _scanned_addresses(),
        "version": version,
    }
    response = render(
        request, "certificates/offline_worker.js", context, content_type="text/javascript; charset=utf-8"
    )
    response["Cache-Control"] = "no-cache"
    # It answers under the addresses in QR codes, too, which are not below its own.
    response["Service-Worker-Allowed"] = "/"
    return response


def _scanned_addresses() -> str:
    """Where the addresses in QR codes begin: `/c/`."""
    return reverse("scanned_offline_certificate", args=["-"]).removesuffix("-")


@require_safe
def offline_manifest(request: HttpRequest, language: str) -> JsonResponse:
    """The web app manifest, which makes the page installable (W3C Web Application Manifest)."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        start = reverse("offline_verifier:page", args=[language])
        manifest = {
            "id": reverse("offline_verifier:home"),
            "name": translation.gettext("Check a certificate without a network"),
            "short_name": translation.gettext("Check a certificate"),
            "lang": language,
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
            "start_url": start,
            "scope": reverse("offline_verifier:home"),
            "display": "standalone",
            "background_color": "#f6f4ee",
            "theme_color": "#094a44",
            "icons": [{"src": static("img/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
        }
    return JsonResponse(manifest, content_type="application/manifest+json")


def _etag_of(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _unavailable_without_keys(view: View) -> View:
    """503 if the site cannot sign; verifiers go on with their cached documents."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        try:
            return view(request)
        except (DemoKeyRefused, KeyRefused, NoActiveKey) as error:
            logger.warning("Verifiers without a network get nothing: %s", error)
            return HttpResponse("No key signs here now.", status=503, content_type="text/plain")

    return answered


@require_safe
@_unavailable_without_keys
@gzip_page
@condition(etag_func=lambda request: _etag_of(signed_key_set().encode()))
def offline_keys(request: HttpRequest) -> HttpResponse:
    """The signed set of all keys of QR codes (docs/reference/certificates-formats.md)."""
    return _for_verifiers(HttpResponse(signed_key_set(), content_type="application/jose"))


@require_safe
@gzip_page
def offline_key_rollovers(request: HttpRequest) -> HttpResponse:
    """The key rollover statements, for devices that trust only an older key (docs/reference/certificates-formats.md)."""
    content = signed_key_rollovers()
    response = HttpResponse(
        content, content_type="application/json", headers={"ETag": _etag_of(content.encode())}
    )
    answer = get_conditional_response(request, response["ETag"], response=response)
    return _for_verifiers(answer or response)


@require_safe
@_unavailable_without_keys
@condition(etag_func=lambda request: _etag_of(signed_status_list()))
def offline_status(request: HttpRequest) -> HttpResponse:
    """The signed status of every certificate. Its bits are compressed inside already."""
    return _for_verifiers(HttpResponse(signed_status_list(), content_type="application/cose"))


def _for_verifiers(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = f"public, {_MINUTE}"
    response["Access-Control-Allow-Origin"] = "*"
    return response
