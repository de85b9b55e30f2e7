"""Wagtail's generic views behind the center fence.

Measured on Wagtail 8.0: a permission policy fences neither listings, nor edit views, nor the choices of a form or
a list filter. Each view class is therefore wrapped once by `behind_the_fence`.
"""

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ImproperlyConfigured
from django.db.models import BooleanField, Model, ProtectedError, QuerySet, RestrictedError
from django.forms import BaseForm, ChoiceField, ModelChoiceField, Select
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages as wagtail_messages
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.widgets import Button, HeaderButton

from accounts.digits import is_decimal
from accounts.enums import Act
from accounts.errors import DomainError, NeedsConfirmation
from accounts.models import Center, User
from accounts.scoping import acts_held, fenced, may
from accounts.scoping.exports import ShownExport
from accounts.scoping.filters import ListFilterSet
from accounts.scoping.lists import ListingOfStaff
from accounts.scoping.policies import ActPolicy
from accounts.scoping.protocols import Viewset
from accounts.scoping.requests import MemberRequest

# Codes and numbers are read from left to right, in Arabic, too.
LEFT_TO_RIGHT = {"phone", "code", "number"}

if TYPE_CHECKING:
    # The fence is mixed into views of Wagtail, which has no types.
    WagtailView = Any
else:
    WagtailView = object


class OutsideTheFence(DomainError):
    message = gettext_lazy("Choose a center in which you may do this.")


class ReadsItsRow:
    """A view that takes its row from the fence, which asks for it anyway."""

    def read_row(self, rows: QuerySet[Any]) -> bool:
        """`rows`: the row of the address, or none. Whether there is one."""
        raise NotImplementedError


class FencedView(WagtailView):
    """Admits users who may do the view's verb: in any place for a page without a row, else to the row."""

    request: MemberRequest
    viewset: Viewset
    verb = "view"
    # The fence has already answered when Wagtail would ask these, and more precisely.
    permission_required = None
    any_permission_required = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        pk = kwargs.get(getattr(self, "pk_url_kwarg", "pk"))
        if self.act not in acts_held(request.user) or (pk is not None and not self._inside(request, pk)):
            raise Http404
        super().setup(request, *args, **kwargs)

    def _inside(self, request: HttpRequest, pk: object) -> bool:
        row = self.viewset.all_rows().filter(pk=unquote(str(pk)))
        inside = self.viewset.fence_rows(row, user=request.user, verb=self.verb)
        inside = self.viewset.within(inside, user=cast("User", request.user))
        return self.read_row(inside) if isinstance(self, ReadsItsRow) else inside.exists()

    @property
    def act(self) -> Act:
        return self.viewset.acts[self.verb]

    @property
    def permission_policy(self) -> ActPolicy:
        return self.viewset.permission_policy

    def user_has_permission(self, permission: str) -> bool:
        row = getattr(self, "object", None)
        if row is not None and row.pk:
            return self.permission_policy.user_has_permission_for_instance(self.request.user, permission, row)
        return self.permission_policy.user_has_permission(self.request.user, permission)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = super().get_breadcrumbs_items()
        return [{**item, "label": self._as_in_the_menu(item["label"])} for item in items]

    def _as_in_the_menu(self, title: Any) -> Any:
        """A list has one name: that of its menu item, where Wagtail writes the plural of the model."""
        plural = capfirst(self.viewset.model._meta.verbose_name_plural)
        return self.viewset.menu_label if str(title) == plural else title


