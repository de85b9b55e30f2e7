"""Log data as labels and values in the reader's language.

Apps register labels by the hook `register_audit_labels`, which returns them by key: ``{"courses.attendance:status": (_("status"),
AttendanceStatus)}``. A key is an action, or the beginning of one up to a dot, then `:` and the name in the data; the most
specific one counts. The entry is a label, or a label and the meaning of the value: a list of choices, a model whose key it
is, what is called by it (`CalledBy`), or a function of the value and all data. None: another label shows the value.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Choices, Model
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail import hooks

from accounts.scoping.named_keys import CalledBy

type Shows = type[Choices] | type[Model] | CalledBy | Callable[[Any, Mapping[str, Any]], str]
type Label = str | Promise
type Word = Label | tuple[Label, Shows] | None
type Keyed = type[Model] | CalledBy
# (what the key is of, key) -> the name.
type Names = Mapping[tuple[Keyed, str], str]

MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
# Marks a name without a label, since None is a label.
NO_LABEL: Any = object()


@dataclass(frozen=True)
class Fact:
    """A label and a value of the data, as text."""

    label: str
    value: str

    @property
    def is_code(self) -> bool:
        """Whether the value is written as it is, in Latin digits: a code, an address, a digest."""
        return any(letter.isascii() and letter.isalpha() for letter in self.value)


@cache
def all_labels() -> dict[str, Word]:
    words: dict[str, Word] = {}
    for register in hooks.get_hooks("register_audit_labels"):
        words.update(register())
    return words


def label_for(action: str, name: str) -> Any:
    """The entry for `name` in the data of `action`, or NO_LABEL."""
    key = _key_of(action, name)
    return NO_LABEL if key is None else all_labels()[key]


def _key_of(action: str, name: str) -> str | None:
    beginning = action
    while beginning:
        if (key := f"{beginning}:{name}") in all_labels():
            return key
        beginning = beginning.rpartition(".")[0]
    return None


def _in_order(action: str, data: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The reason first, then in the order of registration: the database keeps no order of keys."""
    places = {key: place for place, key in enumerate(all_labels())}
    return sorted(
        data.items(),
        key=lambda item: (item[0] != "reason", places.get(_key_of(action, item[0]) or "", len(places))),
    )


def keys_named(action: str, data: Mapping[str, Any]) -> Iterator[tuple[Keyed, str]]:
    """The rows and other things that the data name by their key."""
    for name, value in data.items():
        match label_for(action, name):
            case (_label, type() as shows) if issubclass(shows, Model) and value is not None:
                yield shows, str(value)
            case (_label, CalledBy() as shows) if value is not None:
                yield shows, str(value)


def facts_of(action: str, data: Mapping[str, Any], *, model: type[Model] | None, names: Names) -> list[Fact]:
    """Everything in the data that is worth reading. `model` is that of the logged row, for the names of its fields."""
    return list(_facts(action, data, model, names))


def _facts(action: str, data: Mapping[str, Any], model: type[Model] | None, names: Names) -> Iterator[Fact]:
    for field, change in changes_in(data).items():
        yield _change(action, field, change, model)
    for name, value in _in_order(action, data):
        is_empty = value is None or value in ("", [], {})
        if is_empty or name == "changes" or (name in {"before", "after"} and isinstance(value, dict)):
            continue
        match label_for(action, name):
            case None:
                continue
            case (label, shows):
                yield Fact(capfirst(str(label)), _shown(value, shows, data, names))
            case word:
                # Data without a label is still shown: the trail hides nothing.
                label = name if word is NO_LABEL else str(word)
                yield Fact(capfirst(label), plain(value))


def changes_in(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Fields with their value before and after, in whichever of the two forms a service logged them.

    Without "after" where only the former values were logged.
    """
    changes = dict(data.get("changes") or {})
    before, after = (data.get(name) for name in ("before", "after"))
    if isinstance(before, dict) and isinstance(after, dict):
        for field in [*before, *(name for name in after if name not in before)]:
            changes[field] = {"before": before.get(field), "after": after.get(field)}
    elif isinstance(before, dict):
        changes |= {field: {"before": value} for field, value in before.items()}
    return changes


def _change(action: str, field: str, change: Mapping[str, Any], model: type[Model] | None) -> Fact:
    match label_for(action, field):
        case (_label, shows) if not isinstance(shows, CalledBy) and not _is_model(shows):
            values = {
                name: _shown(value, shows, {}, {}) if value else plain(value)
                for name, value in change.items()
            }
        case _:
            values = {name: _of_field(value, field, model) for name, value in change.items()}
    # In words: an arrow between two numbers has no direction of its own in Arabic text.
    told = _("%(before)s → %(after)s") if "after" in change else _("before: %(before)s")
    return Fact(capfirst(_name_of_field(action, field, model)), told % values)


def _is_model(shows: Shows) -> bool:
    """Changes name rows as they were called, not by their keys."""
    return isinstance(shows, type) and issubclass(shows, Model)


def _name_of_field(action: str, field: str, model: type[Model] | None) -> str:
    word = label_for(action, field)
    if word is not NO_LABEL and word is not None:
        return str(word[0] if isinstance(word, tuple) else word)
    try:
        named: Any = model._meta.get_field(field) if model else None
        return str(named.verbose_name) if named else field
    except FieldDoesNotExist:
        return field


def _of_field(value: Any, field: str, model: type[Model] | None) -> str:
    if value is None or value in ("", []):
        return "–"
    try:
        asked: Any = model._meta.get_field(field) if model else None
        choices = dict(asked.flatchoices) if asked else {}
    except (FieldDoesNotExist, AttributeError):
        choices = {}
    named = choices.get(value) if choices and isinstance(value, (str, int)) else None
    return str(named or plain(value))


def _shown(value: Any, shows: Shows, data: Mapping[str, Any], names: Names) -> str:
    if isinstance(value, list):
        return _joined(_shown(one, shows, data, names) for one in value)
    if isinstance(shows, CalledBy):
        return names.get((shows, str(value)), str(value))
    if not isinstance(shows, type):
        return shows(value, data)
    if issubclass(shows, Model):
        return names.get((shows, str(value)), f"#{value}")
    choices: Any = shows
    return str(dict(choices.choices).get(value, value))


def plain(value: Any) -> str:
    """A value without a list of choices: moments in the time of the ministry, numbers as they are read."""
    match value:
        case None | "":
            shown = "–"
        case bool():
            shown = _("yes") if value else _("no")
        case int() | float():
            shown = number_format(value)
        case list():
            shown = _joined(map(plain, value))
        case dict():
            shown = _joined(f"{name}: {plain(one)}" for name, one in value.items())
        case _:
            shown = _text(str(value))
    return shown


def _text(value: str) -> str:
    if MOMENT.match(value) and (moment := _moment(value)):
        return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    if DAY.fullmatch(value) and (day := parse_date(value)):
        return date_format(day, "DATE_FORMAT")
    return value


def _moment(text: str) -> dt.datetime | None:
    moment = parse_datetime(text)
    return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment


def _joined(words: Iterator[str] | Any) -> str:
    return ("، " if get_language() == "ar" else ", ").join(words)
