"""Entries of the table: decided by the rule of `accounts.rule`, or by one of a few kinds with a reason."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.enums import Act


class Kind(StrEnum):
    RULE = "decided by the rule"
    PUBLIC = "for all"
    SIGNED_IN = "for users who are signed in"
    STAFF = "for users who may open the staff workplace"
    OWN = "for the holder of the row"
    SUPERUSER = "for superusers"
    CLOSED = "for no one"


@dataclass(frozen=True)
class Entry:
    """What one address is.

    `label` and `verb` name a row of `accounts.rule.RULE`; `writes` is the verb of what is posted, where it is another one. `acts` are those
    that open a page of `OWN` to other users, too, at the place of the row. `row` is the model of the row in the address, where it is
    another one than `label`. `why` is the reason of every kind but `RULE`; of `RULE` it says what else has to hold, so that a user whom
    the rule allows may be refused. `is_wagtails` accepts 302 and 403 as a refusal where nothing changed, because the view is not ours.
    """

    kind: Kind
    why: str = ""
    label: str = ""
    verb: str = ""
    writes: str = ""
    acts: tuple[Act, ...] = ()
    row: str = ""
    is_wagtails: bool = False

    def sent_by(self, method: str) -> "Entry":
        """The entry that decides about requests of `method`."""
        return replace(self, verb=self.writes) if self.writes and method == "post" else self


def of(label: str, verb: str, but: str = "", writes: str = "") -> Entry:
    """The rule decides: on the row where the address names one, else by whether the user may do it anywhere."""
    return Entry(Kind.RULE, but, label, verb, writes)


def public(why: str) -> Entry:
    return Entry(Kind.PUBLIC, why)


def signed_in(why: str) -> Entry:
    return Entry(Kind.SIGNED_IN, why)


def staff(why: str) -> Entry:
    return Entry(Kind.STAFF, why)


def own(why: str, *acts: Act) -> Entry:
    """The holder's, and of users who hold one of `acts` at the place of the row."""
    return Entry(Kind.OWN, why, acts=acts)


def superuser(why: str) -> Entry:
    return Entry(Kind.SUPERUSER, why)


def closed(why: str) -> Entry:
    return Entry(Kind.CLOSED, why)


def viewset(prefix: str, label: str, **names_of_verb: str) -> dict[str, Entry]:
    """The rows of a `CenterViewSet`: to each verb the names of its addresses, without the prefix, between spaces."""
    return {
        f"{prefix}:{name}": of(label, verb) for verb, names in names_of_verb.items() for name in names.split()
    }


def about(label: str, rows: Mapping[str, Entry]) -> dict[str, Entry]:
    """The same rows of the table for addresses that name a row of another model."""
    return {name: replace(entry, row=label) for name, entry in rows.items()}


def wagtails(rows: Mapping[str, Entry]) -> dict[str, Entry]:
    """The rows of views that Wagtail wrote."""
    return {name: replace(entry, is_wagtails=True) for name, entry in rows.items()}


class Address(str):
    """A named address of the resolver; an unnamed one is called by its route."""

    arguments: tuple[str, ...]
    callback: Any
    route: str

    @classmethod
    def of(cls, name: str, arguments: tuple[str, ...], callback: Any, route: str) -> "Address":
        address = cls(name)
        address.arguments, address.callback, address.route = arguments, callback, route
        return address

    @property
    def viewset(self) -> Any:
        return getattr(getattr(self.callback, "view_class", None), "viewset", None)


def addresses(
    resolver: URLResolver | None = None, prefix: str = "", arguments: tuple[str, ...] = (), route: str = ""
) -> Iterator[Address]:
    """Every address of the site with the names of its arguments, ours and those of Wagtail and allauth."""
    for pattern in (resolver or get_resolver()).url_patterns:
        taken = tuple(
            dict.fromkeys((*arguments, *pattern.pattern.converters, *pattern.pattern.regex.groupindex))
        )
        here = f"{route}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            name = f"{prefix}{pattern.name}" if pattern.name else here
            yield Address.of(name, taken, pattern.callback, here)
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from addresses(pattern, f"{prefix}{inner}", taken, here)


def rows_for(name: str, table: Mapping[str, Entry]) -> list[str]:
    """The keys of `table` that speak of `name`: its own, else the patterns that match it."""
    if name in table:
        return [name]
    return [key for key in table if "*" in key and fnmatchcase(name, key)]


def missing_line(address: Address) -> str:
    """What to add for an address without a row, and where."""
    viewset = address.viewset
    model = getattr(viewset, "model", None)
    if model is not None:
        file, entry = "workplace", f'of("{model._meta.label}", "<verb of accounts.rule.RULE>")'
    else:
        owner = getattr(address.callback, "view_class", address.callback).__module__.split(".")[0]
        file = {"wagtail": "wagtail_pages", "rest_framework": "wagtail_pages", "allauth": "sign_in"}.get(
            owner, "site"
        )
        entry = 'of("<app.Model>", "<verb>")  # or public, signed_in, staff, own, superuser, closed("<why>")'
    return f'tests/project/authorization/{file}.py:    "{address}": {entry},'
