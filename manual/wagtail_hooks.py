"""Registers the manual in the workplace: its addresses, its place in the menu of help instead of Wagtail's guide, and its search."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.scoping.finding import Finder
from manual.finders import FINDERS


@hooks.register("register_admin_urls")
def register_manual() -> list[URLPattern | URLResolver]:
    return [path("manual/", include("manual.urls"))]


@hooks.register("register_help_menu_item")
def list_manual() -> MenuItem:
    return MenuItem(_("Manual"), reverse_lazy("manual:index"), name="manual", icon_name="help", order=100)


@hooks.register("register_account_menu_item")
def offer_manual(_request: HttpRequest) -> dict[str, Any]:
    return {
        "url": reverse("manual:index"),
        "label": _("Manual"),
        "help_text": _("How each page of the workplace is used."),
    }


@hooks.register("construct_help_menu")
def keep_inside(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Take out Wagtail's guide and its news: they are on another site, in English, and about another product."""
    items[:] = [item for item in items if str(item.url).startswith(("/", "#"))]


@hooks.register("register_finders")
def register_finders() -> Sequence[type[Finder]]:
    return FINDERS