class FencedIndex(ListingOfStaff, ShownExport, FencedView):
    """Lists only rows within reach, offers only choices within reach, links only what may be done to each row."""

    base_filterset_class = ListFilterSet

    def get_page_title(self) -> Any:
        return self._as_in_the_menu(super().get_page_title())

    def get_base_queryset(self) -> QuerySet[Model]:
        rows = super().get_base_queryset()
        inside = self.viewset.fence_rows(rows, user=self.request.user, verb=self.verb)
        rows = self.viewset.within(inside, user=self.request.user)
        related = self.viewset.list_select_related
        return rows.select_related(*related) if related else rows

    @cached_property
    def filters(self) -> Any:
        filters = super().filters
        if filters:
            self.viewset.fence_form(filters.form, user=self.request.user, act=self.act)
        return filters

    def parameter_form(self, data: QueryDict) -> BaseForm | None:
        form = super().parameter_form(data)
        if form is not None:
            self.viewset.fence_form(form, user=self.request.user, act=self.act)
        return form

    def _get_custom_column(
        self, field_name: str, column_class: type[Column] = Column, **kwargs: Any
    ) -> Column:
        """Yes and no as signs with words; Wagtail writes the words of Python."""
        fields = self.model._meta.fields
        is_boolean = any(field.name == field_name and isinstance(field, BooleanField) for field in fields)
        if column_class is Column and is_boolean:
            column_class = BooleanColumn
        return super()._get_custom_column(field_name, column_class, **kwargs)

    @cached_property
    def add_item_label(self) -> str:
        name = without_article(str(self.viewset.model._meta.verbose_name))
        return capfirst(_("Add %(model_name)s") % {"model_name": name})

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        # A file has no buttons, and its rows are not read twice.
        self.shown = [] if self.is_export else [row.pk for row in context["object_list"]]
        self.reach: dict[Act, set[object]] = {self.act: set(self.shown)}
        return context

    def _may(self, verb: str, row: Model) -> bool:
        act = self.viewset.acts.get(verb)
        if act not in acts_held(self.request.user):
            return False
        if act not in self.reach:
            shown = self.viewset.model._default_manager.filter(pk__in=self.shown)
            self.reach[act] = set(fenced(shown, user=self.request.user, act=act).values_list("pk", flat=True))
        return row.pk in self.reach[act]

    def get_edit_url(self, instance: Model) -> str | None:
        """Where the name of a row leads, before its page: nowhere if the form is not one that edits."""
        return None if self.viewset.change_label else self.change_url(instance)

    def change_url(self, instance: Model) -> str | None:
        if not self._may("change", instance) or self.viewset.refusal_to_change(instance):
            return None
        return super().get_edit_url(instance)

    def get_list_more_buttons(self, instance: Model) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        address = self.change_url(instance) if self.viewset.change_label else None
        if address:
            label = self.viewset.change_label
            buttons.append(Button(label, url=address, icon_name="edit", priority=15))
        return buttons

    def get_copy_url(self, instance: Model) -> str | None:
        return super().get_copy_url(instance) if self._may("add", instance) else None

    def get_delete_url(self, instance: Model) -> str | None:
        return super().get_delete_url(instance) if self._may("delete", instance) else None


def without_article(name: str) -> str:
    """The name of one row of many: names of models carry the Arabic article, as labels of fields do."""
    words = name.split()
    if not words or not words[0].startswith("ال"):
        return name
    return " ".join(word.removeprefix("ال") for word in words)


class FencedForm(FencedView):
    """Offers choices within reach, writes by the viewset's service hook, says the domain's errors in the form."""

    def get_form(self, form_class: type[BaseForm] | None = None) -> BaseForm:
        form = super().get_form(form_class)
        self.viewset.fence_form(form, user=self.request.user, act=self.act)
        return form

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except NeedsConfirmation as question:
            # Nothing that was typed is wrong: the form has a box for it now.
            messages.warning(self.request, str(question))
            return self.render_to_response(self.get_context_data(form=form))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def get_success_buttons(self) -> list[Any]:
        if not self.edit_url_name:
            return []
        if self.viewset.change_label:
            address = reverse(self.viewset.get_url_name("inspect"), args=[self.object.pk])
            return [wagtail_messages.button(address, _("View"))]
        return super().get_success_buttons()

    def require_within_reach(self, row: Model) -> Model:
        """Refuse a write that would put the row where its writer may not write."""
        if not may(self.request.user, self.act, on=row):
            raise OutsideTheFence
        return row


