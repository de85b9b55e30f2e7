"""Keys in the data of the audit trail that are not those of rows."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class CalledBy:
    """The meaning of such keys: `names` gives what they stand for, in one query for all of them."""

    names: Callable[[Collection[str]], Mapping[str, str]]
