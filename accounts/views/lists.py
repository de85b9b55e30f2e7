"""The pages on which members of staff keep views of a list and choose its columns, of all lists at once.

`of` in the address is the address of the list, on this site, and `asked` what it was asked for. The list itself is set up for the same
user, so that its fence answers first and its own form says what may be kept.
"""

import copy
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.digits import read_key
from accounts.errors import DomainError
from accounts.forms.lists import ColumnsForm, NameOfViewForm, ShareViewForm
from accounts.models import Center, SavedView
from accounts.scoping import centers_where
from accounts.scoping.lists import OPEN, OPENED, StaffList
from accounts.scoping.requests import MemberRequest
from accounts.services.saved_views import (
    ACT_OF_SHARING,
    NoSuchView,
    change_columns,
    choose_columns,
    delete_view,
    open_with_view,
    rename_view,
    save_view,
    share_view,
    stop_sharing,
)

LONGEST_ADDRESS = 8000


def list_at(path: str, asked: str, request: MemberRequest) -> StaffList:
    """The list at an address of this site, set up for the user of `request`. Raises Http404, also where its fence does."""
    try:
        match = resolve(path)
    except Resolver404 as nowhere:
        raise Http404 from nowhere
    view_class = getattr(match.func, "view_class", None)
    if view_class is None or not issubclass(view_class, StaffList):
        raise Http404
    of_list = copy.copy(request)
    of_list.method, of_list.path, of_list.GET = "GET", path, QueryDict(asked[:LONGEST_ADDRESS])
    view: StaffList = view_class(**getattr(match.func, "view_initkwargs", {}))
    view.setup(of_list, *match.args, **match.kwargs)
    return view


class PageOfList(WagtailAdminTemplateMixin, FormView):
    request: MemberRequest
    of: StaffList

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The fence of the list answers before anything is done. Without a list there is nothing to keep."""
        asked = self.request.GET
        if "of" not in asked:
            return redirect("wagtailadmin_home")
        self.of = list_at(asked["of"], asked.get("asked", ""), self.request)
        return super().dispatch(*args, **kwargs)

    def get_header_icon(self) -> str:
        return str(self.of.get_header_icon())

    def get_page_subtitle(self) -> str:
        return str(self.of.get_page_title())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": self.list_url, "label": self.of.get_page_title()},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]

    @property
    def list_url(self) -> str:
        """Back to what the list showed."""
        asked = self.of.request.GET.urlencode()
        return f"{self.of.list_path}?{asked}" if asked else self.of.list_path

    @property
    def own_url(self) -> str:
        of = urlencode({"of": self.of.list_path, "asked": self.of.request.GET.urlencode()})
        return f"{self.request.path}?{of}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(list_url=self.list_url, **kwargs)


class ListViewsView(PageOfList):
    """Saves what the list shows under a name; renames, shares and deletes views."""

    template_name = "accounts/admin/list_views.html"
    page_title = gettext_lazy("Saved views")
    form_class = NameOfViewForm

    @cached_property
    def centers(self) -> QuerySet[Center]:
        """Where the user may share views."""
        return centers_where(self.request.user, ACT_OF_SHARING).filter(is_active=True)

    def form_valid(self, form: NameOfViewForm) -> HttpResponse:
        kept = self.of.accepted(self.of.parameters_asked)
        try:
            view = save_view(
                list_name=self.of.list_name,
                name=form.cleaned_data["name"],
                parameters=kept.parameters,
                columns=self.of.chosen_columns,
                by=self.request.user,
            )
        except DomainError as refusal:
            form.add_error("name", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved as “%(name)s”.") % {"name": view.name})
        return redirect(f"{self.of.list_path}?{OPEN}={view.pk}")

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        act = ACTS.get(self.request.POST.get("act", ""))
        if act is None:
            return super().post(*args, **kwargs)  # type: ignore[no-any-return]
        key = read_key(self.request.POST.get("view", ""))
        try:
            if key is None:
                raise NoSuchView
            messages.success(self.request, act(self, key))
        except DomainError as refusal:
            messages.error(self.request, str(refusal))
        return redirect(self.own_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own: list[SavedView] = []
        shared: list[SavedView] = []
        managed = set(self.centers.values_list("pk", flat=True))
        for view in self.of.views:
            (own if view.owner_id == self.request.user.pk else shared).append(view)
        return super().get_context_data(
            own=own,
            shared=[(view, view.center_id in managed) for view in shared],
            share_form=ShareViewForm(centers=self.centers) if managed else None,
            open_url=f"{self.of.list_path}?{OPEN}=",
            is_anything_asked=bool(self.of.parameters_asked or self.of.chosen_columns),
            **kwargs,
        )


class ListColumnsView(PageOfList):
    """Which columns of a list are shown, and in which order: of the own view that is open, else of the list.

    A column is moved by a button that sends the form: nothing is kept before the columns are shown.
    """

    template_name = "accounts/admin/list_columns.html"
    page_title = gettext_lazy("Columns")
    form_class = ColumnsForm

    @property
    def own_view(self) -> SavedView | None:
        """The view that is open, where it is the reader's own."""
        opened = self.of.opened
        return opened if opened and opened.owner_id == self.request.user.pk else None

    @property
    def every_column(self) -> list[str]:
        return [name for name, _label in self.of.column_choices]

    @property
    def list_url(self) -> str:
        """Without a view of a colleague, whose columns stay as they are."""
        asked = self.of.request.GET.copy()
        if self.own_view is None:
            asked.pop(OPENED, None)
        return f"{self.of.list_path}?{asked.urlencode()}" if asked else self.of.list_path

    def get_initial(self) -> dict[str, Any]:
        return {"columns": self.of.chosen_columns or self.every_column}

    def get_form_kwargs(self) -> dict[str, Any]:
        labels, order = dict(self.of.column_choices), self.of.arranged_columns
        return {**super().get_form_kwargs(), "labels": labels, "order": order}

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        posted = self.request.POST
        if "reset" in posted:
            return self.keep([])
        for button, by in (("up", -1), ("down", 1)):
            if button in posted:
                return self.show_moved(posted[button], by=by)
        return super().post(*args, **kwargs)  # type: ignore[no-any-return]

    def show_moved(self, name: str, *, by: int) -> HttpResponse:
        form = self.get_form()
        form.move(name, by=by)
        return self.render_to_response(self.get_context_data(form=form, moved=name, moved_by=by))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"moved": "", "moved_by": 0, "own_view": self.own_view, **kwargs})

    def form_valid(self, form: ColumnsForm) -> HttpResponse:
        chosen = form.cleaned_data["columns"]
        return self.keep(chosen if chosen != self.every_column else [])

    def keep(self, chosen: Sequence[str]) -> HttpResponse:
        by, view = self.request.user, self.own_view
        if view:
            # All of them by their names: without any, those of the list would be shown.
            change_columns(view_id=view.pk, columns=chosen or self.every_column, by=by)
            said = _("The view “%(name)s” shows the columns as you chose them.") % {"name": view.name}
        else:
            choose_columns(list_name=self.of.list_name, columns=chosen, by=by)
            said = (
                _("The list shows the columns that you chose.")
                if chosen
                else _("The list shows all columns.")
            )
        messages.success(self.request, said)
        return redirect(self.list_url)


