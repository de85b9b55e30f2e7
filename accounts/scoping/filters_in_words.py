"""Lists, their filters and their order in words: the audit trail keeps the names of addresses and fields."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, Field, Model
from django.urls import URLResolver, get_resolver
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

# Of filters that are no field of the listed rows, or are asked in several lists.
WORDS: dict[str, str | Promise] = {
    "q": gettext_lazy("search"),
    "ordering": gettext_lazy("order"),
    "center": gettext_lazy("center"),
    "governorate": gettext_lazy("governorate"),
    "day": gettext_lazy("day"),
    "what": gettext_lazy("what was done"),
    "by": gettext_lazy("by whom"),
}
BOUNDS = {"_from": gettext_lazy("%(field)s, from"), "_to": gettext_lazy("%(field)s, to")}


def name_of_list(name: str, _data: Mapping[str, Any]) -> str:
    """By the label of the model of its rows, or the name of its address. A page that is there no more keeps that name."""
    model = _model(name)
    if model is not None:
        return str(model._meta.verbose_name_plural)
    view = _views().get(name)
    if view is None:
        return name
    listed = getattr(view, "model", None)
    title = getattr(view, "page_title", None) or (listed and listed._meta.verbose_name_plural)
    return str(title or name)


def filters_in_words(filters: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Each filter of an export with what it asked for. Rows are called as they were then, where their names were kept."""
    said = (f"{_label(name, data)}: {_value(name, value, data)}" for name, value in filters.items())
    return ("، " if get_language() == "ar" else ", ").join(said)


def _label(name: str, data: Mapping[str, Any]) -> str:
    if name in WORDS:
        return str(WORDS[name])
    for ending, words in BOUNDS.items():
        if name.endswith(ending):
            return words % {"field": _label(name.removesuffix(ending), data)}
    field = _field(name, data)
    return str(getattr(field, "verbose_name", name))


def _value(name: str, value: Any, data: Mapping[str, Any]) -> str:
    if named := (data.get("named") or {}).get(name):
        return str(named)
    if name == "ordering":
        field = _label(str(value).removeprefix("-"), data)
        return _("%(field)s, descending") % {"field": field} if str(value).startswith("-") else field
    field = _field(name, data)
    if field is None:
        return str(value)
    if isinstance(field, BooleanField):
        return {"true": _("yes"), "false": _("no")}.get(str(value), str(value))
    if field.is_relation:
        return f"#{value}"
    choices = {str(key): label for key, label in getattr(field, "flatchoices", ())}
    return str(choices.get(str(value), value))


def _field(name: str, data: Mapping[str, Any]) -> Any:
    """The field of the listed rows that a filter asks for, also across rows (`cohort__state`), or None."""
    model = _model(str(data.get("list", "")))
    field: Field[Any, Any] | None = None
    for part in name.split("__"):
        if model is None:
            return None
        try:
            field = model._meta.get_field(part)  # type: ignore[assignment]
        except FieldDoesNotExist:
            return None
        model = field.related_model if field and field.is_relation else None  # type: ignore[assignment]
    return field


def _model(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


@cache
def _views() -> Mapping[str, Any]:
    """The class or the settings of each page, by the name of its address."""
    return dict(_views_below(get_resolver(), ""))


def _views_below(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            below = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _views_below(pattern, below)
        elif pattern.name and (view := getattr(pattern.callback, "view_class", None)):
            given = getattr(pattern.callback, "view_initkwargs", {})
            yield f"{prefix}{pattern.name}", _Page(view, given)


class _Page:
    """A view as its address sets it up."""

    def __init__(self, view: type, given: Mapping[str, Any]) -> None:
        self.model = given.get("model") or getattr(view, "model", None)
        self.page_title = capfirst(given.get("page_title") or getattr(view, "page_title", None) or "")
