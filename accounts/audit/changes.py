"""What a form changed, for the audit trail."""

from typing import Any

from django.db.models import Model, QuerySet
from django.forms import BaseForm, FileField, ModelChoiceField, ModelMultipleChoiceField, PasswordInput

type Change = dict[str, Any]


def changes_in_form(form: BaseForm) -> dict[str, Change]:
    """The changed fields of a valid form, each with its value before and after. Of passwords and files only that they changed."""
    return {name: _change(form, name) for name in form.changed_data}


def _change(form: BaseForm, name: str) -> Change:
    field = form.fields[name]
    if isinstance(field.widget, PasswordInput) or isinstance(field, FileField):
        return {"before": None, "after": True}
    before, after = form.get_initial_for_field(field, name), form.cleaned_data.get(name)
    if isinstance(field, ModelChoiceField) and not isinstance(field, ModelMultipleChoiceField):
        # The form of a model keeps the key alone.
        model = field.queryset.model if field.queryset is not None else None
        before = (
            model._default_manager.filter(pk=before).first()
            if model and not isinstance(before, Model)
            else before
        )
    return {"before": _plain(before), "after": _plain(after)}


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case list() | tuple() | QuerySet():
            return [_plain(one) for one in value]
        case _:
            return str(value)
