"""What Django's own middleware does not quite do."""

from django.http import HttpRequest, HttpResponse
from django.middleware import locale
from django.utils.translation import get_language


class LocaleMiddleware(locale.LocaleMiddleware):
    """Leaves the 404 of a page that exists as it is.

    Django retries every 404 under a language prefix, and Wagtail's catch-all matches any path there: an outsider at
    `/admin/...` or `/v/<code>` would be sent round a redirect first. Only an unknown address is retried.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code == 404 and getattr(request, "resolver_match", None):
            response.headers.setdefault("Content-Language", get_language())
            return response
        return super().process_response(request, response)
