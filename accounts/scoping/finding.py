"""One search over everything that staff look up, in a section for each kind of row.

An app brings its kinds as classes in its `finders.py`, which its `wagtail_hooks.py` registers by the hook `register_finders`. This module
imports none of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from wagtail import hooks

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import acts_held

# Of one kind on the page; the list of the kind has the others.
MOST_FOUND = 10
# Longer than any name, and than the address in a QR code of a certificate without its fragment.
LONGEST_TYPED = 200


@dataclass(frozen=True)
class Hit:
    """A row that was found. `is_exact`: the text is its number, code, phone or user name, not a part of its name."""

    text: str
    url: str
    # What tells it apart.
    note: str = ""
    is_exact: bool = False
    # Whether `text` is read from left to right in Arabic, too.
    is_code: bool = False


class Finder:
    """Finds rows of one kind. Stateless; a constant number of statements, each behind the fence."""

    title: ClassVar[str | Promise]
    # Readers without it find no row. None: the rows are for all who work here.
    act: ClassVar[Act | None]
    # Its place on the page.
    order: ClassVar[int]
    # The list of the rows, which searches for `q`, too.
    index_url_name: ClassVar[str] = ""

    def is_for(self, user: User) -> bool:
        return self.act is None or self.act in acts_held(user)

    def is_named_by(self, typed: str) -> bool:
        """Whether the text can only mean a row of this kind, such as a whole number: of other kinds, what has a part of it is no hit."""
        return False

    def hits(self, typed: str, *, user: User, at_most: int) -> Sequence[Hit]:
        """The first of what `typed` names and `user` may see, exact ones first."""
        raise NotImplementedError


@dataclass(frozen=True)
class Section:
    finder: Finder
    hits: Sequence[Hit]
    # The list with everything found, empty where all of it is here.
    more_url: str

    @property
    def has_exact(self) -> bool:
        return any(hit.is_exact for hit in self.hits)


def find(typed: str, *, user: User) -> list[Section]:
    """A section for each kind of which something was found; those with an exact hit first."""
    kinds = [kind() for register in hooks.get_hooks("register_finders") for kind in register()]
    finders = sorted((kind for kind in kinds if kind.is_for(user)), key=lambda finder: finder.order)
    meant = [finder for finder in finders if finder.is_named_by(typed)]
    sections = [
        _section(finder, typed, user=user, only_exact=bool(meant) and finder not in meant)
        for finder in finders
    ]
    return sorted(
        (section for section in sections if section.hits), key=lambda section: not section.has_exact
    )


def _section(finder: Finder, typed: str, *, user: User, only_exact: bool) -> Section:
    found = finder.hits(typed, user=user, at_most=MOST_FOUND + 1)
    hits = [hit for hit in found if hit.is_exact or not only_exact]
    is_more = len(hits) > MOST_FOUND and finder.index_url_name
    address = f"{reverse(finder.index_url_name)}?{urlencode({'q': typed})}" if is_more else ""
    return Section(finder, hits[:MOST_FOUND], address)
