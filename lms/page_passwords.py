"""Rate limit of passwords of private pages."""

from http import HTTPStatus

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from wagtail.views import authenticate_with_password


def enter_private_page(request: HttpRequest, page_view_restriction_id: int, page_id: int) -> HttpResponse:
    """Wagtail's own view, behind a count of wrong tries for each restriction and address; 429 beyond it."""
    usage = ratelimit.consume(
        request,
        app="allauth.account",
        action="page_password",
        key=f"{page_view_restriction_id}:{ratelimit.get_ip(request)}",
    )
    if not usage:
        return ratelimit.respond_429(request)
    answer = authenticate_with_password(request, page_view_restriction_id, page_id)
    if answer.status_code == HTTPStatus.FOUND:
        # A right one: a class behind one address comes in together.
        usage.rollback()
    return answer
