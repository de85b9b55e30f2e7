"""The site's main navigation, and the entry that a page belongs to."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from courses.models import CatalogPage, InfoPage, UnitPage


@dataclass(frozen=True, slots=True)
class Place:
    url_name: str
    label: str | Promise
    icon: str
    is_for_members: bool
    is_for_visitors: bool


@dataclass(frozen=True, slots=True)
class NavigationItem:
    url: str
    label: str | Promise
    icon: str
    is_current: bool


PLACES = (
    Place("courses:my_learning", _("My learning"), "learning", is_for_members=True, is_for_visitors=False),
    Place("courses:catalog", _("Programs"), "programs", is_for_members=True, is_for_visitors=True),
    Place("courses:centers", _("Centers"), "place", is_for_members=False, is_for_visitors=True),
    Place("live:index", _("Live classes"), "live", is_for_members=True, is_for_visitors=False),
    Place(
        "certificates:mine", _("My certificates"), "certificate", is_for_members=True, is_for_visitors=False
    ),
    Place(
        "certificates:verify", _("Check a certificate"), "verify", is_for_members=False, is_for_visitors=True
    ),
)


def navigation_for(request: HttpRequest, page: Page | None = None) -> list[NavigationItem]:
    """The places this reader has, in order. A unit belongs to one's learning, the front page and a text of the
    ministry to no place, any other page to the programs;
    elsewhere the deepest address that holds the page is the current one.
    """
    is_member = request.user.is_authenticated
    places = [
        (place, reverse(place.url_name))
        for place in PLACES
        if (place.is_for_members if is_member else place.is_for_visitors)
    ]
    if isinstance(page, InfoPage | CatalogPage):
        here = ""
    elif page is not None:
        here = reverse("courses:my_learning" if isinstance(page, UnitPage) else "courses:catalog")
    else:
        here = max((url for _place, url in places if request.path.startswith(url)), key=len, default="")
    return [NavigationItem(url, place.label, place.icon, is_current=url == here) for place, url in places]


def translations_online(request: HttpRequest, page: Page) -> list[Page]:
    """The page in its other languages, with what their addresses need. Read once for a request, which asks for them twice."""
    asked = getattr(request, "_translations_online", None)
    if asked is None or asked[0] != page.pk:
        others = Page.objects.live().filter(translation_key=page.translation_key).exclude(pk=page.pk)
        # Of forty columns, those of an address.
        shown = others.select_related("locale").only("path", "url_path", "locale__language_code")
        asked = (page.pk, list(shown))
        request._translations_online = asked  # type: ignore[attr-defined]
    translations: list[Page] = asked[1]
    return translations


def language_url(request: HttpRequest, language: str, page: Page | None = None) -> str:
    """The address of this same page in `language`; that language's front page where there is none."""
    front = f"/{language}/"
    # A unit as a cohort is taught it has the address of that cohort's trainee, in both languages.
    if page is not None and getattr(request.resolver_match, "view_name", "") != "courses:unit":
        translation = next(
            (other for other in translations_online(request, page) if other.locale.language_code == language),
            None,
        )
        # Filters are codes and keys, the same in both languages; a search finds the words of either.
        query = request.GET.urlencode()
        return f"{translation.get_url(request)}{query and '?'}{query}" if translation else front
    address = translate_url(request.get_full_path(), language)
    return front if address == request.get_full_path() and get_language() != language else address
