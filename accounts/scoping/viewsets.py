"""Wagtail viewsets behind the center fence."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Field, Model, QuerySet
from django.forms import BaseForm, ModelChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.views import View
from wagtail.actions import action_registry
from wagtail.admin.forms.models import formfield_for_dbfield
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permissions import policy_registry, register_permission_policy

from accounts.audit.changes import changes_in_form
from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.rule import acts_on
from accounts.scoping import acts_held, fenced, fenced_choices
from accounts.scoping.audit import PAGES
from accounts.scoping.policies import ActPolicy
from accounts.scoping.requests import MemberRequest
from accounts.scoping.views import behind_the_fence, preselect_the_only_center, refuse_inline_rows

VERB_OF_URL = {
    "index": "view",
    "index_results": "view",
    "inspect": "view",
    "history": "view",
    "history_results": "view",
    "add": "add",
    "copy": "add",
    "edit": "change",
    "reorder": "change",
    "delete": "delete",
}


class CenterViewSet(ModelViewSet):
    """A `ModelViewSet` that shows and changes only rows of centers where the user may.

    The model names the lookup path to its center in `center_path`. The rule (`accounts.rule`) says which act each verb needs;
    a verb that is left out there has no URL and no button. So services own the writes of a viewset with `view` alone.

    - Listing, export and list filters: rows and choices within reach of `acts["view"]`.
    - Pages of one row: 404 for users who may not do that verb to that row.
    - Forms: every choice of a fenced model (a center, a cohort, a person) is narrowed to the act of the verb, on
      the page and again when it is posted. A form that wants the user subclasses `WagtailAdminModelForm` and
      reads `self.for_user`. A write that would land outside the fence is refused.
    - Writes: `create_row`, `change_row`, `delete_row` call your service; a `DomainError` becomes a form error.
    - Menu: shown to those who may view somewhere.

    Example::

        class CohortViewSet(CenterViewSet):
            model = Cohort
            icon = "group"
            list_display = ("code", "program", "center", "state")
            list_filter = ("center", "state")
            list_select_related = ("program", "center")
            form_class = CohortForm  # or form_fields / panels

            def create_row(self, form, *, by):
                return open_cohort(**form.cleaned_data, by=by)

            def change_row(self, form, *, by):
                return change_cohort(cohort_id=form.instance.pk, **form.cleaned_data, by=by)

    Add views of your own in `get_urlpatterns`; name their verb in the rule, and the fence applies to them. What a
    button on the page of a row does is an `ActView`::

        def get_urlpatterns(self):
            approve = self.construct_view(ApproveView, verb="approve")
            return [*super().get_urlpatterns(), path("approve/<int:pk>/", approve, name="approve")]

    View classes of your own (`index_view_class = ...`) keep their hooks; saving and deleting go by the three methods.

    Register an instance by the `register_admin_viewset` hook, and a builder of its rows in `tests/factories/rows.py`:
    the walking test visits every URL with a foreign row and an own one.
    """

    # Form of both add and edit; `edit_form_class` where editing differs. Without: `panels` or `form_fields`.
    form_class: type[BaseForm] | None = None
    edit_form_class: type[BaseForm] | None = None
    # Relations that `list_display` reads: one query for the list however many rows.
    list_select_related: tuple[str, ...] = ()

    # Where a row is not edited but acted on: what the form of its change does, as on a button. Names in the list then lead
    # to the page of the row, and the button is there and in the menu of the row.
    change_label: Any = ""

    inspect_view_enabled = True
    copy_view_enabled = False
    # Records of operation are many and no editorial content; the index would slow every write.
    add_to_reference_index = False

    def __init__(self, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        if not hasattr(self.model, "center_path"):
            raise ImproperlyConfigured(f"{self.model.__name__} names no way to its center in center_path.")

    @cached_property
    def acts(self) -> Mapping[str, Act]:
        """The act that each verb needs."""
        return acts_on(self.model._meta.label)

    # What a subclass may say; its `form` is of its own `form_class`.

    def create_row(self, form: Any, *, by: User) -> Model:
        """Write the row of a valid add form; return it, saved."""
        action_registry.get_action_class(self.model, "create")(form.instance, user=by, form=form).execute(
            skip_permission_checks=True
        )
        return form.instance

    def change_row(self, form: Any, *, by: User) -> Model:
        """Write a valid edit form; `form.instance` already carries the typed values, unsaved. The audit trail has before and after."""
        edit = action_registry.get_action_class(self.model, "edit")
        with transaction.atomic():
            edit(form.instance, user=by, form=form, log_action=None).execute(skip_permission_checks=True)
            log(form.instance, "wagtail.edit", user=by, data={"changes": changes_in_form(form)})
        return form.instance

    def delete_row(self, row: Model, *, by: User) -> None:
        action_registry.get_action_class(self.model, "delete")(row, user=by).execute(
            skip_permission_checks=True
        )

    def title_of(self, row: Any) -> str:
        """What pages of a row are called; another than in the audit trail, which outlasts what the row says of a person."""
        return str(row)

    def all_rows(self) -> QuerySet[Model]:
        """The rows that have a page: more than those of the lists where some lead to another row."""
        return self.model._default_manager.all()

    def fence_rows(self, rows: QuerySet[Any], *, user: Any, verb: str) -> QuerySet[Any]:
        """The rows inside the fence. More than the fence lets pass only where all may read what the ministry published."""
        return fenced(rows, user=user, act=self.acts[verb])

    def within(self, rows: QuerySet[Any], *, user: User) -> QuerySet[Any]:
        """Of rows inside the fence, those that `user` may open: fewer where more than the center decides."""
        return rows

    def refusal_to_change(self, row: Any) -> DomainError | None:
        """Why this row cannot be changed as it is now, for any user. Its page and its line then have no button for it."""

    def buttons_after_add(self, row: Any) -> list[Any]:
        """What comes next for a new row: buttons in the message, besides the one to its page."""
        return []

    def choices(self, name: str, rows: QuerySet[Model], *, user: User, act: Act) -> QuerySet[Model]:
        """What `user` may choose in the field or list filter called `name`."""
        return fenced_choices(rows, user=user, act=act)

    # How it is done

    def fence_form(self, form: BaseForm, *, user: User, act: Act) -> None:
        """Narrow every choice of `form` to what `user` may choose for `act`."""
        refuse_inline_rows(form)
        for name, field in form.fields.items():
            # As labels that Django makes of a model's fields.
            field.label = capfirst(field.label) if field.label else field.label
            if isinstance(field, ModelChoiceField) and field.queryset is not None:
                field.queryset = self.choices(name, field.queryset, user=user, act=act)
        preselect_the_only_center(form)

    def construct_view(self, view_class: type[View], **kwargs: Any) -> Callable[[HttpRequest], HttpResponse]:
        return super().construct_view(behind_the_fence(view_class, self), **kwargs)

    @cached_property
    def permission_policy(self) -> ActPolicy:
        return ActPolicy(self.model, self.acts)

    def formfield_for_dbfield(self, db_field: Field, **kwargs: Any) -> Any:
        return formfield_for_dbfield(db_field, **kwargs)

    def get_form_class(self, for_update: bool = False) -> type[BaseForm] | None:  # noqa: FBT001, FBT002 - Wagtail's signature
        if ("change" if for_update else "add") not in self.acts:
            return None
        chosen = (for_update and self.edit_form_class) or self.form_class
        return chosen or super().get_form_class(for_update)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        names = super().get_common_view_kwargs(**kwargs)
        names["usage_url_name"] = None
        for url in ("add", "edit", "delete"):
            if VERB_OF_URL[url] not in self.acts:
                names[f"{url}_url_name"] = None
        return names

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_add_view_kwargs(verb="add", **kwargs)

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_edit_view_kwargs(verb="change", **kwargs)

    def get_delete_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_delete_view_kwargs(verb="delete", **kwargs)

    def get_reorder_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_reorder_view_kwargs(verb="change", **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            pattern for pattern in super().get_urlpatterns() if VERB_OF_URL.get(pattern.name) in self.acts
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        """Memberships decide about this model; a Django permission would be a checkbox without effect."""
        return Permission.objects.none()

    @property
    def url_finder_class(self) -> type[Any]:
        finder = super().url_finder_class
        return (
            finder
            if "change" in self.acts
            else type(finder.__name__, (finder,), {"get_edit_url": lambda *_: None})
        )

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        def is_shown(_item: MenuItem, request: HttpRequest) -> bool:
            return self.acts["view"] in acts_held(request.user)

        return type(f"{self.model.__name__}MenuItem", (MenuItem,), {"is_shown": is_shown})

    def on_register(self) -> None:
        # Wagtail registers the logins' policy itself, and its bulk actions go by that one: for superusers only.
        if policy_registry.get_by_type(self.model, fallback=False) is None:
            register_permission_policy(self.model, self.permission_policy, exact_class=True)
        # The audit trail links its rows to their pages.
        PAGES[self.model] = self
        super().on_register()


class ActView(View):
    """A POST on one row: does the act, shows a message and redirects to the page of the row.

    Part of a `CenterViewSet`: by `construct_view` in its `get_urlpatterns`, so that the fence answers first.
    """

    http_method_names = ["post"]
    request: MemberRequest
    viewset: CenterViewSet
    # Set by the viewset, as Wagtail does it for every view that has one.
    model: type[Model]

    def post(self, request: HttpRequest, pk: int) -> HttpResponseRedirect:
        try:
            messages.success(request, self.act_on(pk))
        except DomainError as refusal:
            messages.error(request, str(refusal))
            self.refused(pk)
        return redirect(self.viewset.get_url_name("inspect"), pk)

    def refused(self, pk: int) -> None:
        """Called after `act_on` raised."""

    def act_on(self, pk: int) -> str:
        """Do the act and show a message. Raises DomainError."""
        raise NotImplementedError
