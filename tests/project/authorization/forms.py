"""Form data as a browser would post them: the values that the form shows, and a plausible value in each empty field."""

from typing import Any

from bs4 import BeautifulSoup, SoupStrainer, Tag
from django.utils import timezone

# What scripts of Wagtail's editor add: no blocks and no comments.
BY_SCRIPTS = {"body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
EMPTY = {"email": "x@example.org", "number": "1", "url": "https://example.org/", "tel": "01001234567"}


def plausible_body(html: str) -> dict[str, Any]:
    """The body of the largest form of the page that posts; empty where there is none."""
    page = BeautifulSoup(html, "html.parser", parse_only=SoupStrainer("form"))
    forms = [form for form in page.find_all("form") if _posts(form)]
    bodies = [_body(form) for form in forms]
    return max(bodies, key=len, default={})


def _posts(form: Tag) -> bool:
    return str(form.get("method", "")).lower() == "post" and "logout" not in str(form.get("action", ""))


def _body(form: Tag) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for field in form.find_all(["input", "select", "textarea", "button"]):
        name = str(field.get("name", ""))
        if name and name != "csrfmiddlewaretoken" and name not in body:
            value = _value(field)
            if value is not None:
                body[name] = value
    return body | BY_SCRIPTS


def _value(field: Tag) -> str | None:  # noqa: PLR0911 - one line for each kind of field
    kind = str(field.get("type", "text")).lower()
    if field.name == "select":
        options = [option for option in field.find_all("option") if option.get("value")]
        chosen = [option for option in options if option.has_attr("selected")] or options
        return str(chosen[0]["value"]) if chosen else None
    if field.name == "textarea":
        return field.get_text().strip() or "x"
    if field.name == "button" or kind == "submit":
        return str(field.get("value", ""))
    if kind == "file":
        return None
    if kind in {"date", "datetime-local"} or "date" in str(field.get("name")):
        return str(field.get("value") or timezone.localdate().isoformat())
    if kind in {"checkbox", "radio"}:
        return str(field.get("value", "on"))
    if kind == "hidden":
        return str(field.get("value", ""))
    return str(field.get("value") or EMPTY.get(kind, "x"))
