"""While staff see pages as a trainee does, this middleware decides about every request of their session.

Pages that are listed here are shown, by GET and HEAD alone: in a transaction that the database keeps from writing, with the trainee
as the user of the request for as long as the view runs. Everything else is refused. What is shown is in the audit trail.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.utils.csp import CSP
from django.utils.translation import gettext as _

from accounts.models import User, ViewAs, VisualIdentity
from accounts.scoping.seen import seen_by_staff
from accounts.services.view_as import centers_seen, note_page_seen, running_view

# In the session of staff: the key of the view that runs.
SESSION_KEY = "view_as"
END = "account_end_view_as"
# What a trainee reads about learning, and what is for all. Each of them asks `as_far_as_seen` for the rows of the trainee. Not here: what
# begins or counts something (quizzes, attendance, live rooms, streams), files, one's data, and all pages of the login.
SHOWN = frozenset(
    {
        "account_notice",
        "account_notices",
        "certificates:mine",
        "courses:catalog",
        "courses:my_learning",
        "courses:unit",
        "live:index",
        "wagtail_serve",
    }
)
# Parts of pages, and what machines ask: of no person.
PARTS = frozenset({"favicon", "healthz", "identity_css", "picture", "readyz", "robots"})
# In no frame, of this site either.
NO_FRAMES = {**settings.SECURE_CSP, "frame-ancestors": [CSP.NONE]}

type View = Callable[..., HttpResponse]


def is_shown(method: str | None, view_name: str) -> bool:
    """Whether staff may see this page as a trainee does. All that is not named here is refused, and so is every method that may change something."""
    return method in {"GET", "HEAD"} and view_name in SHOWN


class ViewAsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, arguments: tuple[Any, ...], names: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or match is None or match.view_name in PARTS:
            return None
        key = request.session.get(SESSION_KEY)
        if key is None or match.view_name == END:
            return None
        seen = running_view(key, by=request.user)
        if seen is None:
            del request.session[SESSION_KEY]
            messages.info(
                request, _("You see your own pages again: the time to look at those of the trainee is over.")
            )
            return None
        request.view_as = seen  # type: ignore[attr-defined]
        if not is_shown(request.method, match.view_name):
            return render(request, "account/view_as_refused.html", status=403)
        return self._show(request, seen, lambda: view(request, *arguments, **names))

    def _show(self, request: HttpRequest, seen: ViewAs, answer: Callable[[], HttpResponse]) -> HttpResponse:
        # The first page of a site writes its settings: before the database refuses it.
        VisualIdentity.for_request(request)
        staff, centers = request.user, centers_seen(seen.by)
        request.user = User.objects.get(person=seen.person)
        try:
            with seen_by_staff(centers), nothing_written():
                response = answer()
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
        finally:
            request.user = staff
        note_page_seen(seen, page=request.path)
        # Nothing of it is left in the browser after the end.
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Frame-Options"] = "DENY"
        response._csp_config = NO_FRAMES  # type: ignore[attr-defined]
        return response


@contextmanager
def nothing_written() -> Iterator[None]:
    """A transaction in which the database refuses to write, whatever the view does. A write is an error 500, and shown to no one."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield
        transaction.set_rollback(True)