# What is done with a view that is there.


class IncompleteAnswer(DomainError):
    message = gettext_lazy("Nothing was changed: answer what the form asks for.")


def _filled[F: Form](form: F) -> F:
    if not form.is_valid():
        raise IncompleteAnswer
    return form


def _rename(page: ListViewsView, key: int) -> str:
    form = _filled(NameOfViewForm(page.request.POST))
    view = rename_view(view_id=key, name=form.cleaned_data["name"], by=page.request.user)
    return _("The view is called “%(name)s”.") % {"name": view.name}


def _open_with(page: ListViewsView, key: int) -> str:
    view = open_with_view(view_id=key, is_default=True, by=page.request.user)
    return _("The page opens with “%(name)s”.") % {"name": view.name}


def _open_plain(page: ListViewsView, key: int) -> str:
    open_with_view(view_id=key, is_default=False, by=page.request.user)
    return _("The page opens without a view.")


def _share(page: ListViewsView, key: int) -> str:
    form = _filled(ShareViewForm(page.request.POST, centers=page.centers))
    view: SavedView = share_view(view_id=key, center=form.cleaned_data["center"], by=page.request.user)
    facts = {"name": view.name, "center": view.center}
    return _("“%(name)s” is shared with those who work in %(center)s.") % facts


def _stop_sharing(page: ListViewsView, key: int) -> str:
    view = stop_sharing(view_id=key, by=page.request.user)
    return _("“%(name)s” is not shared any more.") % {"name": view.name}


def _delete(page: ListViewsView, key: int) -> str:
    delete_view(view_id=key, by=page.request.user)
    return _("The view is deleted.")


ACTS: dict[str, Callable[[ListViewsView, int], str]] = {
    "rename": _rename,
    "open_with": _open_with,
    "open_plain": _open_plain,
    "share": _share,
    "stop_sharing": _stop_sharing,
    "delete": _delete,
}
