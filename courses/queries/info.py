"""Finds the ministry's pages of text."""

from urllib.parse import urlsplit

from django.utils import timezone
from wagtail.models import Locale

from accounts.services.consents import PrivacyNotice, register_privacy_notice
from courses.enums import InfoKind
from courses.models import InfoPage


def info_page(kind: str) -> InfoPage | None:
    """The page of a kind that is online: in the active language, else in any."""
    pages = InfoPage.objects.live().filter(kind=kind)
    return pages.filter(locale=Locale.get_active()).first() or pages.order_by("pk").first()


@register_privacy_notice
def notice_online() -> PrivacyNotice | None:
    page = info_page(InfoKind.PRIVACY)
    if page is None or page.live_revision is None:
        return None
    published = timezone.localdate(page.live_revision.created_at)
    version = f"{published:%Y-%m-%d} {page.locale.language_code} {page.live_revision_id}"
    return PrivacyNotice(version, page.live_revision, urlsplit(page.url or "").path)
