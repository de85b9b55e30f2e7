"""Middleware of the site."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.http.request import RawPostDataException
from django.middleware import locale
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.views.defaults import bad_request, page_not_found
from wagtail.models import Page

from accounts.audit.context import acting_from
from accounts.services.formatting import in_workplace
from accounts.services.last_errors import note_last_error


class LocaleMiddleware(locale.LocaleMiddleware):
    """Leaves the 404 of a page that exists as it is.

    Django retries every 404 under a language prefix, and Wagtail's catch-all matches any path there: an outsider at
    `/admin/...` or `/v/<code>` would get a redirect first. Only an unknown address is retried, and none that was too long to be read.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_too_long = len(request.path_info) > OddRequestsMiddleware.LONGEST_PATH
        if response.status_code == 404 and (is_too_long or getattr(request, "resolver_match", None)):
            response.headers.setdefault("Content-Language", get_language())
            return response
        return super().process_response(request, response)


class GZipPagesMiddleware(GZipMiddleware):
    """Compresses pages, JSON, and playlists that are written for a viewer.

    Streams are compressed already, and their byte ranges must stay what they are.
    """

    KINDS = frozenset({"text/html", "application/json", "application/vnd.apple.mpegurl"})

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.streaming or kind not in self.KINDS:
            return response
        return super().process_response(request, response)


class ClientAddressMiddleware:
    """Behind our proxy, the client is who the proxy says: the last address of `X-Forwarded-For`, which it appended.

    Rate limits count by `REMOTE_ADDR`; without this all clients behind nginx would share one limit. What a client
    wrote into the header itself comes before the last address and is never read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.headers.get("X-Forwarded-For", "")
        if settings.BEHIND_PROXY and forwarded:
            request.META["REMOTE_ADDR"] = forwarded.rpartition(",")[2].strip()
        return self.get_response(request)


class AuditAddressMiddleware:
    """Records the client's address, as `ClientAddressMiddleware` found it, in what is logged during the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting_from(request.META.get("REMOTE_ADDR")):
            return self.get_response(request)


class LastErrorMiddleware:
    """Has the browser keep which error page it was shown last, for a request for a call (`accounts.services.last_errors`)."""

    SHOWN = frozenset({400, 403, 404, 413, 429})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if self.is_error_page(response) and not request.path.startswith(settings.STATIC_URL):
            note_last_error(request, response)
        return response

    def is_error_page(self, response: HttpResponse) -> bool:
        """A page; of what scripts ask for, only what is broken on our side."""
        if response.status_code >= 500:
            return True
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        return is_page and response.status_code in self.SHOWN


class OddRequestsMiddleware:
    """Rejects malformed requests that would cause an error 500: values that the database cannot hold, and fields that Wagtail's
    views assume to be there. So it does paths that some address of Wagtail's would read for a long time."""

    # Characters. Our longest one, a slug of 255 letters in a few levels, is shorter.
    LONGEST_PATH = 4096
    # Wagtail hands keys to the database as they come.
    CHOICES = frozenset({"chosen", "chosen_multiple", "wagtailadmin_choose_page_chosen_multiple", "find"})
    # Of pages with a parent, which the root of all pages has not.
    OF_A_CHILD = frozenset({"move_confirm", "set_page_position", "lock", "unlock"})
    # Acts on users, by templates that link to Wagtail's pages of users. Ours are in their place.
    ACTS_ON_USERS = {"app_label": "accounts", "model_name": "user"}
    # A field that has to be there, whatever is in it.
    NEEDED = {"wagtailadmin_choose_page_external_link": "external-link-chooser-url"}
    NO_KEY = (ValueError, ValidationError, DataError)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or len(request.path_info) > self.LONGEST_PATH:
            raise Http404
        # No text holds a NUL character: what is looked for is what remains.
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _arguments: tuple[object, ...], names: dict[str, object]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not match.route.startswith("admin/"):
            return None
        if match.url_name in self.OF_A_CHILD:
            page = names.get("page_to_move_id", names.get("page_id"))
            if Page.objects.filter(pk=page, depth=1).exists():
                raise Http404
        if match.url_name == "wagtail_bulk_action" and self.ACTS_ON_USERS.items() <= names.items():
            raise Http404
        if request.method == "POST" and self._is_half(match.url_name, request.POST):
            return bad_request(request, BadRequest())
        return None

    def _is_half(self, name: str | None, form: QueryDict) -> bool:
        """Whether a form lacks what every browser sends: a needed field, or a number where Wagtail counts blocks."""
        counts = (value for field, value in form.items() if field.endswith(("-count", "-order")))
        needed = self.NEEDED.get(name or "")
        return (needed is not None and needed not in form) or not all(
            str(count).isdecimal() for count in counts
        )

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if match is not None and match.url_name in self.CHOICES and isinstance(error, self.NO_KEY):
            return page_not_found(request, error)
        if isinstance(error, RawPostDataException):
            # A form was sent where a page wants JSON.
            return bad_request(request, error)
        return None


class PrivatePagesMiddleware:
    """Keeps pages of a logged-in user out of shared caches, and hides them from the next user of a device.

    `no-cache`, not `no-store`: on a slow line the way back must not cost the page again. So the browser is told to clear its
    cache at logout (Clear-Site-Data, W3C), which also empties what "back" shows.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None and match.url_name in {"account_logout", "wagtailadmin_logout"}:
            response.headers["Clear-Site-Data"] = '"cache"'
        if request.session.accessed and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class PermissionsPolicyMiddleware:
    """Sets which device features our pages may use (W3C Permissions Policy): camera and microphone for live classes, the camera for QR
    codes, the screen for what an instructor shows. Nothing else, and nothing at all to a page in a frame.

    `web-share` is for our own pages without being named (W3C Web Share), and browsers that do not know the name complain on each page.
    """

    OWN = (
        "autoplay",
        "camera",
        "display-capture",
        "fullscreen",
        "microphone",
        "picture-in-picture",
    )
    NO_PAGE = ("accelerometer", "geolocation", "gyroscope", "magnetometer", "midi", "payment", "usb")
    POLICY = ", ".join([*(f"{name}=(self)" for name in OWN), *(f"{name}=()" for name in NO_PAGE)])

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.POLICY)
        return response


class WorkplaceDigitsMiddleware:
    """Pages of the workplace have Latin digits: see `accounts.services.formatting`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.workplace = reverse_lazy("wagtailadmin_home")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = in_workplace.set(request.path.startswith(str(self.workplace)))
        try:
            return self.get_response(request)
        finally:
            in_workplace.reset(token)
