"""Rows that are the same for every reader, cached in each process until they change (`lms.generations`): the site, its visual
identity, the front page of each language. Also finds the page at an address by one query instead of one for each path segment.
"""

import copy
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from wagtail.images.models import AbstractRendition
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.url_routing import RouteResult

from accounts.models import VisualIdentity
from courses.models.reviews import ContentPage
from lms.generations import GENERATIONS

# Of how many names of hosts a process remembers the site.
HOSTS = 16


@dataclass(frozen=True, slots=True)
class SharedRows:
    """`fronts` are the front pages by language code, `closed_paths` the places in the tree below which pages are restricted. `until` is by a clock that is never set, in seconds."""

    site: Site
    identity: VisualIdentity
    fronts: Mapping[str, Page]
    locales: Mapping[int, Locale]
    closed_paths: Sequence[str]
    until: float


# Where a remembered identity has its logo.
LOGO = "_logo_in_header"
# Where a request has the places of restricted pages.
CLOSED_PATHS = "_closed_paths"

_remembered: dict[tuple[str, str, str], SharedRows] = {}


class SharedRowsMiddleware:
    """Hands the remembered rows to what asks for them during a request: Wagtail and its settings look at the request first."""

    # Those of Wagtail and of its settings.
    SITE, ROUTE = "_wagtail_site", "_wagtail_route_for_request"
    IDENTITY = VisualIdentity.get_cache_attr_name()

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, arguments: tuple[str, ...], _names: dict[str, Any]
    ) -> None:
        match = request.resolver_match
        # Outside of the languages and of the workplace no page shows the site.
        if match is None or not match.route.startswith((f"{get_language()}/", "admin/")):
            return
        shared = shared_rows(request)
        if shared is None:
            return
        setattr(request, self.SITE, shared.site)
        setattr(request, CLOSED_PATHS, shared.closed_paths)
        # The request is kept in it by who asks for it.
        setattr(request, self.IDENTITY, copy.copy(shared.identity))
        if match.url_name == "wagtail_serve" and (page := page_at(arguments[0], shared)):
            setattr(request, self.ROUTE, RouteResult(page))


def shared_rows(request: HttpRequest) -> SharedRows | None:
    """None outside of every site, and while the cache is away that would tell when they change."""
    generation = GENERATIONS.current() if settings.SHARED_ROWS_SECONDS else ""
    if not generation:
        return None
    key = (generation, request.get_host(), request.get_port())
    shared = _remembered.get(key)
    if shared is None or shared.until < time.monotonic():
        shared = _read(request)
        if shared is None:
            return None
        if len(_remembered) >= HOSTS:
            _remembered.clear()
        _remembered[key] = shared
    return shared


def _read(request: HttpRequest) -> SharedRows | None:
    site = Site.find_for_request(request)
    if site is None:
        return None
    # Makes it where it is missing.
    VisualIdentity.for_site(site)
    root = site.root_page
    identity = VisualIdentity.objects.select_related("logo").get(site=site)
    setattr(identity, LOGO, logo_of(identity))
    fronts = root.get_translations(inclusive=True).live().select_related("locale")
    return SharedRows(
        site=site,
        identity=identity,
        fronts={page.locale.language_code: page for page in fronts},
        locales={locale.pk: locale for locale in Locale.objects.all()},
        closed_paths=_closed_paths(),
        until=time.monotonic() + settings.SHARED_ROWS_SECONDS,
    )


def closed_paths(request: HttpRequest) -> Sequence[str]:
    """The places in the tree below which pages are restricted. Read once for a request at most."""
    if not hasattr(request, CLOSED_PATHS):
        setattr(request, CLOSED_PATHS, _closed_paths())
    paths: Sequence[str] = getattr(request, CLOSED_PATHS)
    return paths


def _closed_paths() -> Sequence[str]:
    return list(PageViewRestriction.objects.values_list("page__path", flat=True))


def logo_of(identity: VisualIdentity) -> AbstractRendition | None:
    """As the header shows it. Wagtail writes to the cache whenever it is asked for it."""
    return identity.logo.get_rendition("height-80") if identity.logo else None


def remembered_logo(identity: VisualIdentity) -> AbstractRendition | None:
    return getattr(identity, LOGO, None)


def page_at(path: str, shared: SharedRows) -> Page | None:
    """The page online at an address below the front page of its language. None where Wagtail has to look for itself: at the front
    page, and where nothing is found in this way.
    """
    parts = [part for part in path.split("/") if part]
    front = shared.fronts.get(get_language() or "")
    if front is None or not parts:
        return None
    # The slug has an index, the whole path has none.
    found = Page.objects.live().filter(slug=parts[-1], url_path=f"{front.url_path}{'/'.join(parts)}/").first()
    page: Page | None = found and found.specific
    if page is None or type(page).route is not Page.route:
        return None
    if locale := shared.locales.get(page.locale_id):
        page.locale = locale
    if isinstance(page, ContentPage):
        page.is_known_to_be_open = not shared.closed_paths
    if page.depth == front.depth + 1:
        # As Wagtail's own way leaves it.
        page._cached_parent_obj = front
    return page
