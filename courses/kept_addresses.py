"""What is kept of the address of a page: never a query, and of its path only what names a page or a row by a key that opens nothing.

The path is written again from the route of the site, with those arguments that are listed here. So a token, a code or a secret that a
new address has is left out until somebody lists it.
"""

import re
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import get_language, get_language_from_path, override
from wagtail.models import Page, Site

# Names of arguments. Keys of rows are asked for together with the login that may open them.
KEPT = frozenset({"cohort", "enrollment", "kind", "public_id", "session", "unit_key"})
# Those of them that are texts name nothing else than these letters.
KEY = re.compile(r"[a-z_-]{1,40}")
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
# Routes of regular expressions are not written again.
IS_EXPRESSION = re.compile(r"[\\^$(]")
LEFT_OUT = "…"
# Where help is asked for: it is not where something went wrong.
ASKING = frozenset({"courses:call_back", "courses:call_back_sent"})
LONGEST_TYPED = 2000
LONGEST_KEPT = 300


def kept_address(typed: str) -> str:
    """The path of a page of this site as it may be kept; empty for what is no page here."""
    path = _path(typed)
    if not path:
        return ""
    with override(get_language_from_path(path) or get_language() or settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return ""
    if match.view_name in ASKING:
        return ""
    if match.view_name == "wagtail_serve":
        kept = path if _is_page(path) else ""
    elif IS_EXPRESSION.search(match.route):
        kept = ""
    else:
        kept = "/" + ARGUMENT.sub(lambda name: _argument(name[1], match.kwargs), match.route)
    return kept if len(kept) <= LONGEST_KEPT else ""


def keys_in(address: str) -> dict[str, UUID]:
    """The keys in an address that `kept_address` wrote, by their names."""
    match = _match_of(address)
    if match is None:
        return {}
    return {name: value for name, value in match.kwargs.items() if name in KEPT and isinstance(value, UUID)}


def view_of(address: str) -> str:
    """The name of the view of an address that `kept_address` wrote; empty where it is not known any more."""
    match = _match_of(address)
    return match.view_name if match else ""


def _match_of(address: str) -> ResolverMatch | None:
    if not address or LEFT_OUT in address:
        return None
    with override(get_language_from_path(address) or get_language() or settings.LANGUAGE_CODE):
        try:
            return resolve(address)
        except Resolver404:
            return None


def _path(typed: str) -> str:
    """The path alone; empty for another site, or what no browser sends."""
    if len(typed) > LONGEST_TYPED or "\0" in typed:
        return ""
    try:
        parts = urlsplit(typed)
    except ValueError:
        return ""
    path = unquote(parts.path)
    return path if path.startswith("/") and not path.startswith("//") else ""


def _argument(name: str, given: dict[str, object]) -> str:
    value = given.get(name)
    is_kept = name in KEPT and (isinstance(value, UUID) or (isinstance(value, str) and KEY.fullmatch(value)))
    return str(value) if is_kept else LEFT_OUT


def _is_page(path: str) -> bool:
    """Whether a published page has this address: anything else below a language leads to Wagtail, too."""
    language, _slash, below = path.strip("/").partition("/")
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return False
    roots = Page.objects.filter(translation_key=site.root_page.translation_key)
    root = roots.filter(locale__language_code=language).values_list("url_path", flat=True).first()
    address = f"{root}{below}/" if below else root
    return root is not None and Page.objects.live().filter(url_path=address).exists()
