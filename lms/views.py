"""Health checks, error pages, robots.txt, editorial pictures, the identity's style sheet and the style guide."""

import sys

from django.conf import settings
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.datastructures import MultiValueDictKeyError
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe
from django.views.defaults import bad_request, server_error
from django.views.static import serve

from lms.colors import admin_tokens, identity_tokens
from lms.outages import RETRY_AFTER_SECONDS, is_outage
from lms.styleguide import samples

CLOSED_TO_ROBOTS = (
    "/admin/",
    "/api/",
    "/media/",
    "/documents/",
    "/identity/",
    "/v/",
    "/c/",
    "/s/",
    "/*/accounts/",
    "/*/learning/",
    "/*/live/",
    "/*/teach/",
    "/*/assessment/",
    "/*/certificates/",
    "/*/shared/",
    "/*/verify/",
    "/*/_util/",
)
# The longest pattern takes precedence.
OPEN_TO_ROBOTS = ("/*/verify/$", "/*/verify/list/$")
# Of a file, in bytes, on every file system in use.
LONGEST_NAME = 255


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer that this process is alive."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer that this process can serve: the database is reachable."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return JsonResponse({"status": "the database does not answer"}, status=503)
    return JsonResponse({"status": "ready"})


def broken(request: HttpRequest) -> HttpResponse:
    """The answer to an error that no view caught.

    400 where a form came without fields that every browser sends; 503 where something we need is away for now; else 500.
    """
    error = sys.exception()
    if isinstance(error, MultiValueDictKeyError):
        return bad_request(request, error)
    if not is_outage(error):
        return server_error(request)
    # The error may have come before the language was found out.
    with translation.override(
        translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    ):
        page = loader.render_to_string("503.html")
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def identity_css(request: HttpRequest, accent: str, signal: str) -> HttpResponse:
    """The tokens that follow from the ministry's own colors. The address holds them, so it never goes stale."""
    light, dark = identity_tokens(accent=f"#{accent}", signal=f"#{signal}")
    by_day, by_night = (
        "".join(f"--{name}:{value};" for name, value in tokens.items())
        for tokens in ({**light, **admin_tokens(light)}, dark)
    )
    sheet = f":root{{{by_day}}}\n@media (prefers-color-scheme: dark){{:root{{{by_night}}}}}\n"
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """What programs that follow links are to leave out (RFC 9309): what is not for all, and answers about a person's certificate."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {place}" for place in CLOSED_TO_ROBOTS),
        *(f"Allow: {place}" for place in OPEN_TO_ROBOTS),
        "",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponse:
    """The picture that browsers ask for without having read a page."""
    return redirect(static("img/favicon.ico"))


@require_safe
@never_cache
def may_upload(request: HttpRequest) -> HttpResponse:
    """Answer nginx whether the client may send a body larger than `DEFAULT` of `lms.body_limits`: 204 or 403. GET is always allowed."""
    is_asking = request.headers.get("X-Original-Method", "POST") in {"GET", "HEAD"}
    is_let = is_asking or request.user.has_perm("wagtailadmin.access_admin")
    return HttpResponse(status=204 if is_let else 403)


@require_safe
@never_cache
def too_large(request: HttpRequest) -> HttpResponse:
    """What is said instead of a page whose request had too large a body."""
    return render(request, "413.html", status=413)


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """An editorial picture. Documents in the same storage may be private: `/documents/` checks access first."""
    folder, _, name = path.partition("/")
    if folder not in {"images", "original_images"} or "/" in name or len(name.encode()) > LONGEST_NAME:
        raise Http404
    return serve(request, path, document_root=str(settings.MEDIA_ROOT))


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with sample data, for those who build and review pages. Others find nothing here."""
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise Http404
    icons = sorted(path.stem for path in (settings.BASE_DIR / "templates" / "icons").glob("*.svg"))
    return render(request, "styleguide.html", {**samples(), "icons": icons})
