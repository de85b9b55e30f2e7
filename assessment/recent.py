"""What a process keeps in memory of rows that never change, so that they need not be asked for twice. Knows no Django."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from threading import Lock


class Recent[K: Hashable, V]:
    """The values that were used last, at most so many. Safe with threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def among(self, keys: Iterable[K]) -> dict[K, V]:
        """Those of the keys that are kept."""
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        return found

    def keep(self, found: Mapping[K, V]) -> None:
        with self._lock:
            self._kept.update(found)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
