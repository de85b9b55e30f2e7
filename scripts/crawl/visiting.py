"""Follows the links of a site as one of its users."""

import re
from collections import Counter, deque
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from bs4 import BeautifulSoup, Tag

# Of each kind of page, and of each kind with a query.
PAGES_OF_A_KIND = 2
_NOT_FOLLOWED = re.compile(r"/(?:logout|i18n|stream|files|static|media|download|export|sprite|bulk)")


@dataclass(frozen=True)
class Visit:
    """A page as somebody saw it."""

    role: str
    address: str
    status: int
    html: str


class Visitor:
    """An HTTP client that is logged in as `role`, or as a guest where `password` is empty."""

    def __init__(self, site: str, role: str, password: str) -> None:
        self.site, self.role = site, role
        self.cookies = CookieJar()
        self._opener: OpenerDirector = build_opener(HTTPCookieProcessor(self.cookies))
        if password:
            self._log_in(password)

    def walk(
        self, languages: tuple[str, ...] = ("ar", "en"), most: int = 400, of_a_kind: int = PAGES_OF_A_KIND
    ) -> list[Visit]:
        """The pages that links lead to from the front page and, for staff, from the workplace."""
        starts = [f"{self.site}/{language}/" for language in languages]
        is_staff = self.role and not self.role.startswith("trainee")
        waiting = deque([*starts, f"{self.site}/admin/"] if is_staff else starts)
        seen: set[str] = set()
        kinds: Counter[str] = Counter()
        visits: list[Visit] = []
        while waiting and len(visits) < most:
            address = waiting.popleft()
            kind = _kind(address)
            if address in seen or kinds[kind] >= of_a_kind:
                continue
            seen.add(address)
            kinds[kind] += 1
            visit = self._get(address)
            if visit is None:
                continue
            visits.append(visit)
            waiting.extend(link for link in self._links(visit) if link not in seen)
        return visits

    def _log_in(self, password: str) -> None:
        address = f"{self.site}/ar/accounts/login/"
        form = BeautifulSoup(self._opener.open(address).read(), "html.parser")
        token = form.find("input", {"name": "csrfmiddlewaretoken"})
        if not isinstance(token, Tag):
            raise SystemExit(f"{address} shows no form to log in with.")
        body = {"csrfmiddlewaretoken": str(token["value"]), "login": self.role, "password": password}
        request = Request(address, urlencode(body).encode(), {"Referer": address})  # noqa: S310 - our own site
        self._opener.open(request)

    def _get(self, address: str) -> Visit | None:
        try:
            with self._opener.open(address) as answer:
                is_page = answer.headers.get_content_type() == "text/html"
                html = answer.read().decode() if is_page else ""
                return Visit(self.role, answer.url, answer.status, html) if is_page else None
        except HTTPError as error:
            return Visit(self.role, address, error.code, error.read().decode(errors="replace"))

    def _links(self, visit: Visit) -> list[str]:
        links = []
        for anchor in BeautifulSoup(visit.html, "html.parser").find_all("a", href=True):
            address = urldefrag(urljoin(visit.address, str(anchor["href"]))).url
            if address.startswith(self.site + "/") and not _NOT_FOLLOWED.search(urlsplit(address).path):
                links.append(address)
        return links


def _kind(address: str) -> str:
    """The address without what names a row: numbers, codes and page names."""
    parts = urlsplit(address)
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", parts.path)
    if not path.startswith("/admin"):
        path = re.sub(r"(?<=/)(?:[\w%-]*%[\w%-]*|[\w]+-[\w-]+)(?=/)", "*", path)
    return f"{path}?{'&'.join(sorted(pair.partition('=')[0] for pair in parts.query.split('&')))}"
