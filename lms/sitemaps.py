"""Sitemaps: each public page in each language that it has."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils.translation import get_language, override
from wagtail.models import Page

from courses.models import CoursePage, UnitPage
from lms.metadata import PLAIN_PAGES, absolute

type Addresses = dict[str, str]


class InBothLanguages(Sitemap[Addresses]):
    """A sitemap of things with an address by language."""

    i18n = True
    alternates = True
    # A search engine takes 50,000 at once; so many are quickly made.
    limit = 2000

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_urls(self, *args: Any, **named: Any) -> list[dict[str, Any]]:
        """Django's `x-default` alternate is the address without a language, which redirects by the reader's language."""
        urls: list[dict[str, Any]] = super().get_urls(*args, **named)
        for url in urls:
            first = url["alternates"][0]
            url["alternates"].append({**first, "lang_code": "x-default"})
        return urls

    def get_languages_for_item(self, item: Addresses) -> list[str]:
        return [code for code, _name in settings.LANGUAGES if code in item]

    def location(self, item: Addresses) -> str:
        return urlsplit(absolute(item[str(get_language())])).path


class PagesOfTheTree(InBothLanguages):
    """What editors published for all. Two queries, however many pages there are."""

    def items(self) -> list[Addresses]:
        pages = Page.objects.live().public().not_type(CoursePage, UnitPage).filter(depth__gt=1)
        by_thing: dict[Any, Addresses] = defaultdict(dict)
        for page in pages.select_related("locale").order_by("path"):
            # Pages outside the tree of a site have no address.
            if address := page.get_url():
                by_thing[page.translation_key][page.locale.language_code] = address
        return list(by_thing.values())


class PlainPages(InBothLanguages):
    """What no editor writes."""

    def items(self) -> list[Addresses]:
        return [{code: translated(name, code) for code, _name in settings.LANGUAGES} for name in PLAIN_PAGES]


def translated(name: str, language: str) -> str:
    with override(language):
        return reverse(name)


SITEMAPS = {"pages": PagesOfTheTree, "plain": PlainPages}
