"""Pending actions: what a visitor wanted to do when an account was needed. Shown above the sign-up form, and done with it.

Apps register functions that find them; this one imports none of the apps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User


@dataclass(frozen=True)
class PendingAction:
    """One thing to do. `template` renders its `facts`."""

    template: str
    facts: dict[str, Any]
    # Does it for a login that was just made. Returns the message. Raises `DomainError`.
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
