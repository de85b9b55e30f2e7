"""Caches whole compressed pages that are the same for all visitors (docs/adr/0059-pages-are-kept-for-visitors.md).

A change of the rows that they show invalidates them (`lms.generations`). Without the cache, pages are rendered as usual.
"""

import gzip
import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from courses.enums import Sector
from courses.views.catalog_search import NEAR
from insights.enums import PublicMeasure
from lms.generations import AWAY, GENERATIONS

VIEWS = frozenset({"courses:catalog", "courses:centers", "insights:public", "wagtail_serve"})
# Pages hold the address of their other language with the whole query, so any other query is answered without the cache; so is
# a search. Few values, so that visitors cannot fill the cache by asking for more.
QUERIES = {
    "page": re.compile(r"[1-9][0-9]?"),
    "governorate": re.compile(r"[0-9]{1,2}"),
    "sector": re.compile("|".join(Sector.values)),
    "quarter": re.compile(r"20[0-9]{2}-(?:01|04|07|10)"),
    "measure": re.compile("|".join(PublicMeasure.values)),
}
GOVERNORATE = re.compile(r"[0-9]{0,2}")
# Response headers that mean that a response is not for all.
VARY = frozenset({"cookie", "accept-encoding"})
NOT_FOR_ALL = ("private", "no-store")
# Pages that this process answers from its own memory, while their generation lasts.
IN_MEMORY = 256


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A page as it left the view. `until` is by the clock of the machine, in seconds."""

    body: bytes
    compressed: bytes
    headers: tuple[tuple[str, str], ...]
    digest: str
    until: float


class Pages:
    """The pages of all processes, and in front of them those that this one answered lately."""

    def __init__(self) -> None:
        self._recent: dict[str, CachedPage] = {}

    def find(self, key: str) -> CachedPage | None:
        page = self._recent.get(key)
        if page is None:
            try:
                page = caches["pages"].get(key)
            except AWAY:
                GENERATIONS.rest()
        if page is None or page.until < time.time():
            return None
        self._remember(key, page)
        return page

    def keep(self, key: str, page: CachedPage) -> None:
        try:
            caches["pages"].set(key, page, settings.PAGE_CACHE_SECONDS)
        except AWAY:
            GENERATIONS.rest()
        else:
            self._remember(key, page)

    def _remember(self, key: str, page: CachedPage) -> None:
        if len(self._recent) >= IN_MEMORY:
            self._recent.clear()
        self._recent[key] = page


PAGES = Pages()


class PageCacheMiddleware:
    """Answers visitors with pages that are kept, with an entity tag (RFC 9110, section 8.8.3). Compresses them itself, once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = address_of(request)
        # Asked for before anything is read for the page.
        generation = GENERATIONS.current() if address else ""
        if not generation:
            return self.get_response(request)
        key = f"{generation}.{address}"
        page = PAGES.find(key)
        if page is None:
            response = self.get_response(request)
            if not is_for_all(request, response):
                return response
            page = page_of(response)
            PAGES.keep(key, page)
        return answer(request, page)


def address_of(request: HttpRequest) -> str | None:
    """What a visitor's page depends on, as a key; None for who is no visitor, and for pages of which there would be too many."""
    cookies = request.COOKIES
    if (
        not settings.PAGE_CACHE_SECONDS
        or request.method not in {"GET", "HEAD"}
        or settings.SESSION_COOKIE_NAME in cookies
        or "messages" in cookies
        or "Authorization" in request.headers
    ):
        return None
    near = cookies.get(NEAR, "")
    query = canonical_query(request.GET)
    # Any port of our name, and any other name that the site answers to, would be another address of the same page.
    if (
        query is None
        or not GOVERNORATE.fullmatch(near)
        or request.get_host() != urlsplit(settings.SITE_URL).netloc
    ):
        return None
    # The links of the page hold it: who asks in another way gets the same page.
    request.META["QUERY_STRING"] = query
    parts = (
        request.scheme,
        # Its first part is the language.
        request.path,
        query,
        near,
        request.headers.get("Save-Data", "") == "on",
        # Pages show whether dates are over or today, so the key has the day.
        timezone.localdate().isoformat(),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def canonical_query(asked: QueryDict) -> str | None:
    """What is asked for, in one order and one way of writing; None where a page is kept for no such query."""
    if all(
        name in QUERIES and len(said) == 1 and QUERIES[name].fullmatch(said[0])
        for name, said in asked.lists()
    ):
        return urlencode([(name, asked[name]) for name in QUERIES if name in asked])
    return None


def is_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the next visitor may have this response, too."""
    match = request.resolver_match
    headers = response.headers
    return (
        request.method == "GET"
        and response.status_code == 200
        and not response.streaming
        and match is not None
        and match.view_name in VIEWS
        and headers.get("Content-Type", "").startswith("text/html")
        and not headers.get("Content-Encoding")
        # Tokens against forgery come with their cookie.
        and not response.cookies
        and not any(word in headers.get("Cache-Control", "") for word in NOT_FOR_ALL)
        and "'nonce-" not in headers.get("Content-Security-Policy", "")
        and {name.strip().lower() for name in headers.get("Vary", "").split(",") if name} <= VARY
    )


def page_of(response: HttpResponse) -> CachedPage:
    patch_vary_headers(response, ("Accept-Encoding", "Save-Data"))
    # Browsers and caches on the way may keep it, and ask each time whether it is still right.
    response.headers["Cache-Control"] = "no-cache"
    body = response.content
    return CachedPage(
        body=body,
        compressed=gzip.compress(body, mtime=0),
        headers=tuple((name, value) for name, value in response.headers.items() if name != "Content-Length"),
        digest=hashlib.sha256(body).hexdigest()[:32],
        until=time.time() + settings.PAGE_CACHE_SECONDS,
    )


def answer(request: HttpRequest, page: CachedPage) -> HttpResponse:
    """The page, or 304 for who has it."""
    is_compressed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(page.compressed if is_compressed else page.body, headers=dict(page.headers))
    # Compressed it is another representation, which has another tag.
    etag = f'"{page.digest}{"-gzip" if is_compressed else ""}"'
    response.headers["ETag"] = etag
    response.headers["Content-Length"] = str(len(response.content))
    if is_compressed:
        response.headers["Content-Encoding"] = "gzip"
    return get_conditional_response(request, etag=etag, response=response) or response
