"""Saved views of lists and the columns that are shown: each the owner's, and shared in one center by those who manage it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import Center, SavedView, User
from accounts.models.saved_views import LONGEST_NAME_OF_VIEW, MOST_VIEWS
from accounts.scoping import may

# Who may do this in a center shares views with those who work there.
ACT_OF_SHARING = Act.MANAGE_MEMBERS


class ViewWithoutName(DomainError):
    message = _("Give the view a name.")


class ViewNamedSo(DomainError):
    message = _("You have a view “%(name)s” of this list already. Choose another name, or delete that one.")


class TooManyViews(DomainError):
    message = _("A list has at most %(most)s views of yours. Delete one that you do not need.")


class TooManyShared(DomainError):
    message = _("A center shares at most %(most)s views of a list. Stop sharing one first.")


class NoSuchView(DomainError):
    message = _("This saved view is not there any more, or not for you.")


class MayNotShare(DomainError):
    message = _("Views are shared in a center by those who manage it.")


def _own_views(list_name: str, by: User) -> list[SavedView]:
    """Locked by their owner, so that two tabs cannot pass a limit together."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    return list(SavedView.objects.filter(owner=by, list_name=list_name))


def _own_view(view_id: int, by: User) -> tuple[SavedView, list[SavedView]]:
    """A view and all of the same list. Raises `NoSuchView`."""
    list_name = SavedView.objects.filter(owner=by, pk=view_id).values_list("list_name", flat=True).first()
    views = _own_views(list_name, by) if list_name else []
    view = next((one for one in views if one.pk == view_id and one.name), None)
    if view is None:
        raise NoSuchView
    return view, views


def _name_among(views: Sequence[SavedView], name: str, *, but: int | None = None) -> str:
    name = " ".join(name.split())[:LONGEST_NAME_OF_VIEW]
    if not name:
        raise ViewWithoutName
    if any(view.name == name and view.pk != but for view in views):
        raise ViewNamedSo(name=name)
    return name


@transaction.atomic
def save_view(
    *, list_name: str, name: str, parameters: Mapping[str, Sequence[str]], columns: Sequence[str], by: User
) -> SavedView:
    """Keep what a list shows under a name. `parameters` were taken by the list's own form (`StaffList.accepted`).

    Raises `ViewWithoutName`, `ViewNamedSo`, `TooManyViews`.
    """
    views = _own_views(list_name, by)
    name = _name_among(views, name)
    if sum(1 for view in views if view.name) >= MOST_VIEWS:
        raise TooManyViews(most=MOST_VIEWS)
    return SavedView.objects.create(
        owner=by,
        list_name=list_name,
        name=name,
        parameters={key: list(values) for key, values in parameters.items()},
        columns=list(columns),
    )


@transaction.atomic
def change_columns(*, view_id: int, columns: Sequence[str], by: User) -> SavedView:
    """Show these columns of the list in a view, in this order. Raises `NoSuchView`."""
    view, _views = _own_view(view_id, by)
    view.columns = list(columns)
    view.save(update_fields=["columns"])
    return view


@transaction.atomic
def rename_view(*, view_id: int, name: str, by: User) -> SavedView:
    """Raises `NoSuchView`, `ViewWithoutName`, `ViewNamedSo`."""
    view, views = _own_view(view_id, by)
    view.name = _name_among(views, name, but=view.pk)
    view.save(update_fields=["name"])
    return view


@transaction.atomic
def open_with_view(*, view_id: int, is_default: bool, by: User) -> SavedView:
    """Open the list with this view, or no longer. Raises `NoSuchView`."""
    view, _views = _own_view(view_id, by)
    SavedView.objects.filter(owner=by, list_name=view.list_name, is_default=True).update(is_default=False)
    view.is_default = is_default
    view.save(update_fields=["is_default"])
    return view


@transaction.atomic
def share_view(*, view_id: int, center: Center, by: User) -> SavedView:
    """Show it to those who work in a center. Raises `NoSuchView`, `MayNotShare`, `TooManyShared`."""
    view, _views = _own_view(view_id, by)
    if not may(by, ACT_OF_SHARING, on=center):
        raise MayNotShare
    Center.objects.select_for_update(of=("self",), no_key=True).get(pk=center.pk)
    shared = SavedView.objects.filter(center=center, list_name=view.list_name).exclude(pk=view.pk)
    if shared.count() >= MOST_VIEWS:
        raise TooManyShared(most=MOST_VIEWS)
    view.center = center
    view.save(update_fields=["center"])
    log(center, "accounts.list.share", user=by, data={"view": view.name, "address": view.list_name})
    return view


@transaction.atomic
def stop_sharing(*, view_id: int, by: User) -> SavedView:
    """By its owner, or by who manages the center; the owner keeps it. Raises `NoSuchView`."""
    view = SavedView.objects.select_for_update(of=("self",)).filter(pk=view_id).first()
    if view is None or view.center is None:
        raise NoSuchView
    if view.owner_id != by.pk and not may(by, ACT_OF_SHARING, on=view.center):
        raise NoSuchView
    center, view.center = view.center, None
    view.save(update_fields=["center"])
    log(center, "accounts.list.stop_sharing", user=by, data={"view": view.name, "address": view.list_name})
    return view


@transaction.atomic
def delete_view(*, view_id: int, by: User) -> None:
    """Raises `NoSuchView`."""
    view, _views = _own_view(view_id, by)
    view.delete()


@transaction.atomic
def choose_columns(*, list_name: str, columns: Sequence[str], by: User) -> None:
    """Show only these columns of a list, in this order; without any, all of them as the list has them."""
    _own_views(list_name, by)
    nameless: dict[str, Any] = {"owner": by, "list_name": list_name, "name": ""}
    if columns:
        SavedView.objects.update_or_create(**nameless, defaults={"columns": list(columns)})
    else:
        SavedView.objects.filter(**nameless).delete()
