"""Chance that gives the same results for the same seed, on every machine and in every version of Python. Independent of Django.

What is drawn is told apart by labels, so that one more draw changes no other. Numbers come from SHA-256, without a bias: a draw beyond
the largest multiple of what is asked for is drawn again.
"""

from collections.abc import Sequence
from hashlib import sha256

# A draw is a number of 64 bits.
_BITS = 64


class Chance:
    """`seed`: a number of at most 64 bits, as an attempt keeps it."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def below(self, most: int, *labels: object) -> int:
        """A number from 0 to `most - 1`, each as likely as the other."""
        beyond = (1 << _BITS) - (1 << _BITS) % most
        again = 0
        while True:
            text = "/".join(map(str, (self._seed, *labels, again)))
            drawn = int.from_bytes(sha256(text.encode()).digest()[: _BITS // 8])
            if drawn < beyond:
                return drawn % most
            again += 1

    def shuffled[T](self, items: Sequence[T], *labels: object) -> list[T]:
        """The items in an order of chance (Fisher and Yates, in Durstenfeld's version)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1, *labels, last)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed
