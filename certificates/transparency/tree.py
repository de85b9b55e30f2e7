"""The Merkle tree of RFC 9162, section 2.1, over stored nodes.

Stored is the root of every complete subtree: `Place(level, position)` covers the leaves `position * 2**level`
up to `(position + 1) * 2**level - 1`. Such a node never changes again. Appending n leaves writes fewer than 2n nodes in one
batch, and a root or a proof reads O(log size) of them in one go.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Place(NamedTuple):
    """Where a node is: level 0 are the leaves."""

    level: int
    position: int


class NodeStore(Protocol):
    """Storage of the nodes, such as a table. Every node is put once."""

    def get(self, places: Collection[Place]) -> Mapping[Place, bytes]:
        """The nodes at these places. A missing one is not in the mapping."""

    def put(self, nodes: Mapping[Place, bytes]) -> None:
        """Store new nodes."""


class Span(NamedTuple):
    """The leaves from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tree:
    """The tree over the first `size` leaves of the store."""

    store: NodeStore
    size: int

    def append(self, leaf_hashes: Sequence[bytes]) -> "Tree":
        """Write the leaves' hashes (`leaf_hash`) behind the last one, and every subtree that becomes complete."""
        grown = self.size + len(leaf_hashes)
        fresh = {Place(0, self.size + offset): leaf for offset, leaf in enumerate(leaf_hashes)}
        edge = self._edge(grown)
        known = {**self.store.get(edge), **fresh} if edge else fresh.copy()
        for level in range(1, grown.bit_length()):
            for index in range(self.size >> level, grown >> level):
                left, right = (known[Place(level - 1, 2 * index + side)] for side in (0, 1))
                known[Place(level, index)] = fresh[Place(level, index)] = node_hash(left, right)
        if fresh:
            self.store.put(fresh)
        return Tree(self.store, grown)

    def root(self) -> bytes:
        """The hash of the whole tree; of no leaves it is the hash of nothing."""
        return self._hashes([Span(0, self.size)])[0]

    def inclusion_proof(self, index: int) -> list[bytes]:
        """The hashes that lead from leaf `index` to the root (2.1.3.1). Raises IndexError."""
        if not 0 <= index < self.size:
            raise IndexError(f"The tree of {self.size} leaves has no leaf {index}.")
        return self._hashes(_inclusion_spans(index, Span(0, self.size)))

    def consistency_proof(self, older: int) -> list[bytes]:
        """The hashes that show that the tree of `older` leaves is the beginning of this one (2.1.4.1).

        Raises IndexError for a size that is no earlier one. From an empty tree there is nothing to prove.
        """
        if not 0 <= older <= self.size:
            raise IndexError(f"{older} is no earlier size of a tree of {self.size} leaves.")
        if older == 0:
            return []
        return self._hashes(_consistency_spans(older, Span(0, self.size), is_known=True))

    def _edge(self, grown: int) -> list[Place]:
        """The stored left neighbors that a new node needs when the tree grows."""
        levels = range(1, grown.bit_length())
        return [
            Place(level - 1, self.size >> level - 1 & ~1)
            for level in levels
            if self.size >> level < grown >> level and self.size >> level - 1 & 1
        ]

    def _hashes(self, spans: Sequence[Span]) -> list[bytes]:
        places = {span: _complete_subtrees(span) for span in spans}
        needed = {place for some in places.values() for place in some}
        nodes = self.store.get(needed) if needed else {}
        return [_joined([nodes[place] for place in places[span]]) for span in spans]


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf; its first byte keeps it from being taken for a node (2.1.1)."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _split(span: Span) -> int:
    """Where the left subtree ends: the largest power of two below the number of leaves (2.1.1)."""
    return span.start + (1 << (span.end - span.start - 1).bit_length() - 1)


def _inclusion_spans(index: int, span: Span) -> list[Span]:
    if span.end - span.start == 1:
        return []
    middle = _split(span)
    left, right = Span(span.start, middle), Span(middle, span.end)
    if index < middle:
        return [*_inclusion_spans(index, left), right]
    return [*_inclusion_spans(index, right), left]


def _consistency_spans(older: int, span: Span, *, is_known: bool) -> list[Span]:
    """`is_known` while the older tree's own root, which the verifier has, is still within reach."""
    if older == span.end:
        return [] if is_known else [span]
    middle = _split(span)
    left, right = Span(span.start, middle), Span(middle, span.end)
    if older <= middle:
        return [*_consistency_spans(older, left, is_known=is_known), right]
    return [*_consistency_spans(older, right, is_known=False), left]


def _complete_subtrees(span: Span) -> list[Place]:
    """The stored nodes that together cover a span, from the left, each the largest that fits."""
    places, start = [], span.start
    while start < span.end:
        level = (span.end - start).bit_length() - 1
        places.append(Place(level, start >> level))
        start += 1 << level
    return places


def _joined(hashes: Iterable[bytes]) -> bytes:
    """The root over neighboring complete subtrees that shrink to the right."""
    *others, joined = list(hashes) or [hashlib.sha256().digest()]
    for left in reversed(others):
        joined = node_hash(left, joined)
    return joined
