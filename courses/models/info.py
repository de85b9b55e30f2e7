"""Pages of text about the site: privacy, terms, help, contact, accessibility."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from accounts.models import User
from courses.enums import InfoKind
from courses.models.reviews import ContentPage, ContentPermissionTester

INFO_FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]


class InfoPermissionTester(ContentPermissionTester):
    """Texts that every page links to, and that consents may name, are not deleted."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:  # noqa: FBT001, FBT002 - Wagtail's signature
        return not self.page.kind and super().can_delete(ignore_bulk)


class InfoPage(ContentPage):
    """A page of text. One of each kind is linked at the foot of every page of the site."""

    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=InfoKind,
        blank=True,
        help_text=_("Pages of a kind are linked at the foot of every page. Empty for any other text."),
    )
    body = RichTextField(_("text"), features=INFO_FEATURES)

    content_panels = [*Page.content_panels, FieldPanel("body")]
    parent_page_types = ("courses.CatalogPage",)
    subpage_types = ()
    template = "courses/info_page.html"
    page_description = _("A text of the ministry, such as the privacy notice or help.")

    class Meta:
        verbose_name = _("page of information")
        verbose_name_plural = _("pages of information")

    def permissions_for_user(self, user: User) -> InfoPermissionTester:
        return InfoPermissionTester(user, self)
