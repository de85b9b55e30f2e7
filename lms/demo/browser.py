"""An HTTP client that acts as a browser: cookies, forms with CSRF tokens, and parsed pages."""

import html
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests

TIMEOUT = 60


class StepFailedError(Exception):
    """A step of the journey failed; the message names the step and the site's answer."""


class _Tags(HTMLParser):
    """Every start tag of a page as (name, attributes)."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


class Page:
    """An answer of the site."""

    def __init__(self, response: requests.Response) -> None:
        self.response = response
        self.url = response.url
        self.text = response.text

    def tags(self, name: str, **attributes: str) -> list[dict[str, str]]:
        """The tags called `name` whose attributes have these values; `data_x` means `data-x`."""
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [
            found
            for tag, found in _Tags(self.text).found
            if tag == name and all(found.get(key) == value for key, value in wanted.items())
        ]

    def first_tag(self, name: str, having: str) -> dict[str, str]:
        """The first tag called `name` that has the attribute `having`."""
        for tag, found in _Tags(self.text).found:
            if tag == name and having in found:
                return found
        raise StepFailedError(f"{self.url} has no <{name} {having}>: {self.main_text()}")

    def main_text(self) -> str:
        """The words of the page's main part, for a message."""
        main = self.text.partition("<main")[2] or self.text
        words = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", main)))
        return f"{self.response.status_code} {' '.join(words.split())[:400]}"


class Browser:
    """One person at the site. `language` is what their browser asks for."""

    def __init__(self, site: str, language: str = "ar") -> None:
        self.site = site
        self.session = requests.Session()
        # The site is on this machine; a proxy of the environment is not used.
        self.session.trust_env = False
        self.session.headers["Accept-Language"] = language

    def get(self, path: str, **params: str) -> Page:
        return self._page(self.session.get(urljoin(self.site, path), params=params, timeout=TIMEOUT))

    def post(self, path: str, data: dict[str, Any], files: dict[str, Any] | None = None) -> Page:
        """Send a form with the token of the browser's own cookie."""
        answer = self.session.post(
            urljoin(self.site, path),
            data={**data, "csrfmiddlewaretoken": self._token()},
            files=files,
            headers={"Referer": self.site},
            timeout=TIMEOUT,
        )
        return self._page(answer)

    def post_json(self, path: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.session.post(
            urljoin(self.site, path),
            json=data,
            headers={"Referer": self.site, "X-CSRFToken": self._token()},
            timeout=TIMEOUT,
        )
        self._page(answer)
        return answer.json()

    def fetch(self, path: str, **headers: str) -> bytes:
        answer = self.session.get(urljoin(self.site, path), headers=headers, timeout=TIMEOUT)
        if not answer.ok:
            raise StepFailedError(f"{path} answered {answer.status_code}")
        return answer.content

    def log_in(self, login: str, password: str) -> Page:
        self.get("/ar/accounts/login/")
        page = self.post("/ar/accounts/login/", {"login": login, "password": password})
        if "/login/" in page.url:
            raise StepFailedError(f"{login} cannot log in: {page.main_text()}")
        return page

    def _token(self) -> str:
        return self.session.cookies.get("csrftoken") or ""

    def _page(self, answer: requests.Response) -> Page:
        page = Page(answer)
        if not answer.ok:
            raise StepFailedError(f"{answer.request.method} {answer.url} answered {page.main_text()}")
        return page
