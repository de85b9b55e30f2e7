"""The audit trail in the staff workplace."""

from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.urls import URLPattern
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.coreutils import get_content_type_label
from wagtail.log_actions import log
from wagtail.log_actions import registry as log_registry

from accounts.folding import fold_arabic
from accounts.models import AuditEntry, AuditSeal, Center
from accounts.scoping.audit import TrailItem, trail_items, with_people
from accounts.scoping.exports import ROWS_AT_ONCE, asked_filters, names_in_filters
from accounts.scoping.viewsets import CenterViewSet

AREAS = {
    "accounts": _("People and logins"),
    "courses": _("Teaching"),
    "assessment": _("Quizzes"),
    "live": _("Live classes"),
    "certificates": _("Certificates"),
    "media_pipeline": _("Videos"),
    "wagtail": _("Pages and content"),
}


def _actions() -> list[tuple[str, str]]:
    """Every area as a whole, with its actions below it."""
    log_registry.scan_for_actions()
    choices: list[tuple[str, str]] = []
    for area, label in AREAS.items():
        choices.append((f"{area}.", gettext("%(area)s: everything") % {"area": label}))
        choices += [
            (action, f"– {formatter.label}")
            for action, formatter in log_registry.formatters.items()
            if action.startswith(f"{area}.")
        ]
    return choices


def _kinds() -> list[tuple[int, str]]:
    """The kinds of rows that anything was ever logged about."""
    logged = ContentType.objects.filter(Exists(AuditEntry.objects.filter(kind=OuterRef("pk"))))
    return sorted(
        ((kind.pk, capfirst(get_content_type_label(kind))) for kind in logged), key=lambda choice: choice[1]
    )


class AuditFilterSet(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(label=_("Period"), widget=DateRangePickerWidget)
    who = django_filters.CharFilter(label=_("Who: name or user name"), method="acted")
    what = django_filters.ChoiceFilter(
        label=_("What"), choices=_actions, method="done", widget=forms.Select, empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of row"), choices=_kinds, field_name="kind", widget=forms.Select, empty_label=_("All")
    )
    center = django_filters.ModelChoiceFilter(label=_("Center"), queryset=Center.objects.all())

    class Meta:
        model = AuditEntry
        fields: tuple[str, ...] = ()

    def acted(self, rows: QuerySet[AuditEntry], _name: str, who: str) -> QuerySet[AuditEntry]:
        typed = who.strip()
        return rows.filter(Q(by__display_name__icontains=typed) | Q(by__username__iexact=typed))

    def done(self, rows: QuerySet[AuditEntry], _name: str, what: str) -> QuerySet[AuditEntry]:
        return rows.filter(action__startswith=what) if what.endswith(".") else rows.filter(action=what)


class TrailItemColumn(Column):
    """A cell of the row's `trail_item`."""

    def get_value(self, instance: Any) -> TrailItem:
        trail_item: TrailItem = instance.trail_item
        return trail_item


class WhenColumn(TrailItemColumn):
    cell_template_name = "accounts/admin/audit_when_cell.html"


class WhatColumn(TrailItemColumn):
    cell_template_name = "accounts/admin/audit_what_cell.html"


class RowColumn(TrailItemColumn):
    cell_template_name = "accounts/admin/audit_row_cell.html"


class AuditIndexView(IndexView):
    template_name = "accounts/admin/audit_index.html"
    results_template_name = "accounts/admin/audit_results.html"
    search_placeholder = _("Name, reason, #number")
    export_headings = {
        "number": _("Number"),
        "when": _("When"),
        "who": _("Who"),
        "what": _("What"),
        "details": _("Details"),
        "kind": _("Kind of row"),
        "row": _("Row"),
        "person": _("About whom"),
        "center": _("Center"),
        "address": _("Address"),
    }
    list_export = tuple(export_headings)
    logs_exports_itself = True

    def get_base_queryset(self) -> QuerySet[AuditEntry]:
        return with_people(super().get_base_queryset())

    def search_queryset(self, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        if not self.is_searching:
            return queryset
        typed = self.search_query.strip()
        if typed.startswith("#") and typed[1:].isdecimal():
            return queryset.filter(pk=int(typed[1:]))
        person = Q()
        for word in fold_arabic(typed).split():
            person &= Q(person__folded_name__contains=word)
        words = Q(
            Q(model_entry__label__icontains=typed),
            Q(page_entry__label__icontains=typed),
            Q(model_data__icontains=typed),
            Q(page_data__icontains=typed),
            _connector=Q.OR,
        )
        return queryset.annotate(
            model_data=Cast("model_entry__data", TextField()), page_data=Cast("page_entry__data", TextField())
        ).filter(words | person if person else words)

    def exported_items(self, rows: Iterable[AuditEntry]) -> Iterator[TrailItem]:
        for some in batched(rows, ROWS_AT_ONCE, strict=False):
            yield from trail_items(some, user=self.request.user)

    def as_spreadsheet(self, queryset: QuerySet[AuditEntry], spreadsheet_format: str) -> HttpResponse:
        by = self.request.user
        filters = asked_filters(self.request)
        newest = AuditEntry.objects.values_list("pk", flat=True).first() or 0
        # Without the row about this export, which is written before the download.
        rows = queryset.filter(pk__lte=newest)
        facts = {"format": spreadsheet_format, "filters": filters, "rows": rows.count()}
        facts |= names_in_filters(self, filters)
        log(by, "accounts.audit.export", user=by, data=facts)
        return super().as_spreadsheet(rows, spreadsheet_format)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        if not self.is_export:
            rows = context["object_list"]
            for row, trail_item in zip(rows, trail_items(rows, user=self.request.user), strict=True):
                row.trail_item = trail_item
        return {**context, "seal": AuditSeal.objects.last()}


class AuditInspectView(InspectView):
    """All data of one row, and whether its digest is valid."""

    template_name = "accounts/admin/audit_entry.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entry = with_people(AuditEntry.objects.filter(pk=self.object.pk)).get()
        log_entry = entry.log_entry
        (trail_item,) = trail_items([entry], user=self.request.user)
        seal = AuditSeal.objects.filter(through__gte=entry.pk).first()
        return {
            **super().get_context_data(**kwargs),
            "trail_item": trail_item,
            "entry": entry,
            "is_sound": log_entry is not None and entry.digest == entry.digest_with(log_entry),
            "seal": seal,
        }


class AuditViewSet(CenterViewSet):
    """Read-only."""

    model = AuditEntry
    name = "audit"
    icon = "history"
    menu_label = _("Audit trail")
    menu_order = 450
    add_to_admin_menu = True

    index_view_class = AuditIndexView
    inspect_view_class = AuditInspectView
    filterset_class = AuditFilterSet
    search_backend_name = None
    search_fields = ("action",)
    list_per_page = 50
    ordering = ("-pk",)
    list_display = (
        "__str__",
        WhenColumn("when", label=_("When, who")),
        WhatColumn("what", label=_("What")),
        RowColumn("row", label=_("Row, about whom")),
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        # Nothing happens to a row of the trail, so that there is no history of it.
        return [one for one in super().get_urlpatterns() if one.name not in {"history", "history_results"}]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(**kwargs) | {"history_url_name": None}
