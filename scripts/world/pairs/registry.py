"""Pairs, declared where they are written."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User

type Act = Callable[[], object]


@dataclass(frozen=True)
class Pair:
    """`set_up` writes rows and returns the two acts. An act knows rows by their keys: it is done many times, each time to the same rows."""

    name: str
    set_up: Callable[[], tuple[Act, Act]]


PAIRS: list[Pair] = []


def pair(name: str) -> Callable[[Callable[[], tuple[Act, Act]]], Callable[[], tuple[Act, Act]]]:
    def declare(set_up: Callable[[], tuple[Act, Act]]) -> Callable[[], tuple[Act, Act]]:
        PAIRS.append(Pair(name, set_up))
        return set_up

    return declare


def again(user: User) -> User:
    """Somebody as each request reads them."""
    return User.objects.get(pk=user.pk)