class FencedCreate(FencedForm):
    def get_form(self, form_class: type[BaseForm] | None = None) -> BaseForm:
        """A link may choose rows and words of a plain list (`?cohort=7`). One that is not among the choices selects nothing; a chooser
        would show its name, so a link fills none.
        """
        form = super().get_form(form_class)
        for name, field in form.fields.items():
            chosen = self.request.GET.get(name, "")
            if not isinstance(field, ChoiceField) or not isinstance(field.widget, Select):
                continue
            if is_decimal(chosen) if isinstance(field, ModelChoiceField) else field.valid_value(chosen):
                form.initial[name] = chosen
        return form

    def get_success_buttons(self) -> list[Any]:
        return [*super().get_success_buttons(), *self.viewset.buttons_after_add(self.object)]

    def save_instance(self) -> Model:
        return self.require_within_reach(self.viewset.create_row(self.form, by=self.request.user))


class FencedEdit(FencedForm):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = self.viewset.refusal_to_change(self.get_object())
        if refusal is None:
            return super().dispatch(request, *args, **kwargs)
        messages.error(request, str(refusal))
        return redirect(self.viewset.get_url_name("inspect"), self.object_pk)

    def save_instance(self) -> Model:
        return self.require_within_reach(self.viewset.change_row(self.form, by=self.request.user))


class FencedDelete(FencedView):
    def delete_action(self) -> None:
        self.viewset.delete_row(self.object, by=self.request.user)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except DomainError as refusal:
            messages.error(self.request, str(refusal))
        except (ProtectedError, RestrictedError):
            messages.error(self.request, _("Other records refer to this one, so it cannot be deleted."))
        return redirect(self.index_url_name)


class FencedHistory(FencedView):
    @cached_property
    def header_buttons(self) -> list[Any]:
        return super().header_buttons if self.edit_url_name and self.user_has_permission("change") else []


class FencedInspect(FencedView):
    def get_edit_url(self) -> str | None:
        return None if self.viewset.change_label else self.change_url()

    def change_url(self) -> str | None:
        return None if self.viewset.refusal_to_change(self.object) else super().get_edit_url()

    @cached_property
    def header_buttons(self) -> list[Any]:
        buttons = [*super().header_buttons]
        address = self.change_url() if self.viewset.change_label else None
        if address:
            buttons.append(HeaderButton(self.viewset.change_label, url=address, icon_name="edit"))
        return buttons

    def get_page_subtitle(self) -> str:
        return self.viewset.title_of(self.object)

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Show a dash where nothing is known and words for yes and no, not those of Python, and hours as they are here."""
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, dt.datetime):
            return timezone.localtime(value)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if value is None or value == "":
            return "–"
        return (
            format_html('<bdi class="code" dir="ltr">{}</bdi>', value)
            if field_name in LEFT_TO_RIGHT
            else value
        )


WRAPPERS: tuple[tuple[type[View], type[FencedView]], ...] = (
    (generic.IndexView, FencedIndex),
    (generic.CreateView, FencedCreate),
    (generic.EditView, FencedEdit),
    (generic.DeleteView, FencedDelete),
    (generic.InspectView, FencedInspect),
    (HistoryView, FencedHistory),
)


def behind_the_fence(view_class: type[View], viewset: Viewset) -> type[View]:
    """Wrap a view class of `viewset`; a class of your own needs only `model` and, for one row, `pk` in its URL."""
    wrapper = next((fence for kind, fence in WRAPPERS if issubclass(view_class, kind)), FencedView)
    return type(
        view_class.__name__, (wrapper, view_class), {"viewset": viewset, "__module__": view_class.__module__}
    )


def preselect_the_only_center(form: BaseForm) -> None:
    """Preselect the center where there is only one choice."""
    for field in form.fields.values():
        if not isinstance(field, ModelChoiceField) or field.queryset is None:
            continue
        if field.queryset.model is Center and field.required:
            centers = list(field.queryset[:2])
            if len(centers) == 1:
                field.initial = centers[0]


def refuse_inline_rows(form: BaseForm) -> None:
    """Inline panels build their forms later and elsewhere; their choices would escape the fence."""
    if getattr(form, "formsets", None):
        raise ImproperlyConfigured(
            f"{type(form).__name__} has inline panels, which the fence does not cover."
        )
