"""Assigns pages to centers, and makes the collection of a center's pictures and documents."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import Collection, Page

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import Center, CenterLibrary, ContentOwner, User
from accounts.scoping import may_everywhere


class AssigningNotYours(DomainError):
    message = _("Only the ministry decides which center writes a page.")


class AssignedAround(DomainError):
    message = _(
        "“%(title)s”, above or below this page, is assigned to %(center)s. One center writes a page and everything under it."
    )


@transaction.atomic
def assign_content(*, page_id: int, center: Center | None, by: User) -> None:
    """Let `center` write a page and everything under it, in every language; None gives it back to the ministry.

    Raises `AssigningNotYours`, `AssignedAround`.
    """
    if not may_everywhere(by, Act.ASSIGN_CONTENT):
        raise AssigningNotYours
    page = Page.objects.select_for_update(of=("self",)).get(pk=page_id)
    _require_nothing_assigned_around(page)
    before = (
        ContentOwner.objects.filter(translation_key=page.translation_key).select_related("center").first()
    )
    if center is None:
        ContentOwner.objects.filter(translation_key=page.translation_key).delete()
    else:
        ContentOwner.objects.update_or_create(
            translation_key=page.translation_key, defaults={"center": center, "given_by": by}
        )
        open_library(center=center)
    codes = {"before": before.center.code if before else "", "after": center.code if center else ""}
    log(page.specific, "accounts.content.assign", user=by, data=codes)


@transaction.atomic
def open_library(*, center: Center) -> Collection:
    """The collection of `center`, made when it is first needed."""
    Center.objects.select_for_update(of=("self",), no_key=True).get(pk=center.pk)
    library = CenterLibrary.objects.filter(center=center).select_related("collection").first()
    if library is not None:
        return library.collection
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    collection = root.add_child(name=f"{center.code} {center.name_ar}")
    CenterLibrary.objects.create(center=center, collection=collection)
    return collection


def _require_nothing_assigned_around(page: Page) -> None:
    others = ContentOwner.objects.exclude(translation_key=page.translation_key)
    for translation in Page.objects.filter(translation_key=page.translation_key):
        around = translation.get_ancestors() | translation.get_descendants()
        other = around.filter(translation_key__in=others.values("translation_key")).first()
        if other is not None:
            owner = others.select_related("center").get(translation_key=other.translation_key)
            raise AssignedAround(title=other.title, center=owner.center)
