"""What a visitor came for when asked for an account: told above the form, and done together with the sign-up.

Apps that know errands register themselves; this one imports none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User


@dataclass(frozen=True)
class PendingAction:
    """One thing to do. `template` tells `facts` of it."""

    template: str
    facts: dict[str, Any]
    # Does it for a login that was just made, and says what is done. Raises `DomainError`.
    do: Callable[[User], str]


PendingActionFinder = Callable[[str], PendingAction | None]

_FINDERS: list[PendingActionFinder] = []


def register_pending_action(find: PendingActionFinder) -> PendingActionFinder:
    """Ask this function, too, what an address of the site is for. A decorator."""
    _FINDERS.append(find)
    return find


def find_pending_action(address: str | None) -> PendingAction | None:
    """What the visitor does at `address`, if an account is all that is missing."""
    if not address:
        return None
    return next((pending_action for find in _FINDERS if (pending_action := find(address))), None)
