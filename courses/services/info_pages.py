"""Initial pages of text about the site in a new installation."""

from pathlib import Path

from django.db import transaction
from wagtail.models import Locale, Page

from accounts.models import User
from courses.enums import InfoKind
from courses.models import CatalogPage, InfoPage

TEXTS = Path(__file__).parent.parent / "info_texts"
# By language, the source first; editors change them like any page.
TITLES = {
    "ar": {
        InfoKind.PRIVACY: "إشعار الخصوصية",
        InfoKind.TERMS: "شروط الاستخدام",
        InfoKind.HELP: "المساعدة",
        InfoKind.CONTACT: "اتصل بنا",
        InfoKind.ACCESSIBILITY: "بيان الإتاحة للجميع",
    },
    "en": {
        InfoKind.PRIVACY: "Privacy notice",
        InfoKind.TERMS: "Terms of use",
        InfoKind.HELP: "Help",
        InfoKind.CONTACT: "Contact",
        InfoKind.ACCESSIBILITY: "Accessibility statement",
    },
}


@transaction.atomic
def open_info_pages(*, by: User | None = None) -> None:
    """Make the page of each kind in both languages below the catalog. What is there already stays as its editors left it."""
    catalog = CatalogPage.objects.filter(locale__language_code="ar").order_by("pk").first()
    if catalog is None:
        return
    for kind in InfoKind:
        page = InfoPage.objects.filter(kind=kind, locale__language_code="ar").order_by("pk").first()
        _translate(page or _published(kind, catalog, by), by)


def _published(kind: InfoKind, catalog: CatalogPage, by: User | None) -> InfoPage:
    # An editor's page may have the plain address already.
    taken = set(catalog.get_children().values_list("slug", flat=True))
    slug = kind.value if kind not in taken else f"about-{kind}"
    page = InfoPage(
        title=TITLES["ar"][kind], slug=slug, kind=kind, body=_text("ar", kind), locale=catalog.locale
    )
    catalog.add_child(instance=page)
    page.save_revision(user=by).publish(user=by)
    return page


def _translate(page: InfoPage, by: User | None) -> None:
    english = Locale.objects.filter(language_code="en").first()
    parent: Page = page.get_parent()
    if english is None or not parent.has_translation(english) or page.has_translation(english):
        return
    translation = page.copy_for_translation(english)
    translation.title, translation.body = TITLES["en"][InfoKind(page.kind)], _text("en", page.kind)
    translation.save_revision(user=by).publish(user=by)


def _text(language: str, kind: str) -> str:
    return (TEXTS / language / f"{kind}.html").read_text(encoding="utf-8")
