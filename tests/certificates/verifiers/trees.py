"""Rebuilds the tree of the log, and checks proofs that its server gives (RFC 9162, section 2.1)."""

import hashlib
from collections.abc import Collection, Mapping, Sequence

from certificates.transparency.tree import Place, node_hash


class MemoryStore:
    """Nodes in a dictionary: for auditors who rebuild a log, and for tests. Counts what a table would be asked."""

    def __init__(self) -> None:
        self.nodes: dict[Place, bytes] = {}
        self.reads = self.writes = self.batches = 0

    def get(self, places: Collection[Place]) -> Mapping[Place, bytes]:
        self.batches += 1
        self.reads += len(places)
        return {place: self.nodes[place] for place in places}

    def put(self, nodes: Mapping[Place, bytes]) -> None:
        """Raises ValueError where a node would be replaced."""
        if not self.nodes.keys().isdisjoint(nodes):
            raise ValueError("A node of the log never changes.")
        self.batches += 1
        self.writes += len(nodes)
        self.nodes.update(nodes)


def is_included(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf's hash at `index` to the root of `size` leaves (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    first, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            reached = node_hash(sibling, reached)
            first, last = _without_left_ends(first, last)
        else:
            reached = node_hash(reached, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and reached == root


def is_consistent(
    *, older: int, newer: int, proof: Sequence[bytes], older_root: bytes, newer_root: bytes
) -> bool:
    """Whether the proof shows that the older tree is the beginning of the newer one (2.1.4.2)."""
    if not 0 <= older <= newer:
        return False
    if older == 0:
        return not proof and older_root == hashlib.sha256().digest()
    if older == newer:
        return not proof and older_root == newer_root
    path = [older_root, *proof] if older & (older - 1) == 0 else list(proof)
    if not path:
        return False
    first, last = older - 1, newer - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    was = now = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            was, now = node_hash(sibling, was), node_hash(sibling, now)
            first, last = _without_left_ends(first, last)
        else:
            now = node_hash(now, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and was == older_root and now == newer_root


def _without_left_ends(first: int, last: int) -> tuple[int, int]:
    while first and not first & 1:
        first, last = first >> 1, last >> 1
    return first, last
