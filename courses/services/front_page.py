"""Sets up the front page."""

from django.db import transaction
from wagtail.models import Locale, Page, Site

from accounts.models import User
from courses.models import CatalogPage

SITE_NAME = "مهنة"
# By language, the source first; editors change them like any page.
TITLES = {"ar": "البرامج المهنية", "en": "Vocational programs"}
INTRODUCTIONS = {
    "ar": "<p>برامج مجانية معتمدة من وزارة العمل: دروس مصورة على هاتفك، وأيام في الورشة، وشهادة يتحقق منها صاحب العمل.</p>",
    "en": "<p>Free programs of the Ministry of Labor: filmed lessons on your phone, days in the workshop, and a "
    "certificate employers can verify.</p>",
}


@transaction.atomic
def open_front_page(*, by: User | None = None) -> CatalogPage:
    """Make the catalog the front page in both languages: `/ar/` and `/en/` answer with it. Repeated, it changes nothing.

    A site whose root an editor chose keeps it; only Wagtail's own first page gives way.
    """
    for language in TITLES:
        Locale.objects.get_or_create(language_code=language)
    catalog = CatalogPage.objects.filter(locale__language_code="ar").first() or _published_catalog(by)
    _translate(catalog, by)
    _put_at_the_root(catalog)
    return catalog


def _published_catalog(by: User | None) -> CatalogPage:
    catalog = CatalogPage(
        title=TITLES["ar"],
        intro=INTRODUCTIONS["ar"],
        slug="programs",
        locale=Locale.objects.get(language_code="ar"),
    )
    (Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))).add_child(
        instance=catalog
    )
    catalog.save_revision(user=by).publish(user=by)
    return catalog


def _translate(catalog: CatalogPage, by: User | None) -> None:
    english = Locale.objects.get(language_code="en")
    if catalog.get_translation_or_none(english) is None:
        translation = catalog.copy_for_translation(english)
        translation.title, translation.intro = TITLES["en"], INTRODUCTIONS["en"]
        translation.save_revision(user=by).publish(user=by)


def _put_at_the_root(catalog: CatalogPage) -> None:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        Site.objects.create(
            hostname="localhost", root_page=catalog, site_name=SITE_NAME, is_default_site=True
        )
        return
    welcome = site.root_page
    # A plain page can only be Wagtail's: our editors make pages of our own kinds.
    if welcome.specific_class is Page and welcome.pk != catalog.pk:
        site.root_page, site.site_name = catalog, SITE_NAME
        site.save(update_fields=["root_page", "site_name"])
        if not welcome.is_root() and not welcome.get_children().exists():
            welcome.delete()
