"""Metadata of pages for search engines and link previews."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from courses.models import CatalogPage, CoursePage, ProgramPage, UnitPage
from lms.navigation import translations_online
from lms.shared_rows import closed_paths

# What of a description search engines show.
DESCRIPTION_CHARACTERS = 160
# Characters that would end the script element or begin a comment in it.
ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
# Pages for all that no editor writes: the title and the description of each.
PLAIN_PAGES: dict[str, tuple[str | Promise, str | Promise]] = {
    "courses:catalog": (
        _("All programs"),
        _("Programs of vocational training by trade, level and place, and when they start."),
    ),
    "courses:centers": (
        _("Training centers"),
        _("Where the practical days are, and what you can join there."),
    ),
    "certificates:verify": (
        _("Check a certificate"),
        _("Check by its code or QR code that a certificate of the ministry is genuine and valid."),
    ),
    "certificates:check_list": (
        _("Check many certificates"),
        _("For employers: check the codes of many certificates at once."),
    ),
}


@dataclass(frozen=True)
class Metadata:
    """The metadata of a page for all. `alternates` are its addresses by language, none where it has one language."""

    title: str
    description: str
    address: str
    alternates: dict[str, str]
    picture: str
    course: SafeString | None


def is_for_all(request: HttpRequest, page: Page) -> bool:
    """Whether a page of the tree is for search engines: courses and units are for the trainees of a cohort."""
    if isinstance(page, CoursePage | UnitPage) or not page.live:
        return False
    # Most sites restrict no page at all.
    return not closed_paths(request) or not page.get_view_restrictions()


def metadata_of(request: HttpRequest, page: Page | None, *, provider: str) -> Metadata | None:
    """None for what search engines are to leave out. `provider` is the name of the authority that offers programs."""
    if getattr(request, "is_preview", False):
        return None
    if page is not None:
        return _of_page(request, page, provider) if is_for_all(request, page) else None
    match = request.resolver_match
    # The answer about a code has the name of the form, and the code; searches and filters show parts of a list.
    if match is None or match.view_name not in PLAIN_PAGES or match.kwargs or request.GET:
        return None
    title, description = PLAIN_PAGES[match.view_name]
    addresses = {code: translate_url(request.path, code) for code, _name in settings.LANGUAGES}
    return _metadata(str(title), str(description), request.path, addresses)


def _of_page(request: HttpRequest, page: Page, provider: str) -> Metadata:
    address, described = page.get_url(request), description_of(page)
    others = translations_online(request, page)
    closed = closed_paths(request)
    addresses = {page.locale.language_code: address} | {
        other.locale.language_code: other.get_url(request)
        for other in others
        # A restriction holds for what is below its page, too.
        if not any(other.path.startswith(path) for path in closed)
    }
    course = course_data(page, described, provider) if isinstance(page, ProgramPage) else None
    title = page.seo_title or (page.front_heading if isinstance(page, CatalogPage) else page.title)
    return _metadata(title, described, address, addresses, course)


def _metadata(
    title: str, description: str, address: str, addresses: dict[str, str], course: SafeString | None = None
) -> Metadata:
    in_order = [code for code, _name in settings.LANGUAGES if code in addresses]
    return Metadata(
        title=title,
        description=description,
        address=absolute(address),
        alternates={code: absolute(addresses[code]) for code in in_order} if len(in_order) > 1 else {},
        picture=absolute(static("img/share.png")),
        course=course,
    )


def absolute(address: str) -> str:
    """The address with the site's own host, whatever name the request came by."""
    return urljoin(f"{settings.SITE_URL}/", address)


def description_of(page: Page) -> str:
    """What its editors wrote for search engines, else the beginning of its text, else what the site is."""
    texts = (getattr(page, name, "") for name in ("search_description", "front_sentence", "summary", "body"))
    # Text blocks end a sentence where their tags end.
    plain = (" ".join(strip_tags(str(text).replace("<", " <")).split()) for text in texts)
    said = next((text for text in plain if text), "")
    return Truncator(said).chars(DESCRIPTION_CHARACTERS) or str(
        _(
            "Vocational training: lessons on the phone, days in the workshop, certificates that employers can check."
        )
    )


def course_data(page: ProgramPage, description: str, provider: str) -> SafeString:
    """The program as JSON-LD with schema.org terms, for a script element."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": page.title,
        "description": description,
        "courseCode": page.code,
        "inLanguage": page.locale.language_code,
        "url": absolute(page.get_url()),
        "provider": {"@type": "GovernmentOrganization", "name": provider, "url": absolute("/")},
        "hasCourseInstance": {
            "@type": "CourseInstance",
            "courseMode": "Blended",
            "courseWorkload": f"PT{page.hours}H",
        },
    }
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(ESCAPED))  # noqa: S308 - escaped by the table
