"""What a visitor came for when asked for an account: told above the form, and done together with the sign-up.

Apps that know errands register themselves; this one imports none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User


@dataclass(frozen=True)
class Errand:
    """One thing to do. `template` tells `facts` of it."""

    template: str
    facts: dict[str, Any]
    # Does it for a login that was just made, and says what is done. Raises `DomainError`.
    do: Callable[[User], str]


FindErrand = Callable[[str], Errand | None]

_FINDERS: list[FindErrand] = []


def register_errand(find: FindErrand) -> FindErrand:
    """Ask this function, too, what an address of the site is for. A decorator."""
    _FINDERS.append(find)
    return find


def errand_at(address: str | None) -> Errand | None:
    """What the visitor does at `address`, if an account is all that is missing."""
    if not address:
        return None
    return next((errand for find in _FINDERS if (errand := find(address))), None)
