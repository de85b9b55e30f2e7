"""What every list of the workplace can do: saved views, a choice of columns, and a reason where it is empty.

This module reads. `accounts.views.lists` has the pages on which views and columns are changed, of all lists at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.forms import BaseForm, MultiWidget
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_filters.widgets import SuffixedMultiWidget

from accounts.models import SavedView, User
from accounts.scoping import held_today
from accounts.scoping.empty_lists import EmptyList, empty_list

if TYPE_CHECKING:
    WagtailView = Any
else:
    WagtailView = object

# In an address: `saved` opens a view, `view` says which one is open, and 0 that none is.
OPEN, OPENED, NONE = "saved", "view", "0"
# Of an address, but not of what is asked for.
NOT_ASKED = {OPEN, OPENED, "p", "export", "columns", "_w_filter_fragment"}
MOST_SHOWN = 60
LONGEST_VALUE = 200
MOST_VALUES = 50

type Parameters = dict[str, list[str]]


@dataclass(frozen=True)
class Accepted:
    """What a list takes of the parameters, and the names of what it does not."""

    parameters: Parameters
    dropped: list[str]


@dataclass(frozen=True)
class LinkToView:
    view: SavedView
    url: str
    is_current: bool
    is_shared: bool


def kept_views(user: User, list_name: str) -> QuerySet[SavedView]:
    """What `user` keeps about a list, and named views that are shared where `user` works today; the own ones first."""
    centers = [] if user.is_superuser else [held.center for held in held_today(user) if held.center]
    mine = Q(owner=user)
    seen = SavedView.objects.filter(mine | Q(center__in=centers), list_name=list_name)
    is_mine = ExpressionWrapper(mine, output_field=BooleanField())
    return seen.annotate(is_mine=is_mine).order_by(F("is_mine").desc(), "name", "pk")


def readable(stored: object) -> Parameters | None:
    """Parameters as they were saved; None where they are not of that shape."""
    if not isinstance(stored, dict):
        return None
    for values in stored.values():
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            return None
    return stored


class StaffList(WagtailView):
    """Before the view of a list in its bases. `every_column` and `parameter_form` say what the list has."""

    # A `MemberRequest`; the views that it is mixed into say so.
    request: Any
    index_url_name: str
    results_only = False

    # What a list says of itself

    @property
    def list_name(self) -> str:
        """The same for all its readers, and for all rows that it may be about."""
        return self.index_url_name

    @property
    def list_path(self) -> str:
        return reverse(self.index_url_name)

    @property
    def all_label(self) -> str:
        """What the link to `all_url` says."""
        return _("All rows")

    @property
    def all_url(self) -> str:
        """The list without any view, also without the one that it opens with."""
        return f"{self.list_path}?{OPENED}={NONE}"

    def parameter_form(self, data: QueryDict) -> BaseForm | None:
        """The form of the filter, bound to `data`, with the choices of its reader."""
        raise NotImplementedError

    def takes_besides(self, name: str, value: str) -> bool:
        """Whether the list takes a parameter that is no field of its form."""
        return False

    @cached_property
    def column_choices(self) -> list[tuple[str, str]]:
        """The columns that may be hidden and moved, in the list's own order: names and headings."""
        raise NotImplementedError

    # Saved views

    @cached_property
    def kept(self) -> list[SavedView]:
        return list(kept_views(self.request.user, self.list_name)[:MOST_SHOWN])

    @property
    def views(self) -> list[SavedView]:
        return [view for view in self.kept if view.name]

    @property
    def opened(self) -> SavedView | None:
        """The saved view that the address says is open."""
        key = self.request.GET.get(OPENED)
        return next((view for view in self.views if str(view.pk) == key), None)

    @property
    def parameters_asked(self) -> Parameters:
        asked: Parameters = {
            name: [value for value in values if value] for name, values in self.request.GET.lists()
        }
        return {name: values for name, values in asked.items() if values and name not in NOT_ASKED}

    @property
    def is_kept(self) -> bool:
        """Whether there is nothing to save: nothing is asked for, or what the open view has already."""
        kept = readable(self.opened.parameters) if self.opened else {}
        return self.parameters_asked == kept

    def accepted(self, parameters: Mapping[str, Sequence[str]]) -> Accepted:
        """What the list's own form takes of `parameters`, for its reader. What it does not take is left out, whole fields at a time."""
        data = QueryDict(mutable=True)
        for name, values in parameters.items():
            data.setlist(name, [value[:LONGEST_VALUE].replace("\0", "") for value in values[:MOST_VALUES]])
        form = self.parameter_form(data)
        left = dict(data.lists())
        taken: Parameters = {}
        dropped: list[str] = []
        if form is not None:
            errors = form.errors
            for name, field in form.fields.items():
                keys = _keys_of(name, field.widget)
                found = {key: left.pop(key) for key in keys if key in left}
                if not found:
                    continue
                if name in errors or "__all__" in errors:
                    dropped.append(str(field.label or name))
                else:
                    taken |= found
        for name, values in left.items():
            if all(self.takes_besides(name, value) for value in values):
                taken[name] = values
            elif name not in NOT_ASKED:
                dropped.append(_("something that this page does not have any more"))
        return Accepted(taken, list(dict.fromkeys(dropped)))

    def recall(self, view: SavedView) -> Accepted:
        """A saved view, as far as it still means something to its reader."""
        stored = readable(view.parameters)
        return (
            Accepted({}, [_("its filter, which cannot be read")]) if stored is None else self.accepted(stored)
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        address = "" if self.results_only else self._address_of_view()
        return redirect(address) if address else super().get(request, *args, **kwargs)

    def _address_of_view(self) -> str:
        """Where a link to a saved view leads, and the plain address of a list with a default view; empty where it leads nowhere else."""
        asked = self.request.GET
        if OPEN in asked:
            view = next((one for one in self.views if str(one.pk) == asked[OPEN]), None)
            if view is None:
                messages.warning(self.request, _("This saved view is not there any more, or not for you."))
                return self.all_url
        else:
            view = None if asked else next((one for one in self.views if self._opens(one)), None)
        return self._opening(view) if view else ""

    def _opens(self, view: SavedView) -> bool:
        return view.is_default and view.owner_id == self.request.user.pk

    def _opening(self, view: SavedView) -> str:
        recalled = self.recall(view)
        if recalled.dropped:
            sentence = _(
                "“%(view)s” was saved with what is not there for you any more. Left out: %(dropped)s."
            )
            facts = {"view": view.name, "dropped": _(", ").join(recalled.dropped)}
            messages.warning(self.request, sentence % facts)
        query = urlencode({**recalled.parameters, OPENED: [str(view.pk)]}, doseq=True)
        return f"{self.list_path}?{query}"

    # Columns

    @cached_property
    def chosen_columns(self) -> list[str]:
        """The names of the columns to show, in their order; empty for all in the list's own. Those of the open view, else the reader's."""
        own = next((view for view in self.kept if not view.name and self._is_own(view)), None)
        kept = self.opened if self.opened and self.opened.columns else own
        names = kept.columns if kept and isinstance(kept.columns, list) else []
        known = [name for name, _label in self.column_choices]
        chosen = [name for name in names if isinstance(name, str) and name in known]
        chosen = list(dict.fromkeys(chosen))
        return [] if chosen == known else chosen

    @property
    def arranged_columns(self) -> list[str]:
        """The names of all columns: those that are shown, in their order, then the hidden ones."""
        known = [name for name, _label in self.column_choices]
        return list(dict.fromkeys([*self.chosen_columns, *known]))

    def _is_own(self, view: SavedView) -> bool:
        return view.owner_id == self.request.user.pk

    @property
    def hidden_columns(self) -> list[str]:
        """Headings of columns that are not shown."""
        chosen = self.chosen_columns
        return [label for name, label in self.column_choices if chosen and name not in chosen]

    @property
    def exports_all_columns(self) -> bool:
        return not self.hidden_columns or self.request.GET.get("columns") == "all"

    # What the page shows

    @property
    def adding(self) -> tuple[str, str] | None:
        """The label and the address of the form for a new row, if the reader may open it."""
        return None

    @property
    def empty(self) -> EmptyList | None:
        """Why the list has no rows at all, and what to do about it."""
        return empty_list(self.list_name, user=self.request.user, add=self.adding)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context if getattr(self, "is_export", False) else context | self._head()

    def _head(self) -> dict[str, Any]:
        opened, path = self.opened, self.list_path
        links = [
            LinkToView(view, f"{path}?{OPEN}={view.pk}", view == opened, not self._is_own(view))
            for view in self.views
        ]
        of = urlencode({"of": path, "asked": self.request.GET.urlencode()})
        return {
            "list_views": links,
            "list_all_url": self.all_url,
            "list_all_label": self.all_label,
            "list_is_plain": opened is None and not self.parameters_asked,
            "list_is_kept": self.is_kept,
            "list_views_url": f"{reverse('list_views')}?{of}",
            "list_columns_url": f"{reverse('list_columns')}?{of}" if self.column_choices else "",
            "list_hidden": self.hidden_columns,
            "list_is_asked": bool(self.parameters_asked),
            "list_empty": self.empty,
        }


class ListingOfStaff(StaffList):
    """A `StaffList` of one of Wagtail's listings, with the columns of a table and a set of filters."""

    search_kwarg: str
    is_searchable: bool
    filterset_class: Any

    def parameter_form(self, data: QueryDict) -> BaseForm | None:
        if not self.filterset_class:
            return None
        form: BaseForm = self.filterset_class(**{**self.get_filterset_kwargs(), "data": data}).form
        return form

    @property
    def adding(self) -> tuple[str, str] | None:
        address = getattr(self, "add_url", None)
        return (self.add_item_label, address) if address else None

    def takes_besides(self, name: str, value: str) -> bool:
        if name == self.search_kwarg:
            return self.is_searchable
        return name == "ordering" and value in self.get_valid_orderings()

    @cached_property
    def columns(self) -> list[Any]:
        every = list(super().columns)
        # `column_choices` asks for them.
        self._every_column = every
        chosen = self.chosen_columns
        return self._in_order(chosen) if chosen else every

    def _in_order(self, names: Sequence[str]) -> list[Any]:
        """The columns of these names, and those that cannot be moved, which keep their places."""
        movable = self._may_be_hidden()
        called = {column.name: column for column in movable}
        wanted = iter([called[name] for name in names])
        columns = [next(wanted, None) if column in movable else column for column in self._every_column]
        return [column for column in columns if column is not None]

    def _may_be_hidden(self) -> list[Any]:
        """All but the first, which has the name and the acts of the row, and what has no heading."""
        return [column for column in self._every_column[1:] if column.label]

    @cached_property
    def column_choices(self) -> list[tuple[str, str]]:
        if not hasattr(self, "_every_column"):
            # Filled by the columns, which ask for the choices in turn.
            _shown = self.columns
        return [(column.name, capfirst(str(column.label))) for column in self._may_be_hidden()]

    @property
    def exported_columns(self) -> list[Any]:
        shown = self.columns
        return self._in_order(self.arranged_columns) if self.exports_all_columns else shown

    def get_valid_orderings(self) -> list[str]:
        """Those of hidden columns, too: an order that was saved stays."""
        shown: list[str] = super().get_valid_orderings()
        hidden = (column for column in self._every_column if column not in self.columns)
        # Wagtail reads the time of the last change only for its column.
        keys = [column.sort_key for column in hidden if column.sort_key and column.sort_key != "_updated_at"]
        return [*shown, *(f"{sign}{key}" for key in keys for sign in ("", "-"))]


def _keys_of(name: str, widget: Any) -> list[str]:
    """The names in an address of a field: one for each part of a range."""
    if isinstance(widget, SuffixedMultiWidget):
        return [widget.suffixed(name, suffix) for suffix in widget.suffixes]
    if isinstance(widget, MultiWidget):
        suffixes: list[str] = widget.widgets_names  # type: ignore[attr-defined]
        return [f"{name}{suffix}" for suffix in suffixes]
    return [name]
